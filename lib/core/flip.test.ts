import { describe, expect, it } from 'vitest';
import { decide } from './decide';
import { explain } from './explain';
import { faultOfFlip, firstSeconds } from './flip-check.case';
import { type Changed, Futures, Repeated, repeated } from './flip-simulation';
import { initialMemory } from './memory';
import { ALL, randomConfig, randomLoads, randomOf, randomReadings, snapshotAt } from './random-site.case';
import {
  HEAT_ROOM_FAN,
  HEAT_ROOM_HEATER,
  metered,
  PRIMARY,
  type Readings,
  S19,
  Site,
  seedMiner,
  seedZone,
  siteSnapshot,
  T0,
} from './scenario.case';
import { step } from './session';
import type { DecideInput, Flip, Memory } from './types';

/** Raised by hand for a longer look: 500 of them gave 1230 numeric flips, all true and minimal. */
const SEEDS = 80;

function situation(seed: number): DecideInput {
  const random = randomOf(seed);
  const config = randomConfig(random, random.pick(['automatic', 'automatic', 'advisory']));
  let memory: Memory = initialMemory(T0);
  let now = T0;
  let readings = randomReadings(random);
  let loads = randomLoads(random, now);
  for (let i = random.int(0, 60); i > 0; i--) {
    if (random.chance(0.05)) readings = randomReadings(random);
    if (random.chance(0.05)) loads = randomLoads(random, now);
    memory = decide({ snapshot: snapshotAt(now, readings, loads), config, memory }).memory;
    now += 10_000;
  }
  return { snapshot: snapshotAt(now, readings, loads), config, memory };
}

describe('a flip in a random situation', () => {
  it('is true and minimal in at least 99.9 % of all numeric flips', () => {
    let numeric = 0;
    const wrong: string[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const input = situation(seed);
      for (const [loadId] of ALL) {
        const { flip, verdict } = explain(input, loadId);
        if (flip.kind !== 'change') continue;
        numeric++;
        const fault = faultOfFlip(input, loadId, flip);
        if (fault !== null) wrong.push(`seed ${seed} ${loadId} ${verdict}: ${flip.text} ${fault}`);
      }
    }
    console.info(`${numeric} numeric flips, ${wrong.length} wrong`, wrong.slice(0, 5));
    expect(numeric).toBeGreaterThan(150);
    expect(wrong.length / numeric).toBeLessThanOrEqual(0.001);
  }, 120_000);
});

describe('a snapshot that is repeated', () => {
  it('is the same whether time passes in it or it is made anew', () => {
    const changed = { packVoltageV: 51.23, pvW: 4000, zoneTemperatureC: 12.3 };
    for (let seed = 1; seed <= 20; seed++) {
      const { snapshot } = situation(seed);
      const world = new Repeated(snapshot);
      for (const elapsedMs of [0, 10_000, 3_590_000, 7 * 3_600_000, 86_390_000]) {
        world.show(changed, 'main-room', elapsedMs);
        expect(world.snapshot).toEqual(repeated(snapshot, changed, 'main-room', elapsedMs));
      }
    }
  });
});

describe('a future', () => {
  it('brings a start or a stop at the tick at which it comes tick by tick', () => {
    let found = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const input = situation(seed);
      const random = randomOf(seed + 2_000_000);
      const futures = new Futures(input);
      const tick = step(input);
      const changed: Changed = { packVoltageV: random.int(4600, 5700) / 100, pvW: random.int(0, 12_000) };
      for (const load of tick.loads) {
        const starts = load.verdict !== 'KEEP_RUNNING';
        if (starts ? load.on || load.verdict === 'OVERRIDDEN' : load.verdict !== 'KEEP_RUNNING') continue;
        const outcome = futures.outcome(load, changed, { starts, limitMs: 3600_000 });
        const target = starts ? 'START' : 'STOP';
        const first = firstSeconds(input, load.id, changed, { target, limit: 3600 });
        expect(outcome?.holdSeconds ?? null, `seed ${seed} ${load.id}`).toBe(first);
        if (first !== null && first > 60) found++;
      }
    }
    expect(found).toBeGreaterThan(20);
  }, 120_000);
});

