import { describe, expect, it } from 'vitest';
import { decide } from './decide';
import { explain } from './explain';
import {
  type Loads,
  metered,
  NOON,
  PRIMARY,
  type Readings,
  Site,
  seedMiner,
  siteSnapshot,
  T0,
} from './scenario.case';

/** Two voltages, and the sag of a load between them (control.md §1, §2 and §4). */

const primaryOn: Loads = { [PRIMARY]: metered(3878) };
const verdictOf = (site: Site, id: string): string => {
  const decision = site.result?.decisions.find((d) => d.loadId === id);
  return `${decision?.verdict} ${decision?.binding}`;
};

const resistance = { lowOhm: 0.01, highOhm: 0.02 };
const site = (mode: 'off' | 'auto'): Site => new Site({ resistance, preferences: { sagCompensation: mode } });

describe('sag compensation', () => {
  it('takes the sag out of the control voltage with the lower end of R', () => {
    const readings: Readings = { ...NOON, v: 49.6, a: -40 };
    expect(site('auto').tick(readings).battery.controlV).toBe(50);
    expect(site('off').tick(readings).battery.controlV).toBe(49.6);
  });

  it('needs the current before R is known too, and then takes nothing out', () => {
    const learning = (): Site => new Site({ preferences: { sagCompensation: 'auto' } });
    const blind = learning();
    expect(blind.secondsUntil('START', PRIMARY, 600, NOON)).toBeNull();
    expect(verdictOf(blind, PRIMARY)).toBe('WAIT voltage-fresh');
    const input = { snapshot: siteSnapshot(blind.now, NOON), config: blind.config, memory: blind.memory };
    const { sentence, flip } = explain(input, PRIMARY);
    expect(sentence).toBe('Primary S21+ waits: sag compensation needs the battery current, which is missing');
    expect(flip).toMatchObject({ kind: 'missing', reading: 'battery current' });
    const seen = learning();
    expect(seen.secondsUntil('START', PRIMARY, 600, { ...NOON, a: -40 })).toBe(300);
    expect(seen.result?.battery.controlV).toBe(52.3);
  });

  it('goes on by the measured voltage while R is not known and the current falls silent', () => {
    const s = new Site({
      miners: [seedMiner(0, { stopVoltage: 49 })],
      preferences: { sagCompensation: 'auto' },
    });
    const readings: Readings = { ...NOON, a: 60 };
    s.hold(300, readings);
    s.hold(900, { ...readings, load: 5728 }, primaryOn);
    s.hold(600, { ...NOON, load: 5728 }, primaryOn);
    expect(verdictOf(s, PRIMARY)).toBe('KEEP_RUNNING null');
    expect(s.secondsUntil('STOP', PRIMARY, 600, { ...NOON, v: 48, load: 5728 }, primaryOn)).toBe(120);
  });

  it('starts nothing without a current, or with one that cannot be right', () => {
    for (const a of [null, 151]) {
      const s = site('auto');
      s.hold(600, { ...NOON, a });
      expect(verdictOf(s, PRIMARY)).toBe('WAIT voltage-fresh');
      expect(s.result?.battery.controlV).toBe(52.3);
    }
  });
});

describe('the control voltage', () => {
  const noonAt = (a: number): Readings => ({ ...NOON, v: 50, a });

  it.each([
    [-150, 51.5],
    [150, 48.5],
    [-151, 50],
    [151, 50],
  ])('corrects by 1.5 V at most: %s A, %s V', (a, controlV) => {
    expect(site('auto').tick(noonAt(a)).battery.controlV).toBe(controlV);
  });

  it.each([
    [5000, 50.4],
    [5001, 50],
    [-5000, 50.4],
    [-5001, 50],
  ])('needs a current within 5 s of the voltage: %s ms before it, %s V', (beforeMs, controlV) => {
    const auto = site('auto');
    const snapshot = siteSnapshot(T0, { ...noonAt(-40), ageMs: 10_000 });
    const { currentA } = snapshot.battery;
    if (currentA === null) return expect.unreachable('no current');
    const moved = { value: -40, sampleAt: currentA.sampleAt - beforeMs, ageMs: 10_000 + beforeMs };
    const battery = { ...snapshot.battery, currentA: moved };
    const { config, memory } = auto;
    expect(decide({ snapshot: { ...snapshot, battery }, config, memory }).battery.controlV).toBe(controlV);
  });

  it('takes what the owner typed in manual', () => {
    const preferences = { sagCompensation: 'manual', internalResistanceMohm: 5 } as const;
    expect(new Site({ resistance, preferences }).tick(noonAt(-40)).battery.controlV).toBe(50.2);
  });
});

