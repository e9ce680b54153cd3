import type { Unsure } from './types';

export interface SunnyInput {
  /** PV of the last 15 min, oldest first; `at` in epoch ms. */
  readonly samples: readonly { readonly at: number; readonly pvW: number }[];
  /** PV that a clear sky would give, W. */
  readonly clearSkyW: number | null;
  readonly sunElevationDeg: number | null;
  readonly forecastW: number | null;
  /** The bank is full, so that PV follows the load and says little about the sun. */
  readonly throttled: boolean;
}

/** Of the clear-sky power (control.md §4). */
const SUNNY_SHARE = 0.6;
const LOWEST_SUN_DEG = 5;
/** Samples must reach back at least this far: half of the quarter of an hour that is judged. */
const SHORTEST_SPAN_MS = 7.5 * 60_000;

/**
 * Whether it is sunny: the mean PV of 15 min, or the forecast while throttled, is at least 60 % of clear sky,
 * the sun being above 5°. Unknown where one of them is not known or the samples do not reach back far enough.
 */
export function assessSunny(input: SunnyInput): Unsure {
  const { clearSkyW, sunElevationDeg, throttled, forecastW } = input;
  if (sunElevationDeg === null) return 'unknown';
  if (sunElevationDeg <= LOWEST_SUN_DEG) return 'no';
  if (clearSkyW === null || clearSkyW <= 0) return 'unknown';
  const pvW = meanW(input.samples);
  const enough = SUNNY_SHARE * clearSkyW;
  // A throttled array gives at least what it shows.
  if (pvW !== null && pvW >= enough) return 'yes';
  if (!throttled) return pvW === null ? 'unknown' : 'no';
  if (forecastW === null) return 'unknown';
  return forecastW >= enough ? 'yes' : 'no';
}

function meanW(samples: SunnyInput['samples']): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.at - first.at < SHORTEST_SPAN_MS) return null;
  return samples.reduce((sum, { pvW }) => sum + pvW, 0) / samples.length;
}
