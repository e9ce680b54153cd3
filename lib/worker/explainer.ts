import { setImmediate } from 'node:timers/promises';
import type { ExplainableTick } from '@/lib/core/explain';
import type { Explanation } from '@/lib/core/types';

/** Of a tick, what the search for flips may take: the next one must never be late for it. */
const SEARCH_SHARE = 0.25;

/**
 * Explains every load of each tick, one after the other, with room for other work in between. Where the time does not
 * suffice, the rest go without a flip, and are the first at the next tick.
 */
export class Explainer {
  private firstNext: string | null = null;

  constructor(
    private readonly tickSeconds: number,
    private readonly monotonicMs: () => number,
  ) {}

  /** In the order of `loadIds`; the `changed` ones, whose verdict is new, are searched before all others. */
  async explainAll(
    tick: ExplainableTick,
    loadIds: readonly string[],
    changed: ReadonlySet<string>,
  ): Promise<Explanation[]> {
    const untilMs = this.monotonicMs() + SEARCH_SHARE * this.tickSeconds * 1000;
    const from = loadIds.indexOf(this.firstNext ?? '');
    const inTurn = from < 0 ? loadIds : [...loadIds.slice(from), ...loadIds.slice(0, from)];
    this.firstNext = null;
    const found = new Map<string, Explanation>();
    for (const loadId of [
      ...loadIds.filter((id) => changed.has(id)),
      ...inTurn.filter((id) => !changed.has(id)),
    ]) {
      const late = this.monotonicMs() > untilMs;
      if (late) this.firstNext ??= loadId;
      found.set(loadId, late ? tick.explainWithoutFlip(loadId) : tick.explain(loadId));
      await setImmediate();
    }
    return loadIds.map((loadId) => found.get(loadId)).filter((explanation) => explanation !== undefined);
  }
}
