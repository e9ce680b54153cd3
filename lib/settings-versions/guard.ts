import { AppError, type FieldIssue } from '@/lib/errors';
import { etagOf } from './etag';

/** @throws AppError stale when the client's change is based on another version than the stored one. */
export function requireMatch(
  stored: Readonly<Record<string, unknown>>,
  ifMatch: string | null | undefined,
): void {
  if (ifMatch && ifMatch !== etagOf(stored)) {
    throw new AppError(
      'stale',
      'Somebody changed this since you read it. Read it again, then make your change.',
    );
  }
}

/** @throws AppError invalid with all issues, if there are any. */
export function requireNoIssues(issues: readonly FieldIssue[]): void {
  if (issues.length === 0) return;
  throw new AppError(
    'invalid',
    issues
      .map((issue) => issue.message)
      .slice(0, 5)
      .join(' '),
    { issues },
  );
}

export interface Ordering {
  readonly lower: string;
  readonly upper: string;
  /** The two may be equal. */
  readonly orEqual?: boolean;
}

/**
 * One issue per pair that stands in the wrong order; a pair with a missing side is not judged.
 * The path is the field that was `changed`, so that a form marks what was typed.
 */
export function orderingIssues(
  values: Readonly<Record<string, unknown>>,
  orderings: readonly Ordering[],
  options: { changed: Readonly<Record<string, unknown>>; unit: string },
): FieldIssue[] {
  return orderings.flatMap(({ lower, upper, orEqual }) => {
    const low = values[lower];
    const high = values[upper];
    if (typeof low !== 'number' || typeof high !== 'number') return [];
    if (low < high || (orEqual && low === high)) return [];
    const { unit, changed } = options;
    return [
      {
        path: Object.hasOwn(changed, upper) && !Object.hasOwn(changed, lower) ? upper : lower,
        code: 'ordering',
        message: `${lower} (${low} ${unit}) must be ${orEqual ? 'at most' : 'below'} ${upper} (${high} ${unit}).`,
        values: { [lower]: low, [upper]: high },
      },
    ];
  });
}
