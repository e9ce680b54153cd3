import { describe, expect, it } from 'vitest';
import { createSky, type Outdoors, type Weather } from './sky';
import { clearSky, clearSkyPvW } from './sun';

const array = { latitudeDeg: 37.3382, longitudeDeg: -121.8863, pvArrayW: 12_960 };
const MINUTE_MS = 60_000;

function percentile(values: number[], share: number): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

function series(seed: number, weather: Weather, from: string, days: number, stepMs: number): Outdoors[] {
  const sky = createSky(array, seed, weather);
  return Array.from({ length: (days * 86_400_000) / stepMs }, (_, i) => {
    const now = { pvPotentialW: 0, temperatureC: 0, globalWm2: 0 };
    sky.at(Date.parse(from) + i * stepMs, now);
    return now;
  });
}

describe('sun', () => {
  it.each([
    ['2026-06-21', 14.7],
    ['2026-12-21', 9.6],
    ['2026-03-20', 12.1],
  ])('makes %s about %d hours long', (day, hours) => {
    let lit = 0;
    const start = Date.parse(`${day}T08:00:00Z`);
    for (let minute = 0; minute < 1440; minute += 1) {
      if (clearSky(start + minute * MINUTE_MS, array).planeWm2 > 0) lit += 1;
    }
    expect(lit / 60).toBeCloseTo(hours, 0);
  });

  it('is highest at solar noon and dark at night', () => {
    // 121.9° west: noon at about 20:08 UTC less the equation of time.
    const noon = clearSkyPvW(Date.parse('2026-06-21T20:09:00Z'), array);
    expect(noon).toBeGreaterThan(clearSkyPvW(Date.parse('2026-06-21T18:00:00Z'), array));
    expect(noon).toBeGreaterThan(clearSkyPvW(Date.parse('2026-06-21T22:00:00Z'), array));
    expect(noon).toBeGreaterThan(0.65 * array.pvArrayW);
    expect(noon).toBeLessThan(0.9 * array.pvArrayW);
    expect(clearSkyPvW(Date.parse('2026-06-21T08:00:00Z'), array)).toBe(0);
  });

  it('faces north in the southern half', () => {
    const south = { ...array, latitudeDeg: -37 };
    expect(clearSkyPvW(Date.parse('2026-06-21T20:09:00Z'), south)).toBeGreaterThan(0.4 * array.pvArrayW);
  });
});

describe('clouds', () => {
  it.each([
    ['2026-06-15T00:00:00Z', 1],
    ['2026-10-01T00:00:00Z', 2],
    ['2026-04-01T00:00:00Z', 3],
  ])(
    'of broken weather from %s move the array as real ones do: 3.5–5 kW in 5 min, 99th percentile',
    (from, seed) => {
      const values = series(seed, 'broken', from, 28, 5 * MINUTE_MS).map(({ pvPotentialW }) => pvPotentialW);
      const changes = values.slice(1).map((value, i) => Math.abs(value - (values[i] ?? 0)));
      expect(percentile(changes, 0.99)).toBeGreaterThan(3500);
      expect(percentile(changes, 0.99)).toBeLessThan(5000);
    },
  );

  it('leave a clear sky smooth and an overcast one dim', () => {
    const energy = (weather: Weather) =>
      series(1, weather, '2026-05-01T00:00:00Z', 14, 5 * MINUTE_MS).reduce(
        (sum, now) => sum + now.pvPotentialW,
        0,
      );
    const clear = energy('clear');
    expect(energy('overcast') / clear).toBeLessThan(0.4);
    expect(energy('overcast') / clear).toBeGreaterThan(0.1);
    expect(energy('broken') / clear).toBeGreaterThan(0.6);
    expect(energy('broken') / clear).toBeLessThan(0.9);
    const values = series(1, 'clear', '2026-05-01T00:00:00Z', 7, 5 * MINUTE_MS);
    const changes = values
      .slice(1)
      .map((now, i) => Math.abs(now.pvPotentialW - (values[i]?.pvPotentialW ?? 0)));
    expect(Math.max(...changes)).toBeLessThan(600);
  });

  it('make a believable year: 1300–1800 kWh per kWp and every kind of day', () => {
    const days: number[] = [];
    const year = series(1, 'mixed', '2026-01-01T08:00:00Z', 365, 10 * MINUTE_MS);
    for (let day = 0; day < 365; day += 1) {
      days.push(
        year.slice(day * 144, (day + 1) * 144).reduce((sum, now) => sum + now.pvPotentialW / 6000, 0),
      );
    }
    const yieldKwhPerKwp = days.reduce((a, b) => a + b, 0) / 12.96;
    expect(yieldKwhPerKwp).toBeGreaterThan(1300);
    expect(yieldKwhPerKwp).toBeLessThan(1800);
    expect(percentile(days, 0.05)).toBeLessThan(27);
    expect(percentile(days, 0.95)).toBeGreaterThan(65);
  });

  it('belong to the seed', () => {
    const one = series(1, 'mixed', '2026-05-01T00:00:00Z', 2, 5 * MINUTE_MS);
    expect(series(1, 'mixed', '2026-05-01T00:00:00Z', 2, 5 * MINUTE_MS)).toEqual(one);
    expect(series(2, 'mixed', '2026-05-01T00:00:00Z', 2, 5 * MINUTE_MS)).not.toEqual(one);
  });
});

it('keeps the air within what the latitude knows', () => {
  const year = series(4, 'mixed', '2026-01-01T00:00:00Z', 365, 30 * MINUTE_MS).map((now) => now.temperatureC);
  expect(Math.min(...year)).toBeGreaterThan(-10);
  expect(Math.max(...year)).toBeLessThan(42);
  const mean = year.reduce((a, b) => a + b, 0) / year.length;
  expect(mean).toBeGreaterThan(10);
  expect(mean).toBeLessThan(19);
});
