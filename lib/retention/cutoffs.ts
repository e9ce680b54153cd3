import type { Retention } from './schema';

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

/** Before when the rows of each tier go, epoch ms; null = none go. */
export interface Cutoffs {
  readonly raw: number | null;
  readonly minutes: number | null;
  readonly quarters: number | null;
}

/** The age at which a tier's rows go, as an instant; null = never. */
export const keptSince = (days: number | null, now: number): number | null =>
  days === null ? null : now - days * DAY_MS;

/**
 * What a retention deletes at `now`, epoch ms. `finalBefore`: raw rows before it may go, as they are rolled up for good;
 * null = none may, and then nothing goes. A finer tier that may still change keeps a day of the coarser one before it.
 */
export function cutoffsOf(
  retention: Retention,
  { now, finalBefore }: { readonly now: number; readonly finalBefore: number | null },
): Cutoffs {
  const dayBefore = (limit: number | null, finer: number | null) =>
    limit === null || finer === null ? null : Math.min(limit, finer) - DAY_MS;
  const minutes = dayBefore(keptSince(retention.minuteDays, now), finalBefore);
  return { raw: finalBefore, minutes, quarters: dayBefore(keptSince(retention.quarterDays, now), minutes) };
}
