import {
  HEAT_ROOM_FAN,
  HEAT_ROOM_HEATER,
  MAIN_ROOM_FAN,
  MAIN_ROOM_HEATER,
  observation,
  PRIMARY,
  type Readings,
  S19,
  seedMiner,
  seedZone,
  siteConfig,
  siteSnapshot,
} from './scenario.case';
import type { ControlMode, KernelConfig, LoadObservation, LoadState, Snapshot } from './types';

/** Seeded random sites for property tests: a small generator and a crude bank, enough to reach every rule. */

/** mulberry32: the same seed gives the same sequence everywhere. */
export function randomOf(seed: number): Random {
  let a = seed >>> 0;
  const next = (): number => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (p) => next() < p,
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}

export interface Random {
  next(): number;
  /** Whole number, both ends included. */
  int(low: number, high: number): number;
  chance(p: number): boolean;
  pick<T>(items: readonly T[]): T;
}

const MODES = ['aggressive', 'balanced', 'opportunistic'] as const;

export function randomConfig(random: Random, controlMode: ControlMode = 'automatic'): KernelConfig {
  const { int, chance, pick } = random;
  const miner = (index: 0 | 1) => {
    const stop = pick([46.5, 47, 49, 51, 53]);
    return seedMiner(index, {
      powerDrawWatts: pick([1200, 3250, 3878]),
      priorityLevel: int(1, 3),
      operatingMode: pick(MODES),
      emergencyStopVoltage: stop - pick([1, 2, 3]),
      stopVoltage: stop,
      startVoltage: stop + pick([0.5, 1.5, 3]),
      startHysteresisMinutes: pick([0, 1, 5]),
      stopHysteresisMinutes: pick([0, 1, 2]),
      minimumOnMinutes: pick([0, 5, 10]),
      minimumOffMinutes: pick([0, 5]),
      requireExcessSolar: chance(0.4),
      minimumExcessWatts: pick([null, 1500, 3500]),
      minimumSolarProductionWatts: pick([null, 4000, 8000]),
      requireSunnyWeather: chance(0.2),
      maximumRuntimeHours: pick([null, null, 1]),
      preferTimeStart: pick([null, 10, 18]),
      preferTimeEnd: pick([null, 10, 16]),
      allowOutsideSchedule: chance(0.6),
      enabled: chance(0.95),
    });
  };
  const compensated = chance(0.3);
  return siteConfig({
    controlMode,
    miners: [miner(0), miner(1)],
    zones: [
      seedZone(0, {
        onlyHeatWhenSolar: chance(0.7),
        heatingPriority1: pick(['miner', 'heater']),
        blockChargingBelowTemp: pick([null, 0]),
      }),
      seedZone(1, { onlyHeatWhenSolar: chance(0.7), minimumSolarForHeatingWatts: pick([null, 2000]) }),
    ],
    preferences: {
      operatingMode: pick(['conservative', 'balanced', 'aggressive']),
      gridImportAllowed: chance(0.2),
      inverterMaxWatts: pick([null, 8000, 12000]),
      sagCompensation: compensated ? 'auto' : 'off',
    },
    resistance: chance(0.5) ? { lowOhm: 0.003, highOhm: 0.006 } : null,
  });
}

export function randomReadings(random: Random): Readings {
  const { int, chance, pick } = random;
  const temperature = (): number => pick([int(-100, 60), int(-30, 20), int(150, 300), int(340, 480)]) / 10;
  return {
    v: int(4400, 5800) / 100,
    a: int(-1500, 1500) / 10,
    batteryW: chance(0.8) ? int(-6000, 6000) : null,
    batteryC: chance(0.5) ? temperature() : null,
    stage: pick(['bulk', 'bulk', 'absorption', 'float', 'unknown']),
    pv: chance(0.15) ? 0 : int(0, 13_000),
    load: int(200, 9000),
    grid: pick([null, 0, 0, 0, 50, 800]),
    heatRoomC: temperature(),
    mainRoomC: temperature(),
    clearSkyW: pick([null, 0, 9000]),
    sunny: pick(['yes', 'yes', 'no', 'unknown']),
    minute: int(0, 1439),
  };
}

export const ALL = [
  [PRIMARY, 'miner'],
  [S19, 'miner'],
  [HEAT_ROOM_HEATER, 'heater'],
  [MAIN_ROOM_HEATER, 'heater'],
  [HEAT_ROOM_FAN, 'fan'],
  [MAIN_ROOM_FAN, 'fan'],
] as const;

export function randomLoads(random: Random, now: number): Record<string, LoadObservation> {
  const loads: Record<string, LoadObservation> = {};
  for (const [id, kind] of ALL) {
    const state: LoadState = random.pick(['off', 'off', 'off', 'on', 'on', 'ramping', 'unknown']);
    const watts = kind === 'fan' || state !== 'on' || random.chance(0.4) ? null : random.int(1000, 3900);
    loads[id] = observation(now, kind, {
      state: kind === 'fan' && state === 'ramping' ? 'on' : state,
      powerW: watts === null ? null : { value: watts, sampleAt: now, ageMs: 0 },
      insideMeasuredLoad: random.chance(0.9),
      reachable: random.chance(0.97),
      ...(kind === 'fan' ? { fanSpeed: state === 'on' ? random.int(1, 10) : 0 } : {}),
    });
  }
  return loads;
}

/** A snapshot at `now` that reads `readings` whatever the clock says. */
export function snapshotAt(
  now: number,
  readings: Readings,
  loads: Readonly<Record<string, LoadObservation>>,
): Snapshot {
  return siteSnapshot(now, readings, loads);
}
