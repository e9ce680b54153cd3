import { describe, expect, it } from 'vitest';
import { explain } from './explain';
import {
  decisionFor,
  type Loads,
  metered,
  NOON,
  PRIMARY,
  type Readings,
  S19,
  Site,
  seedMiner,
  siteSnapshot,
  T0,
  UNDEMANDING,
} from './scenario.case';
import type { Decision, Override } from './types';

/** Who comes first among the rules: protection, the owner, the budget. */

const on: Readings = { ...NOON, load: 5728 };
const primaryOn: Loads = { [PRIMARY]: metered(3878) };
const decided = (site: Site, id: string): Decision => {
  if (site.result === null) throw new Error('not ticked yet');
  return decisionFor(site.result, id);
};
const override = (state: 'on' | 'off', loadId = PRIMARY, id: string = state): Override => ({
  id,
  loadId,
  state,
  startsAt: T0,
  endsAt: T0 + 12 * 3_600_000,
});

describe('protection', () => {
  it('stops a miner in a hot zone though the voltage is missing', () => {
    const site = new Site();
    site.hold(300, NOON);
    site.hold(900, on, primaryOn);
    const blind: Readings = { ...on, v: null };
    site.tick({ ...blind, heatRoomC: 44.9 }, primaryOn);
    expect(decided(site, PRIMARY)).toMatchObject({ verdict: 'CANNOT_DECIDE', binding: 'voltage-fresh' });
    const hot: Readings = { ...blind, heatRoomC: 45 };
    const input = {
      snapshot: siteSnapshot(site.now, hot, primaryOn),
      config: site.config,
      memory: site.memory,
    };
    const { verdict, sentence, gates } = explain(input, PRIMARY);
    expect(verdict).toBe('STOP');
    expect(sentence).toBe('Stop Primary S21+: zone 45 °C ≥ 40 °C');
    expect(gates.filter((gate) => gate.name === 'zone-temperature')).toHaveLength(1);
    site.tick(hot, primaryOn);
    expect(decided(site, PRIMARY)).toMatchObject({ binding: 'zone-temperature', desired: 'off' });
  });

  it('counts the ten minutes in a hot zone while the voltage is missing', () => {
    const site = new Site();
    site.config = { ...site.config, failSafeSeconds: 1800 };
    site.hold(300, NOON);
    site.hold(900, on, primaryOn);
    const hot: Readings = { ...on, v: null, heatRoomC: 41 };
    expect(site.secondsUntil('STOP', PRIMARY, 1200, hot, primaryOn)).toBe(600);
  });

  it('outlives the owner’s on: an emergency stop stands until it is observed', () => {
    const site = new Site({
      overrides: [override('on')],
      miners: [seedMiner(0, { emergencyStopVoltage: 48, stopVoltage: 49 })],
    });
    site.hold(300, NOON);
    site.hold(900, on, primaryOn);
    site.hold(10, { ...on, v: 47.9 }, primaryOn);
    expect(decided(site, PRIMARY)).toMatchObject({ verdict: 'EMERGENCY_STOP', desired: 'off' });
    site.tick(on, primaryOn);
    expect(decided(site, PRIMARY)).toMatchObject({ verdict: 'EMERGENCY_STOP', desired: 'off' });
    site.hold(60, NOON);
    expect(decided(site, PRIMARY)).toMatchObject({ binding: 'lock-out', desired: 'off' });
  });
});

describe('the owner’s on', () => {
  it('takes back what only the owner or a timetable stopped', () => {
    const site = new Site();
    site.hold(300, NOON);
    site.hold(900, on, primaryOn);
    site.config = { ...site.config, overrides: [override('off')] };
    site.hold(20, on, primaryOn);
    expect(decided(site, PRIMARY).desired).toBe('off');
    site.config = { ...site.config, overrides: [override('on')] };
    site.tick(on, primaryOn);
    expect(decided(site, PRIMARY)).toMatchObject({ verdict: 'OVERRIDDEN', desired: 'on' });
  });

  it('does not start below the stop voltage, where it would only bounce', () => {
    const site = new Site({ overrides: [override('on', S19)], miners: [seedMiner(1)] });
    site.hold(1200, NOON);
    expect(decided(site, S19)).toMatchObject({
      verdict: 'OVERRIDDEN',
      binding: 'stop-voltage',
      desired: 'off',
    });
    const input = { snapshot: siteSnapshot(site.now, NOON), config: site.config, memory: site.memory };
    expect(explain(input, S19).sentence).toContain('52.3 V < 53 V');
    site.tick({ ...NOON, v: 53 });
    expect(decided(site, S19)).toMatchObject({ verdict: 'OVERRIDDEN', binding: null, desired: 'on' });
  });

  it.each([[[override('on'), override('off')]], [[override('off'), override('on')]]])(
    'yields to an off that began at the same moment, in whichever order',
    (overrides) => {
      const site = new Site({ overrides });
      site.hold(600, NOON);
      expect(decided(site, PRIMARY)).toMatchObject({ binding: 'override', desired: 'off' });
    },
  );
});

describe('a reservation', () => {
  const plain = {
    ...UNDEMANDING,
    startHysteresisMinutes: 0,
    operatingMode: 'opportunistic',
  } as const;
  const sun: Readings = { v: 53, pv: 6000, load: 500 };
  const miners = (minimumOffMinutes: number) => [
    seedMiner(0, { ...plain, powerDrawWatts: 4000, minimumOffMinutes }),
    seedMiner(1, { ...plain, powerDrawWatts: 3000, priorityLevel: 2 }),
    seedMiner(1, { ...plain, id: 'third', name: 'Third', powerDrawWatts: 2000, priorityLevel: 3 }),
  ];
  const secondOn: Loads = { [S19]: metered(3000) };
  /** Seconds until the third starts beside the second, while the first rests and does not fit. */
  const thirdStarts = (minimumOffMinutes: number): number | null => {
    const site = new Site({ miners: miners(minimumOffMinutes) });
    site.hold(300, sun, {
      [PRIMARY]: { state: 'off', reachable: false },
      'miner:third': { reachable: false },
    });
    expect(decided(site, S19).verdict).toMatch(/START/);
    const running: Readings = { ...sun, load: 3500 };
    site.hold(660, running, { ...secondOn, 'miner:third': { reachable: false } });
    return site.secondsUntil('START', 'miner:third', 60, running, { ...secondOn, 'miner:third': 'off' });
  };

  it.each([
    [610, 'START null'],
    [600, 'WAIT reserved-for-higher'],
  ])('is made %s s before a start is due: %s', (dueS, expected) => {
    const site = new Site({ miners: miners(60) });
    const restingUntil = site.now + 3_600_000;
    const third = { 'miner:third': { reachable: false } } as const;
    site.hold(300, sun, { [PRIMARY]: { state: 'off', reachable: false }, ...third });
    const running: Readings = { ...sun, load: 3500 };
    while (site.now < restingUntil - 1000 * dueS) site.tick(running, { ...secondOn, ...third });
    site.tick(running, { ...secondOn, 'miner:third': 'off' });
    const { verdict, binding } = decided(site, 'miner:third');
    expect(`${verdict} ${binding}`).toBe(expected);
  });

  it('begins ten minutes before its start is due, not earlier', () => {
    expect(thirdStarts(60)).toBe(0);
    expect(thirdStarts(20)).toBeNull();
  });
});
