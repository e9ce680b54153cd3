import type { FieldIssue } from './errors';

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
    // What is no number is refused as that, and says nothing about its neighbours.
    if (Number.isNaN(low) || Number.isNaN(high)) return [];
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
