import type { WallClock } from '../wall-clock';
import { type Column, type Series, valueAcrossEnd, valueAt } from './series';

const DAY_MS = 86_400_000;

/** A recording laid over our calendar. */
export interface Playback {
  /** Value at an instant of ours; null where nothing was recorded. */
  read(column: Column, nowMs: number): number | null;
}

/**
 * Plays the recording at the same local month, day and time: ours by `ourClock`, the recorded house's by
 * `theirClock`. Where several recorded years hold the moment, the newest counts. 29 February plays the 28th
 * where the recording has none. A recording of a year runs on from its last row into its first.
 */
export function alignPlayback(series: Series, ourClock: WallClock, theirClock: WallClock): Playback {
  const first = series.timesMs[0] ?? 0;
  const last = series.timesMs.at(-1) ?? 0;
  const firstLocalMs = first + theirClock.offsetMs(first);
  const firstYear = yearOf(firstLocalMs);
  const lastYear = yearOf(last + theirClock.offsetMs(last));
  let firstAgainMs = first;
  for (let year = firstYear + 1; firstAgainMs <= last; year += 1) {
    firstAgainMs = theirClock.instantOf(inYear(firstLocalMs, year));
  }
  const readAt = (column: Column, atMs: number) => {
    if (atMs < first || atMs >= firstAgainMs) return null;
    return atMs <= last ? valueAt(series, column, atMs) : valueAcrossEnd(series, column, atMs, firstAgainMs);
  };
  return {
    read(column, nowMs) {
      const ourLocalMs = nowMs + ourClock.offsetMs(nowMs);
      for (let year = lastYear + 1; year >= firstYear; year -= 1) {
        const value = readAt(column, theirClock.instantOf(inYear(ourLocalMs, year)));
        if (value !== null) return value;
      }
      return null;
    },
  };
}

function yearOf(localMs: number): number {
  return new Date(localMs).getUTCFullYear();
}

/** The same month, day and time of day in another year; 28 February where that has no 29th. */
function inYear(localMs: number, year: number): number {
  const date = new Date(localMs);
  const month = date.getUTCMonth();
  const timeOfDayMs = ((localMs % DAY_MS) + DAY_MS) % DAY_MS;
  const day = Date.UTC(year, month, date.getUTCDate());
  return (new Date(day).getUTCMonth() === month ? day : day - DAY_MS) + timeOfDayMs;
}
