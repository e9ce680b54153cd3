import type { LoadState, Snapshot } from '@/lib/core/types';

interface Seen {
  readonly state: LoadState;
  /** When it changed to that, epoch ms; null = nobody saw it change. */
  readonly sinceMs: number | null;
  /** When it was last seen so, epoch ms. */
  readonly at: number;
}

/** Loads as an earlier worker saw them last. */
export interface LastSeen {
  /** Epoch ms. */
  readonly at: number;
  readonly loads: Snapshot['loads'];
  /** Null: still to be read, which may take long. */
  readonly silences: readonly Silence[] | null;
}

/** Nothing was recorded for longer than a switch may be believed unseen: the site was off, or its clock leapt. */
export interface Silence {
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
}

/** As long as a switch may be believed unseen: after a longer gap it may have changed, and back, ms. */
export const LONGEST_GAP_MS = 5 * 60_000;

/** Knows since when each load is as it is: from the change that was seen, over restarts, or not at all. */
export class StateWatch {
  private readonly seen = new Map<string, Seen>();

  /** Goes on from what was recorded last; null = nothing was. */
  begin(last: LastSeen | null): void {
    this.seen.clear();
    for (const [loadId, { state, sinceMs }] of Object.entries(last?.loads ?? {})) {
      if (last && state !== 'unknown') this.seen.set(loadId, { state, sinceMs, at: last.at });
    }
  }

  /** Since when a load that was sampled at `at` is in that state, epoch ms; null = not known. */
  since(loadId: string, state: LoadState, at: number): number | null {
    if (state === 'unknown') return null;
    const last = this.seen.get(loadId);
    const isWatched = last !== undefined && at - last.at <= LONGEST_GAP_MS;
    const unchanged = last?.state === state ? last.sinceMs : at;
    const sinceMs = isWatched ? unchanged : null;
    this.seen.set(loadId, { state, sinceMs, at });
    return sinceMs;
  }
}
