import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, resultOf } from './decide';
import { type Decide, play, stepsOf } from './invariants/sequence.case';
import { Session } from './session';

const TICKS = 200;

/** Decides as `decide` does, and lets a session live through the same ticks beside it. */
function besideASession(count: { folded: number; opened: number }): Decide {
  let session: Session | null = null;
  let config: unknown = null;
  let expected = '';
  return (input) => {
    const result = decide(input);
    const goesOn = session !== null && config === input.config && JSON.stringify(input.memory) === expected;
    if (session === null || !goesOn) {
      session = new Session(input.config, input.memory);
      config = input.config;
      count.opened++;
    } else count.folded++;
    const tick = session.advance(input.snapshot);
    expect(resultOf(tick)).toStrictEqual(result);
    expected = JSON.stringify(result.memory);
    return result;
  };
}

describe('a session', () => {
  it('is decide, tick after tick, bit for bit, with faults, jumps, overrides, restarts and changed settings', () => {
    const count = { folded: 0, opened: 0 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), (seed) => {
        const makeDecide = () => besideASession(count);
        play(seed, stepsOf(TICKS), { makeDecide, again: 0.02 });
      }),
      { seed: 20_261_125, numRuns: 12 },
    );
    expect(count.folded).toBeGreaterThan(10 * count.opened);
  });

  it('leaves the memory it was given as it was', () => {
    let changed = 0;
    const seeds = [1, 2, 3];
    for (const seed of seeds) {
      const frozen: Decide = (input) => {
        const before = JSON.stringify(input.memory);
        const session = new Session(input.config, input.memory);
        session.advance(input.snapshot);
        session.advance(input.snapshot);
        if (JSON.stringify(input.memory) !== before) changed += 1;
        return decide(input);
      };
      play(seed, stepsOf(100), { decide: frozen });
    }
    expect(changed).toBe(0);
  });
});
