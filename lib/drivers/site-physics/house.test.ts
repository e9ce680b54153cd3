import { expect, it } from 'vitest';
import { createHouse } from './house';

function day(seed: number, index: number, outdoorC = 18): number[] {
  const house = createHouse(seed);
  const start = Date.parse('2026-05-01T00:00:00Z') + index * 86_400_000;
  return Array.from({ length: 1440 }, (_, minute) => house.loadW(start + minute * 60_000, 0, outdoorC));
}

it('uses 10–28 kWh a day, never nothing, never more than its wiring', () => {
  for (let index = 0; index < 60; index += 1) {
    const watts = day(1, index);
    const kwh = watts.reduce((sum, w) => sum + w / 60_000, 0);
    expect(kwh).toBeGreaterThan(10);
    expect(kwh).toBeLessThan(28);
    expect(Math.min(...watts)).toBeGreaterThan(150);
    expect(Math.max(...watts)).toBeLessThan(10_000);
  }
});

it('sleeps at night and cooks in the evening, by the local clock', () => {
  const days = Array.from({ length: 30 }, (_, index) => day(1, index));
  const mean = (fromHour: number, toHour: number) => {
    const values = days.flatMap((watts) => watts.slice(fromHour * 60, toHour * 60));
    return values.reduce((a, b) => a + b, 0) / values.length;
  };
  expect(mean(17, 21)).toBeGreaterThan(1.8 * mean(1, 5));
  const house = createHouse(1);
  const at = Date.parse('2026-05-02T03:00:00Z');
  expect(house.loadW(at, -8 * 3_600_000, 18)).toBe(house.loadW(at - 8 * 3_600_000, 0, 18));
});

it('heats in the cold and cools in the heat', () => {
  const sum = (outdoorC: number) => day(1, 3, outdoorC).reduce((a, b) => a + b, 0);
  expect(sum(0)).toBeGreaterThan(sum(18));
  expect(sum(35)).toBeGreaterThan(sum(18));
});

it('has the habits of its seed', () => {
  expect(day(7, 2)).toEqual(day(7, 2));
  expect(day(8, 2)).not.toEqual(day(7, 2));
});