describe('no flip in a random situation', () => {
  it('means that random readings, held for a quarter of an hour, do not change the verdict either', () => {
    let none = 0;
    const contradicted: string[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const input = situation(seed);
      const random = randomOf(seed + 1_000_000);
      for (const [loadId] of ALL) {
        const { flip, verdict } = explain(input, loadId);
        const running = verdict === 'KEEP_RUNNING';
        if (flip.kind !== 'none' || !['WAIT', 'LOCKED_OUT', 'KEEP_RUNNING'].includes(verdict)) continue;
        none++;
        for (let i = 0; i < 4; i++) {
          const changed: Changed = {
            packVoltageV: random.int(4400, 6000) / 100,
            pvW: random.int(0, 25_000),
            loadW: random.int(0, 9000),
            zoneTemperatureC: random.int(-100, 500) / 10,
          };
          const kept = random.pick(['packVoltageV', 'pvW', 'loadW', 'zoneTemperatureC'] as const);
          const tried = running ? { [kept]: changed[kept] } : { ...changed, [kept]: undefined };
          const first = firstSeconds(input, loadId, tried, {
            target: running ? 'STOP' : 'START',
            limit: 900,
          });
          if (first !== null)
            contradicted.push(`seed ${seed} ${loadId} ${verdict} ${JSON.stringify(tried)}: ${first} s`);
        }
      }
    }
    console.info(`${none} without a flip, ${contradicted.length} contradicted`, contradicted.slice(0, 5));
    expect(none).toBeGreaterThan(15);
    expect(contradicted.length).toBeLessThanOrEqual(0.02 * none);
  }, 120_000);
});

