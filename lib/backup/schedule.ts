import { addDays, localDateOf, startOfLocalHour } from '@/lib/local-day';

/** A failed backup is tried again this much later. */
const RETRY_MS = 60 * 60_000;
/** What lies further ahead of now was stamped by a clock that was wrong, ms. */
export const FUTURE_MS = 24 * 60 * 60_000;

/** The last moment at which a nightly backup was due, epoch ms. */
export function lastDueAt(now: number, hour: number, timeZone: string): number {
  for (let date = localDateOf(now, timeZone); ; date = addDays(date, -1)) {
    const due = startOfLocalHour(date, hour, timeZone);
    if (due <= now) return due;
  }
}

/** The next moment at which one will be due, epoch ms. */
export function nextDueAt(now: number, hour: number, timeZone: string): number {
  for (let date = localDateOf(now, timeZone); ; date = addDays(date, 1)) {
    const due = startOfLocalHour(date, hour, timeZone);
    if (due > now) return due;
  }
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
  const isNew = due < since && since <= now + FUTURE_MS;
  if (isNew || (lastDone !== null && lastDone >= due)) return nextDueAt(now, plan.hour, plan.timeZone);
  if (lastTried === null || lastTried < due) return due;
  return lastTried + RETRY_MS;
}
