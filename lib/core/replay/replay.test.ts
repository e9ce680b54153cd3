import { describe, expect, it } from 'vitest';
import { decide } from '../decide';
import { initialMemory } from '../memory';
import {
  type ConfigChanges,
  PRIMARY,
  type Readings,
  S19,
  seedMiner,
  siteConfig,
  siteSnapshot,
  T0,
} from '../scenario.case';
import type { KernelConfig, LoadState, Memory, Snapshot } from '../types';
import { type RecordedTick, replayExact } from './exact';
import { historyOf } from './history';
import type { ReplayReport } from './types';
import { whatIf } from './what-if';

const MINUTE = 60_000;

interface Day {
  readonly config: KernelConfig;
  readonly ticks: readonly RecordedTick[];
  readonly snapshots: readonly Snapshot[];
}

/**
 * Days of minutes at a site whose bank is a straight line from 45 to 56 V behind 4 mΩ and as much slow polarisation:
 * miners obey, PV is a sine until the bank is full.
 */
function live(days: number, changes: ConfigChanges = {}): Day {
  const config = siteConfig({
    ...changes,
    preferences: { batteryChemistry: 'NMC', useCustomSocMapping: false, ...changes.preferences },
  });
  const ticks: RecordedTick[] = [];
  const on: Record<string, boolean> = { [PRIMARY]: false, [S19]: false };
  let memory: Memory = initialMemory(T0);
  let soc = 0.5;
  let slowV = 0;
  for (let i = 0; i < days * 1440; i++) {
    const now = T0 + i * MINUTE;
    const sunW = Math.max(0, Math.round(9000 * Math.sin(((i % 1440) / 1440) * 2 * Math.PI)));
    const drawW = (on[PRIMARY] ? 3878 : 0) + (on[S19] ? 3250 : 0);
    const load = 800 + drawW;
    const throttled = soc >= 1 && sunW > load / 0.955;
    const pv = throttled ? Math.round(load / 0.955) : sunW;
    const batteryW = pv - load / 0.955;
    const a = batteryW / 52;
    soc += a / 60 / 900;
    slowV += (a * 0.004 - slowV) * (1 - Math.exp(-60 / 600));
    const readings: Readings = {
      v: Math.round((45 + 11 * soc + a * 0.004 + slowV) * 1000) / 1000,
      a,
      batteryW,
      pv,
      load,
      grid: 0,
      minute: 480,
      clearSkyW: sunW,
      stage: throttled ? 'float' : 'bulk',
    };
    const seen = (id: string, watts: number) => ({
      state: (on[id] ? 'on' : 'off') as LoadState,
      powerW: { value: on[id] ? watts : 0, sampleAt: now, ageMs: 0 },
    });
    const snapshot = {
      ...siteSnapshot(now, readings, { [PRIMARY]: seen(PRIMARY, 3878), [S19]: seen(S19, 3250) }),
      tickSeconds: 60,
    };
    ticks.push({ snapshot, config, memory: i === 0 ? memory : null });
    const result = decide({ snapshot, config, memory });
    memory = result.memory;
    for (const { loadId, desired } of result.decisions) {
      if (loadId in on && desired !== null) on[loadId] = desired === 'on';
    }
  }
  return { config, ticks, snapshots: ticks.map(({ snapshot }) => snapshot) };
}