describe('which voltage a rule takes', () => {
  // 0.01 Ω: 100 A lift or sag the bank by 1 V.
  it.each([
    ['SHUTDOWN by raw', 44, -100, 'SHUTDOWN'],
    ['no SHUTDOWN by control', 44.9, 100, 'CRITICAL'],
    ['CRITICAL by raw', 45, -100, 'CRITICAL'],
    ['no CRITICAL by control', 45.5, 100, 'LOW'],
    ['LOW by control', 47.9, 100, 'LOW'],
    ['no LOW by raw', 46.5, -100, 'RECOVERING'],
    ['OPTIMAL by control', 49, -100, 'OPTIMAL'],
    ['HIGH by control', 54, -100, 'HIGH'],
    ['no HIGH by raw', 55, 100, 'OPTIMAL'],
  ])('%s', (_what, v, a, band) => {
    expect(site('auto').hold(20, { ...NOON, v, a }).battery.band).toBe(band);
  });

  it.each([
    [46, -100, 'EMERGENCY_STOP emergency-voltage'],
    [46.1, -100, 'KEEP_RUNNING null'],
    [46.4, 50, 'STOP band'],
  ])('a miner’s own emergency of 46 V is raw: %s V at %s A, %s', (v, a, verdict) => {
    const miners = [seedMiner(0, { emergencyStopVoltage: 46 })];
    const s = new Site({ miners, resistance, preferences: { sagCompensation: 'auto' } });
    s.hold(300, { ...NOON, a: 0 });
    s.hold(60, { ...NOON, a: 0, load: 5728 }, primaryOn);
    s.hold(20, { ...NOON, v, a, load: 5728 }, primaryOn);
    expect(verdictOf(s, PRIMARY)).toBe(verdict);
  });

  it.each([
    [49, -100, 'START null'],
    [48.99, -100, 'WAIT start-voltage'],
  ])('a start goes by control: %s V at %s A, %s', (v, a, verdict) => {
    const s = site('auto');
    s.hold(300, { ...NOON, v, a });
    expect(verdictOf(s, PRIMARY)).toBe(verdict);
  });
});

describe('the predicted voltage', () => {
  // 3878 W ÷ (0.95 × 50.5 V) = 80.83 A.
  const readings: Readings = { ...NOON, v: 50.5, a: 0 };
  const verdict = (
    highOhm: number,
    sagCompensation: 'off' | 'auto',
    { criticalV = 45, ...miner }: { criticalV?: number; emergencyStopVoltage?: number; stopVoltage?: number },
  ): string => {
    const s = new Site({
      miners: [seedMiner(0, miner)],
      resistance: { lowOhm: 0.001, highOhm },
      preferences: { sagCompensation, voltageCriticalLow: criticalV },
    });
    s.hold(300, readings);
    return verdictOf(s, PRIMARY);
  };

  it.each([
    ['0.3 V above emergency and critical, compensated', 'auto', {}, 45.3],
    ['its emergency where that is higher', 'auto', { emergencyStopVoltage: 46 }, 46.3],
    ['critical where that is higher', 'auto', { criticalV: 46 }, 46.3],
    ['not the stop voltage, compensated', 'auto', { stopVoltage: 49 }, 45.3],
    ['the stop voltage without compensation', 'off', { stopVoltage: 49 }, 49],
  ] as const)('must be %s', (_what, mode, changes, limitV) => {
    const ohm = (50.5 - limitV) / (3878 / (0.95 * 50.5));
    expect(verdict(ohm - 0.0001, mode, changes)).toBe('START null');
    expect(verdict(ohm + 0.0001, mode, changes)).toBe('WAIT predicted-voltage');
  });
});
