import { describe, expect, it } from 'vitest';
import {
  type ConfigChanges,
  decisionFor,
  type Loads,
  metered,
  NOON,
  PRIMARY,
  type Readings,
  S19,
  Site,
  seedMiner,
  T0,
} from './scenario.case';
import type { MinerProfile } from './types';

/** What the owner's on replaces, and what it does not (control.md §6). */

const overrides = [{ id: 'o', loadId: PRIMARY, state: 'on', startsAt: T0, endsAt: T0 + 86_400_000 }] as const;
const on: Loads = { [PRIMARY]: metered(3878) };

const decided = (site: Site, readings: Readings, loads: Loads = {}): string => {
  const { verdict, binding, desired } = decisionFor(site.tick(readings, loads), PRIMARY);
  return `${verdict} ${binding} ${desired}`;
};
const forced = (miner: Partial<MinerProfile>, changes: ConfigChanges = {}): Site =>
  new Site({ overrides, miners: [seedMiner(0, miner)], ...changes });

describe('an owner’s on replaces', () => {
  const now = { minimumOffMinutes: 0 };
  it.each<[what: string, miner: Partial<MinerProfile>, readings: Partial<Readings>]>([
    ['enabled', { enabled: false }, {}],
    ['the start voltage', { startVoltage: 53 }, {}],
    ['the hold', { startHysteresisMinutes: 60 }, {}],
    [
      'the schedule',
      { preferTimeStart: 18, preferTimeEnd: 10, allowOutsideSchedule: false },
      { minute: 720 },
    ],
    ['the runtime', { maximumRuntimeHours: 0 }, {}],
    ['the sun', { requireExcessSolar: true, minimumSolarProductionWatts: 9000 }, {}],
    ['the weather', { requireSunnyWeather: true }, { sunny: 'no' }],
    ['the excess', { requireExcessSolar: true, minimumExcessWatts: 7000 }, {}],
    ['the allowance', { operatingMode: 'opportunistic' }, { pv: 2000 }],
  ])('%s, to start and to run', (_what, miner, readings) => {
    const input: Readings = { ...NOON, ...readings };
    const ruled = new Site({ miners: [seedMiner(0, { ...now, ...miner })] });
    expect(decisionFor(ruled.hold(20, input), PRIMARY).verdict).not.toBe('START');
    const site = forced({ ...now, ...miner });
    expect(decided(site, input)).toBe('OVERRIDDEN null on');
    site.hold(3600, { ...input, load: 5728 }, on);
    expect(decided(site, { ...input, load: 5728 }, on)).toBe('OVERRIDDEN null on');
  });

  it.each([
    [728, 'OVERRIDDEN null on'],
    [727, 'OVERRIDDEN available off'],
  ])('no more than surplus and 5000 W: PV %s W less 1850 W', (more, expected) => {
    expect(decided(forced(now), { ...NOON, pv: more })).toBe(expected);
  });
});

describe('an owner’s on does not replace', () => {
  const now = { minimumOffMinutes: 0 };
  it.each<[gate: string, miner: Partial<MinerProfile>, readings: Partial<Readings>, loads: Loads]>([
    ['voltage-fresh', now, { v: null }, {}],
    ['band', now, { v: 46.9 }, {}],
    ['emergency-voltage', { ...now, emergencyStopVoltage: 52.3 }, {}, {}],
    ['stop-voltage', { ...now, stopVoltage: 52.4 }, {}, {}],
    ['import', now, { grid: 101 }, {}],
    ['reachable', now, {}, { [PRIMARY]: { reachable: false } }],
    ['zone-temperature', now, { heatRoomC: 40 }, {}],
    ['minimum-off', { minimumOffMinutes: 60 }, {}, {}],
    ['stagger', now, {}, { [S19]: 'ramping' }],
  ])('%s', (gate, miner, readings, loads) => {
    const site = forced(miner, { miners: [seedMiner(0, miner), seedMiner(1)] });
    // It comes into force after what must be seen for a while has been.
    site.config = { ...site.config, overrides: [] };
    const input: Readings = { ...NOON, ...readings };
    const before: Loads = { ...loads, [PRIMARY]: { state: 'off', reachable: false } };
    site.tick(NOON, before);
    site.hold(60, input, before);
    site.config = { ...site.config, overrides };
    expect(decided(site, input, loads)).toBe(`OVERRIDDEN ${gate} off`);
  });

  it('a lock-out', () => {
    const site = forced({ ...now, emergencyStopVoltage: 48, stopVoltage: 49 });
    site.tick(NOON);
    site.hold(20, { ...NOON, v: 47.9, load: 5728 }, on);
    site.hold(800, NOON);
    expect(decided(site, NOON)).toBe('OVERRIDDEN lock-out off');
  });
});

describe('an override is in force', () => {
  const startsAt = T0 + 60_000;
  const endsAt = T0 + 120_000;

  it.each([
    ['not before its start', startsAt - 1, false],
    ['from its start', startsAt, true],
    ['until its end', endsAt - 1, true],
    ['not at its end', endsAt, false],
  ])('%s', (_what, at, inForce) => {
    const off = { id: 'o', loadId: PRIMARY, state: 'off', startsAt, endsAt } as const;
    const site = new Site({ overrides: [off] });
    site.now = at;
    expect(decided(site, NOON).startsWith('OVERRIDDEN')).toBe(inForce);
  });
});