const of = (report: ReplayReport, id: string) => {
  const found = report.loads.find(({ loadId }) => loadId === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};

describe('replayExact', () => {
  it('counts what a site lived through, and decides it the same again', () => {
    const { ticks, config } = live(1);
    const verdicts: string[] = [];
    const report = replayExact(ticks, {
      each: (tick) => verdicts.push(tick.loads.map(({ verdict, binding }) => `${verdict} ${binding}`).join()),
    });
    let memory = ticks[0]?.memory ?? initialMemory(T0);
    const decided = ticks.map(({ snapshot }) => {
      const result = decide({ snapshot, config, memory });
      memory = result.memory;
      return result.decisions.map(({ verdict, binding }) => `${verdict} ${binding}`).join();
    });
    expect(verdicts).toEqual(decided);
    const states = ticks.map(({ snapshot }) => snapshot.loads[PRIMARY]?.state === 'on');
    const onMinutes = states.filter(Boolean).length;
    expect(onMinutes).toBeGreaterThan(60);
    const edges = states.filter((on, i) => i > 0 && on !== states[i - 1]).length;
    expect(report).toMatchObject({ ticks: 1440, hours: 24, from: T0, to: T0 + 1440 * MINUTE });
    if (report === null) throw new Error('nothing replayed');
    const primary = of(report, PRIMARY);
    expect(primary).toMatchObject({ switches: edges, runHours: onMinutes / 60 });
    expect(primary.kwh).toBeCloseTo((onMinutes / 60) * 3.878, 6);
    expect(primary.onSpans.length).toBe(2 * states.filter((on, i) => on && !states[i - 1]).length);
    expect(Object.values(report.bandMinutes).reduce((sum, minutes) => sum + minutes, 0)).toBeCloseTo(1440, 6);
    const lowest = Math.min(...ticks.map(({ snapshot }) => snapshot.battery.packVoltageV?.value ?? 99));
    expect(report.lowestVoltageV).toBe(lowest);
    expect(Math.min(...report.voltage.minV)).toBe(lowest);
  });

  it('judges every tick by the invariants when asked to', () => {
    const { ticks } = live(0.5);
    expect(replayExact(ticks, { invariants: true })?.invariants).toEqual({});
    expect(replayExact(ticks)?.invariants).toBeNull();
  });

  it('needs a memory to begin with, and nothing to replay is nothing', () => {
    const [first] = live(0.01).ticks;
    if (first === undefined) throw new Error('no tick');
    expect(() => replayExact([{ ...first, memory: null }])).toThrow('carries no memory');
    expect(replayExact([])).toBeNull();
  });
});

describe('whatIf', () => {
  const lived = live(3);
  const history = historyOf(lived.snapshots, T0);

  it('gives the log back where nothing is changed, and says how far it is from it', () => {
    const { today, changed, difference, error } = whatIf(history, lived.config, lived.config);
    expect(changed).toEqual(today);
    expect(difference).toMatchObject({ switchesPerDay: 0, minedKwh: 0, lowestVoltageV: 0, pvKwh: 0 });
    expect(error).toMatchObject({ hours: 72, from: T0 });
    expect(error?.voltageMeanAbsV).toBeLessThan(0.05);
    expect(Math.abs(error?.kwh ?? 99)).toBeLessThan(0.05 * (error?.loggedKwh ?? 0));
    expect(Math.abs(error?.switchesPerDay ?? 99)).toBeLessThanOrEqual(1);
  });

  it.each<[string, ConfigChanges]>([
    ['without the second miner', { miners: [seedMiner(0), seedMiner(1, { enabled: false })] }],
    [
      'with five hours a day for the first',
      { miners: [seedMiner(0, { maximumRuntimeHours: 5 }), seedMiner(1)] },
    ],
    ['with a smaller pool', { preferences: { maxBatteryDischargeWatts: 0 } }],
  ])('foretells what the site would have done %s', (_, changes) => {
    const other = live(3, changes);
    const truth = replayExact(other.ticks);
    const { changed, today } = whatIf(history, lived.config, other.config);
    if (truth === null) throw new Error('nothing lived');
    const before = replayExact(lived.ticks);
    expect(truth.minedKwh).not.toBeCloseTo(before?.minedKwh ?? 0, 0);
    expect(Math.abs(changed.minedKwh - truth.minedKwh)).toBeLessThan(0.08 * truth.minedKwh + 1);
    expect(Math.abs((changed.lowestVoltageV ?? 0) - (truth.lowestVoltageV ?? 0))).toBeLessThan(0.3);
    expect(changed.minedKwh).not.toBeCloseTo(today.minedKwh, 0);
  });

  it('says nothing of its error where settings were other ones, or for less than a day', () => {
    expect(whatIf({ ...history, comparableFrom: null }, lived.config, lived.config).error).toBeNull();
    const late = T0 + 2.5 * 24 * 60 * MINUTE;
    expect(whatIf({ ...history, comparableFrom: late }, lived.config, lived.config).error).toBeNull();
  });

  it('asks what the rules would do, whatever the mode is', () => {
    const advisory = { ...lived.config, controlMode: 'advisory' as const };
    const paused = { ...lived.config, controlMode: 'paused' as const };
    expect(whatIf(history, advisory, paused).changed.minedKwh).toBeCloseTo(
      whatIf(history, lived.config, lived.config).changed.minedKwh,
      9,
    );
  });
});
