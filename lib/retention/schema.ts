import { z } from 'zod';

/** How many days each tier of history is kept; null = for ever. */
export interface Retention {
  readonly rawDays: number | null;
  readonly minuteDays: number | null;
  readonly quarterDays: number | null;
}

export const DEFAULT_RETENTION: Retention = { rawDays: 30, minuteDays: 365, quarterDays: null };

/** A day and a half of rows must stand behind a roll-up that late rows may still change. */
export const FEWEST_DAYS = 2;
const MOST_DAYS = 36_500;

const days = z.int().min(FEWEST_DAYS).max(MOST_DAYS).nullable();

export const retentionPatch = z
  .strictObject({ raw_days: days, minute_days: days, quarter_days: days })
  .partial();

export type RetentionPatch = z.output<typeof retentionPatch>;
