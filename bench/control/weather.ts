import type { Playback } from '@/lib/drivers/recording/alignment';
import { createHouse } from '@/lib/drivers/site-physics/house';
import { createSky, type Weather } from '@/lib/drivers/site-physics/sky';
import { clearSky, clearSkyPvW } from '@/lib/drivers/site-physics/sun';
import { createWallClock } from '@/lib/drivers/wall-clock';
import type { BenchSite } from './site';

/** Step of the physics, s. */
export const STEP_SECONDS = 5;
const STEP_MS = STEP_SECONDS * 1000;
const STEPS_PER_MINUTE = 60 / STEP_SECONDS;
const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** What the world does to a house over some days, the same for every policy. */
export interface Conditions {
  readonly startMs: number;
  readonly days: number;
  /** Per step. */
  readonly pvPotentialW: Float32Array;
  readonly houseW: Float32Array;
  readonly temperatureC: Float32Array;
  readonly globalWm2: Float32Array;
  /** Per minute. */
  readonly clearSkyW: Float32Array;
  readonly elevationDeg: Float32Array;
  /** Local wall clock less UTC at the start, ms. */
  readonly utcOffsetMs: number;
}

/** Where sun and household come from: modelled in a kind of weather, or recorded. */
export type Source =
  | { readonly kind: 'modelled'; readonly weather: Weather }
  | {
      readonly kind: 'recorded';
      readonly file: string;
      /** Zone whose wall clock the recorded house lived by. */
      readonly timeZone: string;
      readonly pvScale: number;
    };

interface Period {
  readonly site: BenchSite;
  readonly seed: number;
  readonly source: Source;
  /** The recording, where the source is one. */
  readonly playback: Playback | null;
  readonly startMs: number;
  readonly days: number;
}

/** Works out `days` from local midnight. A gap in a recording is filled by the model, for sun and household alike. */
export function conditionsOf({ site, seed, source, playback, startMs, days }: Period): Conditions {
  const { latitudeDeg, longitudeDeg, pvArrayW } = site;
  const array = { latitudeDeg, longitudeDeg, pvArrayW };
  const sky = createSky(array, seed, source.kind === 'modelled' ? source.weather : 'mixed');
  const house = createHouse(seed);
  const utcOffsetMs = createWallClock(site.timeZone).offsetMs(startMs);
  const steps = (days * DAY_MS) / STEP_MS;
  const minutes = (days * DAY_MS) / MINUTE_MS;
  const conditions: Conditions = {
    startMs,
    days,
    pvPotentialW: new Float32Array(steps),
    houseW: new Float32Array(steps),
    temperatureC: new Float32Array(steps),
    globalWm2: new Float32Array(steps),
    clearSkyW: new Float32Array(minutes),
    elevationDeg: new Float32Array(minutes),
    utcOffsetMs,
  };
  const outdoors = { pvPotentialW: 0, temperatureC: 0, globalWm2: 0 };
  let recordedPvW: number | null = null;
  let recordedLoadW: number | null = null;
  for (let i = 0; i < steps; i += 1) {
    const atMs = startMs + i * STEP_MS;
    sky.at(atMs, outdoors);
    if (playback !== null && i % STEPS_PER_MINUTE === 0) {
      recordedPvW = playback.read('pvW', atMs);
      recordedLoadW = playback.read('loadW', atMs);
    }
    conditions.pvPotentialW[i] =
      source.kind === 'recorded' && recordedPvW !== null
        ? Math.max(0, recordedPvW * source.pvScale)
        : outdoors.pvPotentialW;
    conditions.houseW[i] =
      recordedLoadW !== null
        ? Math.max(0, recordedLoadW)
        : house.loadW(atMs, utcOffsetMs, outdoors.temperatureC);
    conditions.temperatureC[i] = outdoors.temperatureC;
    conditions.globalWm2[i] = outdoors.globalWm2;
  }
  for (let i = 0; i < minutes; i += 1) {
    const atMs = startMs + i * MINUTE_MS;
    conditions.clearSkyW[i] = Math.round(clearSkyPvW(atMs, array));
    conditions.elevationDeg[i] = Math.round(clearSky(atMs, array).elevationDeg * 10) / 10;
  }
  return conditions;
}
