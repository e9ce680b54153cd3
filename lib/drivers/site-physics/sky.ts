import { normal, smoothNoise } from './random';
import { arrayPowerW, type ClearSky, clearSky, type PvArray } from './sun';

export const WEATHERS = ['mixed', 'clear', 'broken', 'overcast'] as const;
export type Weather = (typeof WEATHERS)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const stream = { front: 11, drift: 12, heap: 13, puff: 14, wisp: 15, depth: 16, warmth: 17, swing: 18 };

/** Outdoors at one instant. */
export interface Outdoors {
  /** What the array could give, W. */
  pvPotentialW: number;
  temperatureC: number;
  /** Irradiance on level ground, W/m². */
  globalWm2: number;
}

/** Sun, clouds and air over a site, as a function of time alone. */
export interface Sky {
  /** Fills `into`; times may come in any order. */
  at(atMs: number, into: Outdoors): void;
}

/** Sky over `array` with the weather that belongs to `seed`. */
export function createSky(array: PvArray, seed: number, weather: Weather = 'mixed'): Sky {
  // The sun moves smoothly: its two nearest whole minutes are enough.
  const before: ClearSky = { elevationDeg: 0, planeWm2: 0, globalWm2: 0 };
  const after: ClearSky = { elevationDeg: 0, planeWm2: 0, globalWm2: 0 };
  let minute = Number.NaN;
  return {
    at(atMs, into) {
      const wanted = Math.floor(atMs / MINUTE_MS);
      if (wanted !== minute) {
        minute = wanted;
        clearSky(minute * MINUTE_MS, array, before);
        clearSky((minute + 1) * MINUTE_MS, array, after);
      }
      const f = atMs / MINUTE_MS - minute;
      const planeWm2 = before.planeWm2 * (1 - f) + after.planeWm2 * f;
      const passing = planeWm2 > 0 ? transmittance(atMs, seed, weather) : 0;
      into.temperatureC = outdoorC(atMs, array, seed);
      into.globalWm2 = (before.globalWm2 * (1 - f) + after.globalWm2 * f) * passing;
      into.pvPotentialW = arrayPowerW(planeWm2 * passing, into.temperatureC, array.pvArrayW);
    },
  };
}

/** Share of the sky that clouds cover, 0–1: fronts over a day or two, drift over hours. */
function cloudiness(atMs: number, seed: number, weather: Weather): number {
  const drift = smoothNoise(seed, stream.drift, atMs / (5 * HOUR_MS)) - 0.5;
  switch (weather) {
    case 'clear':
      return 0;
    case 'overcast':
      return clamp01(0.97 + 0.1 * drift);
    case 'broken':
      return clamp01(0.5 + 0.3 * drift);
    case 'mixed':
      return clamp01(-0.5 + 1.65 * smoothNoise(seed, stream.front, atMs / (24 * HOUR_MS)) + 0.5 * drift);
  }
}

/**
 * What clouds let through, as a share of the clear-sky irradiance. Heaps of clouds minutes across pass over
 * the array, each with its own depth; their bright edges lift the sun a little; a closed cover dims all.
 */
export function transmittance(atMs: number, seed: number, weather: Weather): number {
  const cover = cloudiness(atMs, seed, weather);
  if (cover <= 0) return 1;
  const field =
    0.6 * smoothNoise(seed, stream.heap, atMs / (24 * MINUTE_MS)) +
    0.3 * smoothNoise(seed, stream.puff, atMs / (10 * MINUTE_MS)) +
    0.1 * smoothNoise(seed, stream.wisp, atMs / (3 * MINUTE_MS));
  // The field lies within about 0.2–0.8; an edge takes its light over roughly half a minute.
  const inCloud = smoothStep((0.16 + 0.68 * cover - field) / 0.05 + 0.5);
  const depth = 0.28 + 0.42 * smoothNoise(seed, stream.depth, atMs / (25 * MINUTE_MS));
  const edge = cover < 0.75 ? 1 + 0.12 * cover * (1 - inCloud) : 1;
  const closed = 1 - 0.45 * smoothStep((cover - 0.7) / 0.3);
  return edge * closed * (1 - inCloud * depth);
}

/** Outdoor air, °C: year and day as the latitude makes them, with warm and cold spells of a few days. */
function outdoorC(atMs: number, { latitudeDeg, longitudeDeg }: PvArray, seed: number): number {
  const north = latitudeDeg >= 0 ? 0 : 0.5;
  // Days since the coldest day of the northern year, about 20 January.
  const year = ((atMs - 1_705_708_800_000) / (365.25 * DAY_MS) + north) % 1;
  const solarDay = atMs / DAY_MS + longitudeDeg / 360;
  const steep = Math.abs(latitudeDeg);
  const seasonC = 27 - 0.35 * steep - 0.2 * steep * Math.cos(2 * Math.PI * year);
  const spell = normal(seed, stream.warmth, Math.floor(solarDay / 3));
  const next = normal(seed, stream.warmth, Math.floor(solarDay / 3) + 1);
  const f = solarDay / 3 - Math.floor(solarDay / 3);
  const spellC = 3.5 * (spell * (1 - f) + next * f);
  const swingC = 4 + 3 * smoothNoise(seed, stream.swing, solarDay);
  // Warmest at three in the afternoon, solar time.
  return seasonC + spellC + swingC * Math.cos(2 * Math.PI * (solarDay - 15 / 24));
}

function clamp01(x: number): number {
  return Math.min(1, Math.max(0, x));
}

function smoothStep(x: number): number {
  const f = clamp01(x);
  return f * f * (3 - 2 * f);
}
