import { setImmediate } from 'node:timers/promises';
import { explainable } from '@/lib/core/explain';
import type { DecideInput, Explanation } from '@/lib/core/types';

/** Of a tick, what the search for flips may take: the next one must never be late for it. */
const SEARCH_SHARE = 0.25;

/**
 * Explains every load of each tick, one after the other, with room for other work in between. Where the time does not
 * suffice, the rest go without a flip, and are the first at the next tick.
 */
export class Explainer {
  private from = 0;

  constructor(
    private readonly tickSeconds: number,
    private readonly monotonicMs: () => number,
  ) {}

  /** In the order of `loadIds`; what is `known` of this tick is not worked out again. */
  async explainAll(
    input: DecideInput,
    loadIds: readonly string[],
    known: ReadonlyMap<string, Explanation>,
  ): Promise<Explanation[]> {
    const tick = explainable(input);
    const untilMs = this.monotonicMs() + SEARCH_SHARE * this.tickSeconds * 1000;
    const found = new Map(known);
    const from = this.from < loadIds.length ? this.from : 0;
    this.from = 0;
    let late = false;
    for (let i = 0; i < loadIds.length; i++) {
      const index = (from + i) % loadIds.length;
      const loadId = loadIds[index];
      if (loadId === undefined || found.has(loadId)) continue;
      if (!late && this.monotonicMs() > untilMs) {
        late = true;
        this.from = index;
      }
      found.set(loadId, late ? tick.explainWithoutFlip(loadId) : tick.explain(loadId));
      await setImmediate();
    }
    return loadIds.map((loadId) => found.get(loadId)).filter((explanation) => explanation !== undefined);
  }
}
