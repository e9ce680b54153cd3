import { expect, test } from 'vitest';
import { assessSunny } from './sunny';

const MINUTE = 60_000;
const record = (pvW: number, minutes: number) =>
  Array.from({ length: minutes + 1 }, (_, i) => ({ at: i * MINUTE, pvW }));
const clear = { clearSkyW: 10_000, sunElevationDeg: 40, forecastW: null, throttled: false };

test.each([
  ['60 % of a clear sky', { ...clear, samples: record(6000, 15) }, 'yes'],
  ['just below', { ...clear, samples: record(5999, 15) }, 'no'],
  [
    'the mean counts, not the last cloud',
    { ...clear, samples: [...record(9000, 14), { at: 15 * MINUTE, pvW: 0 }] },
    'yes',
  ],
  ['too short a record', { ...clear, samples: record(9000, 4) }, 'unknown'],
  ['nothing measured', { ...clear, samples: [] }, 'unknown'],
  ['the sun at 5°', { ...clear, sunElevationDeg: 5, samples: record(9000, 15) }, 'no'],
  ['no array size', { ...clear, clearSkyW: null, samples: record(9000, 15) }, 'unknown'],
  ['throttled without a forecast', { ...clear, throttled: true, samples: record(500, 15) }, 'unknown'],
  [
    'throttled, a good forecast',
    { ...clear, throttled: true, forecastW: 6000, samples: record(500, 15) },
    'yes',
  ],
  [
    'throttled, a bad forecast',
    { ...clear, throttled: true, forecastW: 5900, samples: record(9000, 15) },
    'no',
  ],
] as const)('%s', (_what, input, expected) => {
  expect(assessSunny(input)).toBe(expected);
});
