import { describe, expect, it, test } from 'vitest';
import { serialiseTelemetry } from '@/lib/telemetry/serialise';
import { extremesOf, historyOf, meanOver, sampled, voltageExtremesOf } from './series';

const START = Date.parse('2026-11-23T19:03:00Z');
const point = (minutes: number, packVoltageV: number | null, simulated = true) => ({
  at: START + minutes * 60_000,
  packVoltageMinV: packVoltageV === null ? null : packVoltageV - 0.1,
  packVoltageV,
  packVoltageMaxV: packVoltageV === null ? null : packVoltageV + 0.1,
  voltageSocPct: packVoltageV === null ? null : 60,
  reportedSocPct: null,
  currentA: 1,
  batteryPowerW: 50,
  batteryTemperatureC: 20,
  pvW: 0,
  loadW: 400,
  gridW: null,
  simulated,
});
const history = (...points: ReturnType<typeof point>[]) =>
  historyOf(serialiseTelemetry({ from: START, to: START + 3_600_000, binSeconds: 60, points }));

describe('historyOf', () => {
  it('keeps a gap a gap and a zero a zero', () => {
    const { points, from, to } = history(point(0, 52), point(1, null), point(2, 51));
    expect([from, to]).toEqual([START, START + 3_600_000]);
    expect(points.map(({ packVoltageV }) => packVoltageV)).toEqual([52, null, 51]);
    expect(points[1]?.voltageRangeV).toBeNull();
    expect(points[0]?.voltageRangeV).toEqual([51.9, 52.1]);
    expect(points[0]?.pvW).toBe(0);
    expect(points[0]?.gridW).toBeNull();
  });

  it('says how much of it comes from a model', () => {
    expect(history(point(0, 52), point(1, 52)).simulated).toBe('all');
    expect(history(point(0, 52), point(1, 52, false)).simulated).toBe('some');
    expect(history(point(0, 52, false)).simulated).toBe('none');
    expect(history().simulated).toBe('none');
  });
});

describe('extremesOf', () => {
  it('finds the first lowest and highest, past what is unknown', () => {
    const { points } = history(point(0, null), point(1, 52), point(2, 49.5), point(3, 53), point(4, 53));
    expect(extremesOf(points, ({ packVoltageV }) => packVoltageV)).toEqual({
      lowest: { value: 49.5, at: START + 120_000 },
      highest: { value: 53, at: START + 180_000 },
    });
    expect(extremesOf(history(point(0, null)).points, ({ packVoltageV }) => packVoltageV)).toBeNull();
  });
});

describe('voltageExtremesOf', () => {
  it('counts the extremes that a bin keeps, not its means', () => {
    const { points } = history(point(1, 52), point(2, 49.5), point(3, 53));
    expect(voltageExtremesOf(points)).toEqual({
      lowest: { value: 49.4, at: START + 120_000 },
      highest: { value: 53.1, at: START + 180_000 },
    });
    expect(voltageExtremesOf(history(point(0, null)).points)).toBeNull();
  });
});

test.each([
  [null, null],
  [300, null],
  [900, '15 min'],
  [3600, 'an hour'],
  [10_800, '3 hours'],
  [86_400, 'a day'],
  [15 * 86_400, '15 days'],
])('values of bins of %s s are means of %s', (binSeconds, words) => {
  expect(meanOver(binSeconds)).toBe(words);
});

describe('sampled', () => {
  it('keeps the ends and at most so many', () => {
    const { points } = history(...Array.from({ length: 100 }, (_, i) => point(i, 50 + i / 100)));
    const rows = sampled(points, 24);
    expect(rows.length).toBe(24);
    expect(rows[0]).toBe(points[0]);
    expect(rows.at(-1)).toBe(points.at(-1));
    expect(sampled(points.slice(0, 3), 24).length).toBe(3);
  });
});
