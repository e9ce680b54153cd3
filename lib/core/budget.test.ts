import { describe, expect, it } from 'vitest';
import {
  decisionFor,
  type Loads,
  MAIN_ROOM_HEATER,
  metered,
  NOON,
  PRIMARY,
  type Readings,
  S19,
  Site,
  seedMiner,
  seedZone,
  T0,
  UNDEMANDING,
} from './scenario.case';
import type { LoadObservation, MinerProfile } from './types';

/** Whose power is whose (control.md §3): house, surplus, what is reserved, the inverter, import, order of service. */

const unmetered = (changes: Partial<LoadObservation>): Loads => ({ [PRIMARY]: { state: 'on', ...changes } });

describe('house and surplus', () => {
  it.each<[what: string, loads: Loads, houseW: number]>([
    ['a metered load at its watts', { [PRIMARY]: metered(3000) }, 5000],
    ['above its rating too', { [PRIMARY]: metered(4000) }, 4000],
    ['a ramping one by its meter', { [PRIMARY]: metered(1000, 'ramping') }, 7000],
    ['none that ramps without a meter', unmetered({ state: 'ramping' }), 8000],
    ['none that is unknown', { [PRIMARY]: metered(3000, 'unknown') }, 8000],
    ['none outside the measured load', unmetered({ ...metered(3000), insideMeasuredLoad: false }), 8000],
    ['never to less than nothing', { [PRIMARY]: metered(9000) }, 0],
  ])('adds back %s', (_what, loads, houseW) => {
    const { budget } = new Site().tick({ ...NOON, load: 8000 }, loads);
    expect(budget).toMatchObject({ houseW, surplusW: 8450 - houseW });
  });
});

describe('reserved', () => {
  const running: Readings = { ...NOON, load: 5728 };
  const on: Loads = { [PRIMARY]: metered(3878) };
  const settled = (changes: Partial<MinerProfile> = {}): Site => {
    const site = new Site({ miners: [seedMiner(0, changes)] });
    site.hold(300, NOON);
    site.hold(590, running, on);
    return site;
  };
  const override = (state: 'on' | 'off') =>
    [{ id: 'o', loadId: PRIMARY, state, startsAt: T0, endsAt: T0 + 86_400_000 }] as const;

  it('is a load inside its minimum on-time, and not after it', () => {
    const site = settled();
    expect(site.result?.budget.reservedW).toBe(3878);
    expect(site.tick(running, on).budget.reservedW).toBe(0);
  });

  it('counts what is measured above the rating', () => {
    const site = new Site({ miners: [seedMiner(0)] });
    expect(site.tick(running, { [PRIMARY]: metered(4100) }).budget.reservedW).toBe(4100);
    expect(site.tick(running, { [PRIMARY]: metered(3000) }).budget.reservedW).toBe(3878);
  });

  it.each<[what: string, change: (site: Site) => void, loads: Loads, reservedW: number]>([
    ['one that simply runs', () => {}, on, 0],
    ['unknown', () => {}, { [PRIMARY]: 'unknown' }, 3878],
    [
      'overridden on',
      (site) => {
        site.config = { ...site.config, overrides: override('on') };
      },
      on,
      3878,
    ],
    [
      'disabled but still on',
      (site) => {
        site.config = { ...site.config, miners: [seedMiner(0, { enabled: false })] };
      },
      on,
      3878,
    ],
    [
      'stopping',
      (site) => {
        site.config = { ...site.config, overrides: override('off') };
        site.tick(running, on);
        site.config = { ...site.config, overrides: [] };
      },
      on,
      3878,
    ],
  ])('%s', (_what, change, loads, reservedW) => {
    const site = settled();
    site.hold(60, running, on);
    change(site);
    expect(site.tick(running, loads).budget.reservedW).toBe(reservedW);
  });
});

