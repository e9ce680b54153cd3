import { z } from 'zod';
import { addDays } from '@/lib/local-day';
import { PERIODS, type Period } from './energy';

const MOST_DAYS = 3_700;

/** `from` and `to` as local dates, both included; the last 30 days where they are left out. */
export const gainsQuery = z
  .strictObject({
    from: z.iso.date().optional(),
    to: z.iso.date().optional(),
    by: z.enum(PERIODS).optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['from'],
    message: 'must not be after to',
  })
  .refine(({ from, to }) => from === undefined || to === undefined || to <= addDays(from, MOST_DAYS), {
    path: ['from'],
    message: `must be at most ${MOST_DAYS} days before to`,
  });

export interface GainsRange {
  /** Local dates, both included. */
  readonly first: string;
  readonly last: string;
  readonly by: Period;
}

const DEFAULT_DAYS = 30;
const MOST_BY_DAY = 45;
const MOST_BY_WEEK = 200;

/** The dates asked for, and periods that suit their number where none was named. */
export function gainsRange(query: z.output<typeof gainsQuery>, today: string): GainsRange {
  const last = query.to ?? (query.from !== undefined && query.from > today ? query.from : today);
  const first = query.from ?? addDays(last, 1 - DEFAULT_DAYS);
  const days = (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
  const suits = days <= MOST_BY_DAY ? 'day' : days <= MOST_BY_WEEK ? 'week' : 'month';
  return { first, last, by: query.by ?? suits };
}
