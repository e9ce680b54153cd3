/** One tier of history on the disk. */
export interface TierGrowth {
  readonly bytesPerDay: number;
  /** How many days it holds already. */
  readonly heldDays: number;
  /** Null = kept for ever. */
  readonly keepDays: number | null;
}

/** Nobody plans further. */
export const MOST_DAYS = 36_500;

/** Whole days until `freeBytes` are used up; each tier grows until it holds what is kept. At most `MOST_DAYS`. */
export function daysLeft(tiers: readonly TierGrowth[], freeBytes: number): number {
  let left = freeBytes;
  for (let day = 0; day < MOST_DAYS; day++) {
    for (const { bytesPerDay, heldDays, keepDays } of tiers) {
      if (keepDays === null || heldDays + day < keepDays) left -= bytesPerDay;
    }
    if (left < 0) return day;
  }
  return MOST_DAYS;
}
