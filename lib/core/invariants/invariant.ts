import type { WatchedTick } from './watch';

/** What one invariant remembers between ticks, by its own names: plain data. */
export type Marks = Record<string, number>;

/** One row of control.md §8. */
export interface Invariant {
  readonly name: string;
  readonly sentence: string;
  /** What is wrong at this tick, in words that name every load concerned by its id, or null. Keeps its marks up to date. */
  check(tick: WatchedTick, marks: Marks): string | null;
}

/** How long a condition has held, ms; null while it does not. */
export function heldMs(marks: Marks, name: string, clock: number, holds: boolean): number | null {
  if (!holds) {
    delete marks[name];
    return null;
  }
  const since = marks[name] ?? clock;
  marks[name] = since;
  return clock - since;
}
