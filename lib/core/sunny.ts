import type { Unsure } from './types';

/** One look at the sky; powers in W at the same instant, null where not known. */
export interface SunSample {
  readonly pvW: number | null;
  readonly clearSkyW: number | null;
  readonly forecastW: number | null;
  /** The bank is full, so that PV follows the load and says little about the sun. */
  readonly throttled: boolean;
}

/** Of the clear-sky power (control.md §4). */
const SUNNY_SHARE = 0.6;
const LOWEST_SUN_DEG = 5;
/** Known samples needed, as a share of those in the window. */
const COVERAGE = 0.5;

/**
 * Whether it is sunny: PV, or the forecast while throttled, made at least 60 % of the clear-sky energy of the
 * last 15 min, the sun being above 5°. `samples` are those of that window, evenly spaced. Unknown when the
 * sun's height is, or when less than half of them can be judged.
 */
export function assessSunny(samples: readonly SunSample[], sunElevationDeg: number | null): Unsure {
  if (sunElevationDeg === null) return 'unknown';
  if (sunElevationDeg <= LOWEST_SUN_DEG) return 'no';
  let known = 0;
  let made = 0;
  let possible = 0;
  for (const sample of samples) {
    const powerW = powerOf(sample);
    if (powerW === null || sample.clearSkyW === null) continue;
    known++;
    made += powerW;
    possible += sample.clearSkyW;
  }
  if (known === 0 || known < COVERAGE * samples.length || possible <= 0) return 'unknown';
  return made >= SUNNY_SHARE * possible ? 'yes' : 'no';
}

/** A throttled array shows at least what it is asked for: the forecast counts where it is higher. */
function powerOf({ pvW, forecastW, throttled }: SunSample): number | null {
  if (!throttled) return pvW;
  if (forecastW === null) return null;
  return pvW === null ? forecastW : Math.max(pvW, forecastW);
}
