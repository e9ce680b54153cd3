import { smoothNoise, uniform } from './random';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

interface Appliance {
  readonly stream: number;
  readonly powerW: number;
  readonly minutes: number;
  /** At most one run in each slot of the local day. */
  readonly slotMinutes: number;
  /** Chance of a run in a slot by local hour: pairs of [from hour, chance], ascending, from 0. */
  readonly chance: readonly (readonly [fromHour: number, chance: number])[];
}

/** Together with the base load about 18 kWh a day: a ranch house that cooks, washes and pumps by itself. */
const APPLIANCES: readonly Appliance[] = [
  { stream: 31, powerW: 140, minutes: 17, slotMinutes: 40, chance: [[0, 1]] },
  {
    stream: 32,
    powerW: 1100,
    minutes: 6,
    slotMinutes: 30,
    chance: [
      [0, 0.05],
      [6, 0.5],
      [10, 0.25],
      [17, 0.5],
      [22, 0.1],
    ],
  },
  {
    stream: 33,
    powerW: 1800,
    minutes: 4,
    slotMinutes: 20,
    chance: [
      [0, 0.01],
      [6, 0.4],
      [9, 0.12],
      [12, 0.3],
      [14, 0.1],
      [18, 0.3],
      [21, 0.08],
    ],
  },
  {
    stream: 34,
    powerW: 2200,
    minutes: 24,
    slotMinutes: 60,
    chance: [
      [0, 0],
      [7, 0.3],
      [9, 0.02],
      [12, 0.35],
      [13, 0.05],
      [17, 0.45],
      [19, 0.35],
      [20, 0.05],
      [22, 0],
    ],
  },
  {
    stream: 35,
    powerW: 1900,
    minutes: 32,
    slotMinutes: 120,
    chance: [
      [0, 0],
      [8, 0.25],
      [18, 0.15],
      [22, 0],
    ],
  },
  {
    stream: 36,
    powerW: 450,
    minutes: 80,
    slotMinutes: 240,
    chance: [
      [0, 0.1],
      [4, 0.85],
      [12, 0.7],
      [20, 0.6],
    ],
  },
  {
    stream: 37,
    powerW: 1400,
    minutes: 14,
    slotMinutes: 60,
    chance: [
      [0, 0],
      [9, 0.2],
      [17, 0],
    ],
  },
];
const baseStream = { level: 41, light: 42 };

/** The household without miners, heaters and fans of ours, as a function of time. */
export interface House {
  /** W at `atMs`, local wall clock = UTC + `utcOffsetMs`. */
  loadW(atMs: number, utcOffsetMs: number, outdoorC: number): number;
}

export function createHouse(seed: number): House {
  return {
    loadW(atMs, utcOffsetMs, outdoorC) {
      const localMs = atMs + utcOffsetMs;
      const hour = (localMs / HOUR_MS) % 24;
      let loadW = 170 + 80 * smoothNoise(seed, baseStream.level, localMs / (2 * HOUR_MS));
      loadW += lightsW(hour) * (0.5 + 0.7 * smoothNoise(seed, baseStream.light, localMs / HOUR_MS));
      for (const appliance of APPLIANCES) loadW += runningW(appliance, seed, localMs);
      return loadW + climateW(hour, outdoorC);
    },
  };
}

function runningW(appliance: Appliance, seed: number, localMs: number): number {
  const slotMs = appliance.slotMinutes * MINUTE_MS;
  const slot = Math.floor(localMs / slotMs);
  const startHour = ((slot * slotMs) / HOUR_MS) % 24;
  if (uniform(seed, appliance.stream, slot) >= chanceAt(appliance.chance, startHour)) return 0;
  const runMs = appliance.minutes * MINUTE_MS * (0.7 + 0.6 * uniform(seed, appliance.stream + 100, slot));
  const beginsMs = uniform(seed, appliance.stream + 200, slot) * Math.max(0, slotMs - runMs);
  const sinceMs = localMs - slot * slotMs - beginsMs;
  return sinceMs >= 0 && sinceMs < runMs ? appliance.powerW : 0;
}

function chanceAt(chance: Appliance['chance'], hour: number): number {
  let found = 0;
  for (const [fromHour, value] of chance) {
    if (hour < fromHour) break;
    found = value;
  }
  return found;
}

function lightsW(hour: number): number {
  if (hour < 5.5) return 30;
  if (hour < 8) return 160;
  if (hour < 17) return 110;
  return hour < 22.5 ? 340 : 90;
}

/** A small heat pump: heats below 14 °C, cools above 25 °C, half of it at night. */
function climateW(hour: number, outdoorC: number): number {
  const wantedW = outdoorC < 14 ? 20 * (14 - outdoorC) + 50 : outdoorC > 25 ? 60 * (outdoorC - 25) + 100 : 0;
  return Math.min(1500, wantedW) * (hour < 6 || hour >= 23 ? 0.5 : 1);
}
