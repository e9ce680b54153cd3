import type { FieldIssue } from '@/lib/errors';
import { type Ordering, orderingIssues } from '@/lib/ordering';

/** CHECK valid_miner_voltages, pair by pair. */
export const MINER_ORDERINGS: readonly Ordering[] = [
  { lower: 'emergency_stop_voltage', upper: 'stop_voltage' },
  { lower: 'stop_voltage', upper: 'start_voltage' },
];

type Wire = Readonly<Record<string, unknown>>;

/** Every rule that `next` breaks, named by both fields and both values; `asked` is what the client sent. */
export function minerIssues(next: Wire, asked: Wire): FieldIssue[] {
  return orderingIssues(next, MINER_ORDERINGS, { changed: asked, unit: 'V' });
}

/**
 * For forms alone: the API takes one hour without the other, which is no schedule (control.md §4), but whoever fills in
 * one of two fields means hours.
 */
export function halfScheduleIssues(next: Wire, asked: Wire): FieldIssue[] {
  const { prefer_time_start: start, prefer_time_end: end } = next;
  const isAsked = 'prefer_time_start' in asked || 'prefer_time_end' in asked;
  if (!isAsked || (start === null) === (end === null)) return [];
  return [
    {
      path: start === null ? 'prefer_time_start' : 'prefer_time_end',
      code: 'both_or_none',
      message:
        'Both hours are needed: one alone is no schedule. Fill in the other one too, or empty both for any time of day.',
      values: { prefer_time_start: start, prefer_time_end: end },
    },
  ];
}
