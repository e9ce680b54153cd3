import { localMinuteOf } from '@/lib/format';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/** A failed backup is tried again this much later. */
const RETRY_MS = 60 * MINUTE_MS;

/** How far `at` is past `hour` on the local clock, minutes, −720 to 719. */
function minutesPast(at: number, hour: number, timeZone: string): number {
  const past = localMinuteOf(at, timeZone) - hour * 60;
  return ((past + DAY_MINUTES + DAY_MINUTES / 2) % DAY_MINUTES) - DAY_MINUTES / 2;
}

/** The moment nearest to `guess` (epoch ms) at which the local clock shows `hour`; the next one where it skips it. */
function atHour(guess: number, hour: number, timeZone: string): number {
  const whole = Math.floor(guess / MINUTE_MS) * MINUTE_MS;
  const near = whole - minutesPast(whole, hour, timeZone) * MINUTE_MS;
  // The clock may have changed in between.
  return near - minutesPast(near, hour, timeZone) * MINUTE_MS;
}

const DAY_MS = DAY_MINUTES * MINUTE_MS;

/** The last moment at which a nightly backup was due, epoch ms. */
export function lastDueAt(now: number, hour: number, timeZone: string): number {
  const near = atHour(now, hour, timeZone);
  return near <= now ? near : atHour(near - DAY_MS, hour, timeZone);
}

/** The next moment at which one will be due, epoch ms. */
export function nextDueAt(now: number, hour: number, timeZone: string): number {
  const near = atHour(now, hour, timeZone);
  return near > now ? near : atHour(near + DAY_MS, hour, timeZone);
}

export interface BackupHistory {
  /** When the folder was chosen, epoch ms. */
  readonly since: number;
  /** When the last one that succeeded began, epoch ms. */
  readonly lastDone: number | null;
  /** When the last one, whatever came of it, began, epoch ms. */
  readonly lastTried: number | null;
}

/** When the next backup begins, epoch ms: one that was missed or failed is made up for. */
export function nextBackupAt(
  now: number,
  plan: { readonly hour: number; readonly timeZone: string },
  { since, lastDone, lastTried }: BackupHistory,
): number {
  const due = lastDueAt(now, plan.hour, plan.timeZone);
  if (due < since || (lastDone !== null && lastDone >= due)) return nextDueAt(now, plan.hour, plan.timeZone);
  if (lastTried === null || lastTried < due) return due;
  return lastTried + RETRY_MS;
}
