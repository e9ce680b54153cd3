import { describe, expect, it } from 'vitest';
import { restoreMemory } from './memory';
import {
  decisionFor,
  MAIN_ROOM_HEATER,
  PRIMARY,
  type Readings,
  S19,
  Site,
  seedMiner,
  seedZone,
} from './scenario.case';
import type { DecideResult } from './types';

/** What an old or missing reading may still say (control.md §7). */

const day: Readings = { v: 52.3, pv: 8450, load: 1850 };
const running: Readings = { ...day, load: 5728 };
const on = { [PRIMARY]: { state: 'on', powerW: { value: 3878, sampleAt: 0, ageMs: 0 } } } as const;

const doubted = ({ summary }: DecideResult): readonly string[] =>
  summary.badReadings.map(({ reading }) => reading);

function runningSite(): Site {
  const site = new Site({ miners: [seedMiner(0)] });
  site.hold(300, day);
  site.hold(1200, running, on);
  expect(decisionFor(site.tick(running, on), PRIMARY).verdict).toBe('KEEP_RUNNING');
  return site;
}

describe('the age of the newest good voltage', () => {
  it('is its true age, whatever the kernel’s own clock made of a gap', () => {
    const site = runningSite();
    site.now += 3_600_000;
    const result = site.tick({ ...running, ageMs: 3_600_000 }, on);
    expect(result.battery).toMatchObject({ stale: true, rawAgeMs: 3_600_000 });
    expect(decisionFor(result, PRIMARY)).toMatchObject({ verdict: 'STOP', binding: 'voltage-fresh' });
    // It stays that old when the reading is gone altogether.
    expect(site.tick({ ...running, v: null }, on).battery.rawAgeMs).toBe(3_610_000);
  });

  it('counts a restart', () => {
    const site = runningSite();
    site.now += 8 * 3_600_000;
    site.memory = restoreMemory(JSON.parse(JSON.stringify(site.memory)), site.now);
    const result = site.tick({ ...running, v: null }, on);
    expect(result.battery.rawAgeMs).toBe(8 * 3_600_000 + 10_000);
    expect(decisionFor(result, PRIMARY)).toMatchObject({ verdict: 'STOP', binding: 'voltage-fresh' });
  });

  it('is not that of an older sample than the last good one', () => {
    const site = runningSite();
    const result = site.tick({ ...running, ageMs: 3_600_000 }, on);
    expect(result.battery.rawAgeMs).toBe(10_000);
    expect(decisionFor(result, PRIMARY).verdict).toBe('CANNOT_DECIDE');
  });
});

describe('everything zero at once', () => {
  it('needs a voltage of zero among them', () => {
    const keys = (readings: Readings): readonly string[] => doubted(new Site().hold(20, readings));
    expect(keys({ v: null, pv: 0, load: null, grid: 0 })).toEqual([]);
    expect(keys({ v: 0, pv: 0, load: 0, grid: 0 })).toEqual(['all readings']);
  });
});

describe('plausible limits', () => {
  // Absolute limits of 43 and 58.8 V, an array of 12 960 W.
  it.each<[what: string, believed: Partial<Readings>, not: Partial<Readings>, reading: string]>([
    ['absolute minimum − 3 V', { v: 40 }, { v: 39.99 }, 'battery voltage'],
    ['absolute maximum + 3 V', { v: 61.8 }, { v: 61.81 }, 'battery voltage'],
    ['SoC of 100 %', { socPct: 100 }, { socPct: 100.1 }, 'reported SoC'],
    ['twice the array', { pv: 25_920 }, { pv: 25_921 }, 'PV power'],
    ['twice the inverter', { load: 16_000 }, { load: 16_001 }, 'load power'],
    ['−100 W of load', { load: -100 }, { load: -101 }, 'load power'],
  ])('%s', (_what, believed, not, reading) => {
    const site = new Site({ preferences: { inverterMaxWatts: 8000 } });
    expect(doubted(site.tick({ ...day, ...believed }))).toEqual([]);
    const result = site.tick({ ...day, ...not });
    expect(doubted(result)).toEqual([reading]);
    expect(result.budget.surplusW === null).toBe(reading.endsWith('power'));
    expect(result.battery.stale).toBe(reading === 'battery voltage');
  });

  it('know no load that is too large where no inverter is named', () => {
    expect(doubted(new Site().tick({ ...day, load: 60_000 }))).toEqual([]);
  });
});

describe('the maximum age', () => {
  const seen = (polls: { voltageSeconds: number; otherSeconds: number }, ageS: number): DecideResult => {
    const site = new Site();
    site.config = { ...site.config, polls };
    return site.tick({ ...day, ageMs: 1000 * ageS });
  };

  it.each([
    ['three polls', 20, 60],
    ['never above 5 min', 200, 300],
  ])('of a voltage is %s', (_what, voltageSeconds, limitS) => {
    const polls = { voltageSeconds, otherSeconds: 10 };
    expect(seen(polls, limitS).battery.stale).toBe(false);
    expect(seen(polls, limitS + 0.001).battery.stale).toBe(true);
  });

  it.each([
    ['three polls', 20, 60],
    ['never above 15 min', 600, 900],
  ])('of anything else is %s', (_what, otherSeconds, limitS) => {
    const polls = { voltageSeconds: 10, otherSeconds };
    expect(seen(polls, limitS).budget.surplusW).toBe(6600);
    expect(seen(polls, limitS + 0.001).budget.surplusW).toBeNull();
  });

  it.each([
    ['the fail-safe time', 10, 120, 130],
    ['the maximum age where that is longer', 80, 120, 250],
  ])('starts %s, after which loads stop', (_what, voltageSeconds, failSafeSeconds, stopS) => {
    const site = runningSite();
    const polls = { voltageSeconds, otherSeconds: 10 };
    site.config = { ...site.config, polls, failSafeSeconds };
    site.tick(running, on);
    expect((site.secondsUntil('STOP', PRIMARY, 900, { ...running, v: null }, on) ?? 0) + 10).toBe(stopS);
  });
});

