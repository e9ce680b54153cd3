import type { FieldIssue } from '@/lib/errors';
import { counted } from '@/lib/format';

type Wire = Readonly<Record<string, unknown>>;

const PAIRS = [
  ['raw_days', 'minute_days'],
  ['minute_days', 'quarter_days'],
] as const;

/** Null: for ever. */
const daysOf = (value: unknown) => (typeof value === 'number' ? value : Number.POSITIVE_INFINITY);
const words = (value: unknown) => (typeof value === 'number' ? counted(value, 'day') : 'for ever');
/** A form may hold what is no number yet; its own field says so. */
const isLegible = (value: unknown) => !Number.isNaN(value);

/** A coarser tier is made from the one below it, so it is kept at least as long. */
export function retentionIssues(next: Wire, asked: Wire): FieldIssue[] {
  return PAIRS.flatMap(([finer, coarser]) => {
    if (!isLegible(next[finer]) || !isLegible(next[coarser])) return [];
    if (daysOf(next[finer]) <= daysOf(next[coarser])) return [];
    return [
      {
        path: Object.hasOwn(asked, coarser) && !Object.hasOwn(asked, finer) ? coarser : finer,
        code: 'ordering',
        message: `${finer} (${words(next[finer])}) must be at most ${coarser} (${words(next[coarser])}).`,
        values: { [finer]: next[finer], [coarser]: next[coarser] },
      },
    ];
  });
}