describe('90 % of the inverter', () => {
  const open = {
    operatingMode: 'aggressive',
    requireExcessSolar: false,
    requireSunnyWeather: false,
  } as const;
  const hours = { preferTimeStart: null, preferTimeEnd: null } as const;
  const miners = [
    seedMiner(0, hours),
    seedMiner(1, { ...open, ...hours, startVoltage: 50, stopVoltage: 48, emergencyStopVoltage: 46 }),
  ];
  const rich: Readings = { v: 53, pv: 12_000, load: 1000 };
  const on: Loads = { [PRIMARY]: metered(3878) };

  // 1000 W of house, 3878 W that run, 3250 W that would start: 8128 W.
  it.each([
    [9031, 'WAIT inverter'],
    [9032, 'START null'],
  ])('carries house, all that runs and the start: %s W, %s', (inverterMaxWatts, verdict) => {
    const site = new Site({ miners, preferences: { inverterMaxWatts } });
    site.hold(300, rich);
    site.hold(900, { ...rich, load: 4878 }, { ...on, [S19]: { state: 'off', reachable: false } });
    const decision = decisionFor(site.hold(20, { ...rich, load: 4878 }, on), S19);
    expect(`${decision.verdict} ${decision.binding}`).toBe(verdict);
  });

  it.each([
    [9031, 'inverter'],
    [9032, null],
  ])('is not exceeded by the owner’s on: %s W', (inverterMaxWatts, binding) => {
    const overrides = [{ id: 'o', loadId: S19, state: 'on', startsAt: T0, endsAt: T0 + 86_400_000 }] as const;
    const site = new Site({ miners, preferences: { inverterMaxWatts }, overrides });
    const silent: Loads = { [S19]: { state: 'off', reachable: false } };
    site.hold(300, rich, silent);
    site.hold(900, { ...rich, load: 4878 }, { ...on, ...silent });
    expect(decisionFor(site.hold(20, { ...rich, load: 4878 }, on), S19)).toMatchObject({
      verdict: 'OVERRIDDEN',
      binding,
    });
  });

  // Beside 3250 W.
  it.each([
    [4722, 1000, false],
    [4723, 1000, true],
    [5000, 1250, true],
    [5000, 1251, false],
  ])('is not exceeded by a probe: of %s W, %s W for the house', (inverterMaxWatts, load, probe) => {
    const site = new Site({ miners: [seedMiner(1, hours)], preferences: { inverterMaxWatts } });
    const hidden: Readings = { v: 56, pv: 500, load, stage: 'absorption', batteryW: 50 };
    expect(decisionFor(site.hold(300, hidden), S19).probe).toBe(probe);
  });
});

describe('import', () => {
  const poolW = (seconds: number, grid: number, allowed = false): number => {
    const site = new Site({ preferences: { gridImportAllowed: allowed } });
    return site.hold(seconds, { ...NOON, grid }).budget.poolW;
  };

  it.each([
    [30, 101, false, 0],
    [20, 101, false, 5000],
    [600, 100, false, 5000],
    [600, 5000, true, 5000],
  ])('for %s s of %s W, allowed %s, leaves a pool of %s W', (seconds, grid, allowed, pool) => {
    expect(poolW(seconds, grid, allowed)).toBe(pool);
  });

  it('is not added to surplus', () => {
    expect(new Site().tick({ ...NOON, grid: 3000 }).budget.surplusW).toBe(6600);
  });

  it('lasts while its meter is silent, for half an hour', () => {
    const site = new Site();
    site.hold(60, { ...NOON, grid: 500 });
    expect(site.hold(1790, { ...NOON, grid: null }).budget.importing).toBe(true);
    expect(site.tick({ ...NOON, grid: null }).budget.importing).toBe(false);
  });

  it.each([
    // Surplus covers it: 8450 − 1850 W, or less than the 3878 W it draws.
    [8450, null],
    [5727, 120],
  ])('ends a miner after its stop delay unless surplus covers it: PV %s W', (pv, stopS) => {
    // Its deficit alone would be forgiven.
    const site = new Site({ miners: [seedMiner(0, { operatingMode: 'opportunistic' })] });
    site.hold(300, NOON);
    site.hold(900, { ...NOON, load: 5728 }, { [PRIMARY]: metered(3878) });
    const importing: Readings = { ...NOON, pv, load: 5728, grid: 150 };
    site.hold(20, importing, { [PRIMARY]: metered(3878) });
    expect(site.secondsUntil('STOP', PRIMARY, 1800, importing, { [PRIMARY]: metered(3878) })).toBe(stopS);
  });
});

describe('the order of service', () => {
  const plain: Partial<MinerProfile> = {
    ...UNDEMANDING,
    operatingMode: 'opportunistic',
    powerDrawWatts: 3000,
    priorityLevel: 2,
  };
  const named = (id: string, name: string, changes: Partial<MinerProfile> = {}) =>
    seedMiner(0, { ...plain, id, name, ...changes });

  it.each([
    ['priority', [named('1', 'A'), named('2', 'B', { priorityLevel: 1 })], '2'],
    ['then name', [named('1', 'B'), named('2', 'A')], '2'],
    ['then id', [named('2', 'A'), named('1', 'A')], '1'],
  ])('of miners is by %s', (_what, miners, first) => {
    const loads = Object.fromEntries(miners.map(({ id }) => [`miner:${id}`, 'off'] as const));
    const result = new Site({ miners }).hold(300, { ...NOON, pv: 5000, load: 1000 }, loads);
    const starting = result.decisions.filter(({ verdict }) => verdict === 'START');
    expect(starting.map(({ loadId }) => loadId)).toEqual([`miner:${first}`]);
  });

  it('puts heaters before miners', () => {
    const site = new Site({ miners: [seedMiner(0, plain)], zones: [seedZone(0), seedZone(1)] });
    // 3500 W are enough for either, not for both.
    const cold: Readings = { v: 53, pv: 4500, load: 1000, mainRoomC: -6 };
    site.hold(300, cold);
    expect(decisionFor(site.result ?? site.tick(cold), MAIN_ROOM_HEATER).verdict).toBe('START');
    const heating: Loads = { [MAIN_ROOM_HEATER]: metered(1500) };
    const { verdict, binding } = decisionFor(site.hold(900, { ...cold, load: 2500 }, heating), PRIMARY);
    expect(`${verdict} ${binding}`).toBe('WAIT available');
  });
});
