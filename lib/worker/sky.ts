import { assessSunny } from '@/lib/core/sunny';
import type { MaybeReading, Sky } from '@/lib/core/types';
import { clearSky, clearSkyPvW } from '@/lib/drivers/site-physics/sun';
import type { SiteFacts } from '@/lib/drivers/types';

interface Look {
  /** Epoch ms. */
  readonly now: number;
  /** Null: nobody knows where the site is. */
  readonly facts: SiteFacts | null;
  readonly pv: MaybeReading;
  /** The array was held back at the last tick. */
  readonly throttled: boolean;
}

export interface SkyWatch {
  look(at: Look): Sky;
}

/** PV over this long says whether it is sunny (control.md §4). */
const WINDOW_MS = 15 * 60_000;

/** Follows the sun and how much of it the array gets. */
export function createSkyWatch(): SkyWatch {
  let samples: { at: number; pvW: number }[] = [];
  return {
    look({ now, facts, pv, throttled }) {
      if (pv && samples.at(-1)?.at !== pv.sampleAt) samples.push({ at: pv.sampleAt, pvW: pv.value });
      samples = samples.filter(({ at }) => at > now - WINDOW_MS && at <= now);
      if (!facts || facts.pvArrayW <= 0) {
        return { clearSkyW: null, forecastW: null, sunny: 'unknown', sunElevationDeg: null };
      }
      const clearSkyW = Math.round(clearSkyPvW(now, facts));
      const sunElevationDeg = Math.round(clearSky(now, facts).elevationDeg * 10) / 10 + 0;
      return {
        clearSkyW,
        forecastW: null,
        sunElevationDeg,
        sunny: assessSunny({ samples, clearSkyW, sunElevationDeg, forecastW: null, throttled }),
      };
    },
  };
}
