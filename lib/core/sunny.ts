import type { Unsure } from './types';

/** What the array must reach of a clear sky (control.md §4). */
const SUNNY_SHARE = 0.6;
/** Below this the comparison says nothing: horizon, trees, reflections. */
const LOWEST_SUN_DEG = 5;
/** A shorter record is one cloud or one gap in it, not the weather. */
const LEAST_RECORD_MS = 5 * 60_000;

interface SkyRecord {
  /** PV of the last 15 minutes, oldest first. */
  readonly samples: readonly { readonly at: number; readonly pvW: number }[];
  readonly clearSkyW: number | null;
  readonly sunElevationDeg: number | null;
  readonly forecastW: number | null;
  /** A throttled array shows what is asked of it, not what the sky gives: then the forecast counts. */
  readonly throttled: boolean;
}

/** Whether PV, or the forecast for a throttled array, reaches 60 % of a clear sky with the sun above 5°. */
export function assessSunny(record: SkyRecord): Unsure {
  const { samples, clearSkyW, sunElevationDeg, forecastW, throttled } = record;
  if (sunElevationDeg === null || clearSkyW === null) return 'unknown';
  if (sunElevationDeg <= LOWEST_SUN_DEG) return 'no';
  const neededW = SUNNY_SHARE * clearSkyW;
  if (throttled) return forecastW === null ? 'unknown' : forecastW >= neededW ? 'yes' : 'no';
  const first = samples[0];
  const last = samples[samples.length - 1];
  if (first === undefined || last === undefined || last.at - first.at < LEAST_RECORD_MS) return 'unknown';
  let sumW = 0;
  for (const sample of samples) sumW += sample.pvW;
  return sumW / samples.length >= neededW ? 'yes' : 'no';
}
