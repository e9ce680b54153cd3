import { addDays } from '@/lib/local-day';
import { DAY_MS } from './cutoffs';

/** So many days of record must follow upon missing ones before what is older goes by the new date. */
const PROOF_DAYS = 7;
/** From one day on record to the next, where at most one is missing between them. */
const LONGEST_STEP_MS = 2 * DAY_MS;

const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/**
 * The moment that deletion goes by, epoch ms. A clock that was put far ahead looks like a site that was off for long: until
 * a week is recorded after days that are missing, time stands still at the last day before them. `days`: the local
 * dates on record, newest first.
 */
export function believedNow(days: readonly string[], now: number): number {
  const today = new Date(now).toISOString().slice(0, 10);
  // A local date may be a day ahead of UTC; what lies further ahead is left from a clock that was wrong.
  const known = days.filter((day) => day <= addDays(today, 1));
  let believed = now;
  let next = today;
  for (const day of known.slice(0, PROOF_DAYS)) {
    if (startOf(next) - startOf(day) > LONGEST_STEP_MS) believed = startOf(day) + DAY_MS;
    next = day;
  }
  return believed;
}
