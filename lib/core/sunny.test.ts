import { describe, expect, it } from 'vitest';
import { assessSunny, type SunnyInput } from './sunny';

/** PV once a minute for fifteen minutes. */
const steady = (...watts: number[]): SunnyInput['samples'] =>
  Array.from({ length: 16 }, (_, i) => ({ at: i * 60_000, pvW: watts[i % watts.length] ?? 0 }));

const sky: SunnyInput = {
  samples: steady(6000),
  clearSkyW: 10_000,
  sunElevationDeg: 30,
  forecastW: null,
  throttled: false,
};

describe('sunny', () => {
  it.each<[string, Partial<SunnyInput>, string]>([
    ['exactly 60 % of clear sky', {}, 'yes'],
    ['just below', { samples: steady(5999) }, 'no'],
    ['the mean counts', { samples: steady(9000, 3000) }, 'yes'],
    ['sun at 5°', { sunElevationDeg: 5 }, 'no'],
    ['sun just above', { sunElevationDeg: 5.1 }, 'yes'],
    ['sun not known', { sunElevationDeg: null }, 'unknown'],
    ['no samples', { samples: [] }, 'unknown'],
    ['samples of the last minutes only', { samples: steady(6000).slice(0, 8) }, 'unknown'],
    ['clear sky not known', { clearSkyW: null }, 'unknown'],
    ['throttled, forecast sunny', { samples: steady(500), forecastW: 8000, throttled: true }, 'yes'],
    ['throttled, forecast dull', { samples: steady(500), forecastW: 2000, throttled: true }, 'no'],
    ['throttled, no forecast', { samples: steady(500), throttled: true }, 'unknown'],
    ['throttled, yet PV alone is enough', { throttled: true }, 'yes'],
    ['not throttled: the forecast does not count', { samples: steady(500), forecastW: 9000 }, 'no'],
  ])('%s', (_what, changes, expected) => {
    expect(assessSunny({ ...sky, ...changes })).toBe(expected);
  });
});