describe('a voltage that does not move', () => {
  /** For `seconds`, in steps of `stepV`, with a current that moves by so many A. */
  const held = (movedA: number, seconds: number, stepV: number | null, highOhm?: number): DecideResult => {
    const resistance = highOhm === undefined ? null : { lowOhm: 0.001, highOhm };
    const site = new Site({ resistance });
    if (stepV !== null) site.tick({ ...day, v: 52.3 - stepV, a: 10 });
    site.tick({ ...day, a: 10 });
    site.hold(seconds - 20, { ...day, a: 10 + movedA });
    return site.tick({ ...day, a: 10 });
  };

  it.each([
    ['6 A for steps of 0.01 V and an unknown R of 0.005 Ω', 0.01, undefined, 6],
    ['3 A for 0.01 V and 0.01 Ω', 0.01, 0.01, 3],
    ['60 A for 0.1 V, which an unseen step may be', null, undefined, 60],
  ])('is frozen once the current moved more than %s', (_what, stepV, highOhm, limitA) => {
    expect(doubted(held(limitA - 0.1, 3600, stepV, highOhm))).toEqual([]);
    expect(doubted(held(limitA + 0.1, 590, stepV, highOhm))).toEqual([]);
    expect(doubted(held(limitA + 0.1, 600, stepV, highOhm))).toEqual(['battery voltage']);
  });
});

describe('a current that does not move', () => {
  /** For `seconds`, while the voltage, in steps of 0.01 V, rises by so many of them. */
  const held = (a: number, steps: number, seconds = 600): DecideResult => {
    const site = new Site({
      resistance: { lowOhm: 0.01, highOhm: 0.02 },
      preferences: { sagCompensation: 'auto' },
    });
    site.tick({ ...day, v: 52.3, a });
    site.tick({ ...day, v: 52.31, a });
    return site.hold(seconds - 20, { ...day, v: 52.3 + steps / 100, a });
  };

  it.each([
    ['four steps', 20, 4, 600, false],
    ['five steps', 20, 5, 600, true],
    ['five steps within less than 10 min', 20, 5, 590, false],
    ['five steps, a current of 0', 0, 5, 3600, false],
  ])('while the voltage moved %s', (_what, a, steps, seconds, frozen) => {
    const result = held(a, steps, seconds);
    expect(doubted(result)).toEqual(frozen ? ['battery current'] : []);
    // No sag is taken out by a current that is not believed, and nothing starts on it.
    expect(result.battery.controlV).toBeCloseTo(52.3 + steps / 100 - (frozen ? 0 : a * 0.01), 6);
    expect(decisionFor(result, S19).binding === 'voltage-fresh').toBe(frozen);
  });

  it('is believed again once it moves', () => {
    const site = new Site();
    for (const v of [52.3, 52.31]) site.tick({ ...day, v, a: 20 });
    expect(doubted(site.hold(600, { ...day, v: 52.4, a: 20 }))).toEqual(['battery current']);
    expect(doubted(site.tick({ ...day, v: 52.4, a: 20.1 }))).toEqual([]);
  });
});

it('never takes zero PV or grid for frozen', () => {
  const site = new Site();
  site.hold(3600, { ...day, pv: 0, grid: 0 });
  expect(doubted(site.tick({ ...day, v: 51, pv: 0, grid: 0 }))).toEqual([]);
});

describe('PV or load that is missing', () => {
  const heater = { state: 'on', powerW: { value: 1500, sampleAt: 0, ageMs: 0 } } as const;
  const cold: Readings = { ...day, pv: 6000, load: 500, mainRoomC: -6 };
  const plain = { requireExcessSolar: false, operatingMode: 'aggressive', preferTimeStart: null } as const;

  it.each([
    ['excess-solar', { ...plain, requireExcessSolar: true }, 1800],
    ['opportunistic', { ...plain, operatingMode: 'opportunistic' }, 1800],
    ['aggressive', plain, null],
  ] as const)('stops a miner that is %s after half an hour, or not', (_what, changes, stopS) => {
    for (const missing of [{ pv: null }, { load: null }]) {
      const site = new Site({ miners: [seedMiner(0, changes)] });
      site.hold(300, day);
      site.hold(900, running, on);
      expect(site.secondsUntil('STOP', PRIMARY, 3600, { ...running, ...missing }, on)).toBe(stopS);
    }
  });

  it.each([
    [true, 1800],
    [false, null],
  ])('stops a heater, solar-only or not (%s), after %s s', (onlyHeatWhenSolar, stopS) => {
    const site = new Site({ miners: [], zones: [seedZone(0), seedZone(1, { onlyHeatWhenSolar })] });
    site.hold(300, cold);
    site.hold(600, { ...cold, load: 2000 }, { [MAIN_ROOM_HEATER]: heater });
    const blind: Readings = { ...cold, load: null };
    expect(site.secondsUntil('STOP', MAIN_ROOM_HEATER, 3600, blind, { [MAIN_ROOM_HEATER]: heater })).toBe(
      stopS,
    );
  });
});

it('a reported SoC changes nothing that is decided', () => {
  const of = (socPct: number | null): unknown => {
    const site = new Site();
    const { battery, ...decided } = site.hold(300, { ...day, socPct });
    return [decided.decisions, decided.budget, decided.chargePermission, battery.band];
  };
  for (const socPct of [0, 3, 100]) expect(of(socPct)).toStrictEqual(of(null));
});
