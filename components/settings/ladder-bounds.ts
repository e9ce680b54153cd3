import type { Ordering } from '@/lib/ordering';

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

type Values = Readonly<Record<string, unknown>>;

/** Settings are stored with two decimals; anything finer is the noise of floating point. */
const rounded = (value: number) => Math.round(value * 100) / 100;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/**
 * How far a rung can move while its neighbours stay: up to what `orderings` allow, one `step` short of it where two may
 * not be equal. A neighbour that is not given sets no bound.
 */
export function boundsOf(
  name: string,
  values: Values,
  options: { readonly orderings: readonly Ordering[]; readonly step: number; readonly limits: Bounds },
): Bounds {
  const { orderings, step, limits } = options;
  let { min, max } = limits;
  for (const { lower, upper, orEqual } of orderings) {
    const gap = orEqual ? 0 : step;
    const below = values[lower];
    const above = values[upper];
    if (upper === name && isNumber(below)) min = Math.max(min, rounded(below + gap));
    if (lower === name && isNumber(above)) max = Math.min(max, rounded(above - gap));
  }
  return { min, max };
}

/** A dragged value on the grid of `step` and within its bounds; null where typed neighbours leave no room at all. */
export function movedTo(value: number, step: number, { min, max }: Bounds): number | null {
  if (min > max) return null;
  const onGrid = rounded(Math.round(value / step) * step);
  return Math.min(max, Math.max(min, onGrid));
}
