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
