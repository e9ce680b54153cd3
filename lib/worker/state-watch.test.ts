import { describe, expect, it } from 'vitest';
import type { LoadObservation, LoadState } from '@/lib/core/types';
import { StateWatch } from './state-watch';

const MINUTE = 60_000;
const START = Date.UTC(2026, 5, 1, 12);

const seen = (state: LoadState, sinceMs: number | null): LoadObservation => ({
  kind: 'miner',
  state,
  sinceMs,
  powerW: null,
  insideMeasuredLoad: false,
  reachable: true,
});

/** Since when, in minutes after the start, by [minute, state] as sampled. */
function follow(watch: StateWatch, samples: readonly (readonly [number, LoadState])[]) {
  return samples.map(([minute, state]) => {
    const since = watch.since('miner', state, START + minute * MINUTE);
    return since === null ? null : (since - START) / MINUTE;
  });
}

describe('since when a load is as it is', () => {
  it('is the change that was seen, and not known before there was one', () => {
    const samples = [
      [0, 'off'],
      [1, 'off'],
      [2, 'ramping'],
      [3, 'on'],
      [4, 'on'],
      [5, 'off'],
      [6, 'off'],
    ] as const;
    expect(follow(new StateWatch(), samples)).toEqual([null, null, 2, 3, 3, 5, 5]);
  });

  it('goes on over a short silence, and is not known after a long one', () => {
    const watch = new StateWatch();
    expect(
      follow(watch, [
        [0, 'off'],
        [1, 'on'],
        [5, 'on'],
        [11, 'on'],
        [12, 'on'],
        [13, 'off'],
        [30, 'on'],
      ]),
    ).toEqual([null, 1, 1, null, null, 13, null]);
  });

  it('of a load whose state is not known is not known', () => {
    expect(
      follow(new StateWatch(), [
        [0, 'off'],
        [1, 'on'],
        [2, 'unknown'],
        [3, 'on'],
      ]),
    ).toEqual([null, 1, null, 1]);
  });

  it('goes on from what an earlier worker recorded, if that was just now', () => {
    const left = (minutes: number, state: LoadState, recorded = seen('off', START - 300 * MINUTE)) => {
      const watch = new StateWatch();
      watch.begin({ at: START, loads: { miner: recorded }, silences: [] });
      return follow(watch, [[minutes, state]])[0];
    };
    expect(left(1, 'off')).toBe(-300);
    expect(left(1, 'on')).toBe(1);
    expect(left(60, 'off')).toBeNull();
    expect(left(1, 'off', seen('off', null))).toBeNull();
    expect(left(1, 'off', seen('unknown', null))).toBeNull();
  });
});
