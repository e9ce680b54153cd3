import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide';
import { type Decide, play, stepsOf } from './invariants/sequence.case';

/**
 * Sequences of ticks on a crude bank whose loads obey late, badly or not at all, with sensor faults, clock jumps,
 * changes of settings, overrides and restarts; every tick is judged by the invariants of control.md §8.
 */

const TICKS = 400;

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/** Throws where the kernel changes what it was given. */
const decideFrozen: Decide = (input) => decide(deepFreeze(input));

describe('invariants over random sequences of ticks', () => {
  it('holds I1–I16 with faults, jumps, overrides and restarts', () => {
    let starts = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), (seed) => {
        const outcome = play(seed, stepsOf(TICKS), { decide: decideFrozen });
        starts += outcome.starts;
        expect(outcome.failure?.violations ?? []).toEqual([]);
      }),
      { seed: 20_260_615, numRuns: 50 },
    );
    // A kernel that starts nothing would hold nearly every invariant.
    expect(starts).toBeGreaterThan(40);
  }, 240_000);
});