describe('flips of the seeded site', () => {
  const day: Readings = { v: 52.3, pv: 8450, load: 1850 };

  /** What an owner sees ten minutes into steady readings. */
  function flipOf(loadId: string, readings: Readings, site = new Site()): Flip {
    site.hold(600, readings);
    const snapshot = siteSnapshot(site.now, readings);
    return explain({ snapshot, config: site.config, memory: site.memory }, loadId).flip;
  }

  /** Twenty minutes into steady readings and a run of the first miner. */
  function whileRunning(readings: Readings, site = new Site()): DecideInput {
    const on = { [PRIMARY]: metered(3878) } as const;
    site.hold(1200, readings, on);
    return { snapshot: siteSnapshot(site.now, readings, on), config: site.config, memory: site.memory };
  }

  it('counts the hold that is still missing', () => {
    const site = new Site();
    site.hold(160, day);
    const flip = explain(
      { snapshot: siteSnapshot(site.now, day), config: site.config, memory: site.memory },
      PRIMARY,
    ).flip;
    expect(flip).toMatchObject({ kind: 'change', target: 'START', changes: [], holdSeconds: 130 });
    expect(flip.text).toBe('starts in 2 min 10 s if nothing changes');
  });

  it('names the voltage alone where that is enough', () => {
    expect(flipOf(PRIMARY, { ...day, v: 49.77 })).toMatchObject({
      target: 'START',
      changes: [{ quantity: 'packVoltageV', from: 49.77, to: 50, delta: 0.23 }],
      holdSeconds: 300,
      text: 'needs +0.23 V, held 5 min',
    });
  });

  it('joins what must come together', () => {
    const flip = flipOf(S19, { ...day, v: 54.4, pv: 5800, load: 500, sunny: 'yes' });
    expect(flip).toMatchObject({ kind: 'change', target: 'START' });
    expect(flip.text).toMatch(/^needs \+0\.1 V and \+\d+ W of solar, held /);
  });

  it('names the stop that comes first for a running miner', () => {
    const { flip, verdict } = explain(whileRunning({ ...day, load: 5728, minute: 0 }), PRIMARY);
    expect(verdict).toBe('KEEP_RUNNING');
    expect(flip).toMatchObject({ kind: 'change', target: 'STOP' });
    expect(flip.text).toMatch(/^stops if (the battery|PV) falls to \d|^stops if the load rises to \d/);
  });

  it('names a change that stops within half an hour, not the least one, which the budget forgives for longer', () => {
    const input = whileRunning({ v: 54.2, pv: 7800, load: 4450, minute: 0 });
    const { flip } = explain(input, PRIMARY);
    if (flip.kind !== 'change') return expect.unreachable(flip.text);
    expect(flip.holdSeconds).toBeLessThanOrEqual(1800);
    // Nearer, in the spans by which causes are compared, and of no use.
    const forgiven = firstSeconds(input, PRIMARY, { pvW: 4440 }, { target: 'STOP', limit: 86_400 });
    expect(forgiven).toBeGreaterThan(4 * 3600);
    expect(faultOfFlip(input, PRIMARY, flip)).toBeNull();
  });

  it('waits for what takes longer where the owner’s own delay is longer', () => {
    const site = new Site({
      miners: [seedMiner(0, { stopVoltage: 49, stopHysteresisMinutes: 45 }), seedMiner(1)],
    });
    const input = whileRunning({ ...day, v: 50.5, minute: 0 }, site);
    expect(explain(input, PRIMARY).flip).toMatchObject({
      changes: [{ quantity: 'packVoltageV', to: 48.99 }],
      holdSeconds: 2700,
    });
  });

  it('counts with the power that is kept for a higher priority from ten minutes before its start', () => {
    const plain = { requireExcessSolar: false, requireSunnyWeather: false, startVoltage: 52, zoneId: null };
    const untilOne = { preferTimeStart: 8, preferTimeEnd: 13, allowOutsideSchedule: false };
    const site = new Site({
      preferences: { operatingMode: 'conservative' },
      miners: [
        seedMiner(0, { ...plain, ...untilOne, minimumOffMinutes: 20 }),
        seedMiner(1, { ...plain, startHysteresisMinutes: 30, preferTimeStart: null, preferTimeEnd: null }),
      ],
    });
    // Off at a quarter to one, it may start again at five past, which its schedule rules out at one.
    const sun: Readings = { v: 53, pv: 5000, load: 500, minute: 745 };
    site.hold(1200, { ...sun, load: 4378 }, { [PRIMARY]: 'on' });
    site.tick(sun);
    const input = { snapshot: siteSnapshot(site.now, sun), config: site.config, memory: site.memory };
    const { flip } = explain(input, S19);
    if (flip.kind !== 'change') return expect.unreachable(flip.text);
    expect(flip.changes).toEqual([]);
    expect(faultOfFlip(input, S19, flip)).toBeNull();
  });

  it('says that a second source of heat waits for a lower voltage', () => {
    const input = whileRunning({ ...day, v: 54.2, heatRoomC: 30 });
    expect(explain(input, HEAT_ROOM_HEATER).flip.text).toMatch(
      /^needs the battery down to 47 V and −?[\d.]+ °C in the zone/,
    );
  });

  it('wants no temperature that no thermometer could show', () => {
    const site = new Site({
      zones: [seedZone(0, { tempTooHot: 200, tempHotOk: 190 }), seedZone(1)],
    });
    expect(flipOf(HEAT_ROOM_FAN, { ...day, heatRoomC: 31.5 }, site)).toMatchObject({ kind: 'none' });
  });

  it('says which reading is missing, and what no reading can change', () => {
    expect(flipOf(PRIMARY, { ...day, v: null })).toEqual({
      kind: 'missing',
      reading: 'battery voltage',
      text: 'needs the battery voltage, which is missing',
    });
    expect(flipOf(PRIMARY, { ...day, pv: null })).toMatchObject({ kind: 'missing', reading: 'PV power' });
    expect(flipOf(PRIMARY, day, new Site({ controlMode: 'paused' }))).toMatchObject({ kind: 'owner' });
    expect(flipOf(HEAT_ROOM_FAN, { ...day, heatRoomC: null })).toMatchObject({ kind: 'missing' });
    const sullen: Readings = { ...day, v: 55, pv: 12_000, sunny: 'no' };
    expect(flipOf(S19, sullen)).toMatchObject({ kind: 'weather' });
  });

  it('starts a fan by the temperature of its own zone', () => {
    expect(flipOf(HEAT_ROOM_FAN, { ...day, heatRoomC: 31.5 })).toMatchObject({
      target: 'START',
      changes: [{ quantity: 'zoneTemperatureC', from: 31.5, to: 40 }],
      holdSeconds: 0,
    });
  });
});
