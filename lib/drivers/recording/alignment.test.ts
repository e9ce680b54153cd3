import { describe, expect, it } from 'vitest';
import { createWallClock } from '../wall-clock';
import { alignPlayback } from './alignment';
import type { Series } from './series';

/** Rows every `stepMinutes` whose PV is the count of minutes since the first. */
function counting(from: string, rows: number, stepMinutes: number): Series {
  const start = Date.parse(from);
  return {
    timesMs: Float64Array.from({ length: rows }, (_, i) => start + i * stepMinutes * 60_000),
    columns: { pvW: Float64Array.from({ length: rows }, (_, i) => i * stepMinutes) },
    stepMs: stepMinutes * 60_000,
  };
}
function play(series: Series, ours: string, theirs: string) {
  const playback = alignPlayback(series, createWallClock(ours), createWallClock(theirs));
  return (at: string) => playback.read('pvW', Date.parse(at));
}
const minutes = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 60_000;

describe('alignment', () => {
  const year = counting('2024-02-28T21:00:00Z', 17_520, 30);

  it('plays the same local month, day and time in another zone and year', () => {
    const at = play(year, 'America/Los_Angeles', 'Europe/Paris');
    // Noon on 4 July in California is noon on 4 July in France.
    expect(at('2026-07-04T19:00:00Z')).toBe(minutes('2024-02-28T21:00:00Z', '2024-07-04T10:00:00Z'));
    expect(at('2026-12-24T20:10:00Z')).toBeCloseTo(
      minutes('2024-02-28T21:00:00Z', '2024-12-24T11:10:00Z'),
      6,
    );
    expect(at('2027-02-10T20:10:00Z')).toBeCloseTo(
      minutes('2024-02-28T21:00:00Z', '2025-02-10T11:10:00Z'),
      6,
    );
  });

  it('keeps wall clocks together on the days that change them', () => {
    const at = play(year, 'Europe/Paris', 'Europe/Paris');
    // 2026 changes on 29 March, 2024 on 31 March: at 12:00 by the clock both are at 12:00.
    expect(at('2026-03-30T10:00:00Z')).toBe(minutes('2024-02-28T21:00:00Z', '2024-03-30T11:00:00Z'));
    // The repeated hour of October plays twice, the way there and back is whole.
    const first = at('2026-10-25T00:30:00Z');
    expect(at('2026-10-25T01:30:00Z')).toBe(first);
    expect(at('2026-10-25T02:30:00Z')).toBe((first ?? 0) + 60);
    for (let m = 0; m < 48 * 60; m += 10) {
      expect(at(new Date(Date.parse('2026-03-28T12:00:00Z') + m * 60_000).toISOString())).not.toBeNull();
    }
  });

  it('plays 28 February again where the recording has no 29th, and leaves a 29th out in other years', () => {
    const plain = play(counting('2025-01-01T00:00:00Z', 17_520, 30), 'UTC', 'UTC');
    expect(plain('2028-02-29T06:00:00Z')).toBe(plain('2027-02-28T06:00:00Z'));
    const leap = play(counting('2024-01-01T00:00:00Z', 17_568, 30), 'UTC', 'UTC');
    expect(leap('2028-02-29T06:00:00Z')).toBe(minutes('2024-01-01T00:00:00Z', '2024-02-29T06:00:00Z'));
    expect(leap('2027-03-01T00:00:00Z')).toBe(minutes('2024-01-01T00:00:00Z', '2024-03-01T00:00:00Z'));
  });

  it('runs on from the end of the year into its beginning', () => {
    const at = play(counting('2025-01-01T00:00:00Z', 17_520, 30), 'UTC', 'UTC');
    const end = minutes('2025-01-01T00:00:00Z', '2025-12-31T23:30:00Z');
    expect(at('2026-12-31T23:30:00Z')).toBe(end);
    expect(at('2026-12-31T23:45:00Z')).toBe(end / 2);
    expect(at('2027-01-01T00:00:00Z')).toBe(0);
  });

  it('is silent where nothing was recorded', () => {
    const week = play(counting('2025-06-01T00:00:00Z', 336, 30), 'UTC', 'UTC');
    expect(week('2026-06-03T12:00:00Z')).not.toBeNull();
    expect(week('2026-05-31T23:50:00Z')).toBeNull();
    expect(week('2026-06-08T12:00:00Z')).toBeNull();
    expect(week('2026-12-24T12:00:00Z')).toBeNull();
  });

  it('takes the newest of several years', () => {
    const at = play(counting('2023-01-01T00:00:00Z', 2.5 * 17_520, 30), 'UTC', 'UTC');
    expect(at('2026-03-01T00:00:00Z')).toBe(minutes('2023-01-01T00:00:00Z', '2025-03-01T00:00:00Z'));
    expect(at('2026-11-01T00:00:00Z')).toBe(minutes('2023-01-01T00:00:00Z', '2024-11-01T00:00:00Z'));
  });
});
