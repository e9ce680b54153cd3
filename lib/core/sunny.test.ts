import { describe, expect, it } from 'vitest';
import { assessSunny, type SunSample } from './sunny';

const sample = (changes: Partial<SunSample>): SunSample => ({
  pvW: 6000,
  clearSkyW: 10_000,
  forecastW: null,
  throttled: false,
  ...changes,
});

describe('sunny', () => {
  it.each([
    ['exactly 60 % of clear sky', [sample({})], 30, 'yes'],
    ['just below', [sample({ pvW: 5999 })], 30, 'no'],
    ['the mean over the window counts', [sample({ pvW: 9000 }), sample({ pvW: 3000 })], 30, 'yes'],
    ['sun at 5°', [sample({})], 5, 'no'],
    ['sun just above', [sample({})], 5.1, 'yes'],
    ['sun not known', [sample({})], null, 'unknown'],
    ['no samples', [], 30, 'unknown'],
    ['PV not known', [sample({ pvW: null })], 30, 'unknown'],
    ['less than half known', [sample({}), sample({ pvW: null }), sample({ pvW: null })], 30, 'unknown'],
    ['clear sky not known', [sample({ clearSkyW: null })], 30, 'unknown'],
    ['throttled, forecast sunny', [sample({ pvW: 500, forecastW: 8000, throttled: true })], 30, 'yes'],
    ['throttled, forecast dull', [sample({ pvW: 500, forecastW: 2000, throttled: true })], 30, 'no'],
    ['throttled, no forecast', [sample({ pvW: 500, throttled: true })], 30, 'unknown'],
    ['not throttled, forecast ignored', [sample({ pvW: 500, forecastW: 9000 })], 30, 'no'],
  ] as const)('%s', (_what, samples, elevation, expected) => {
    expect(assessSunny(samples, elevation)).toBe(expected);
  });
});
