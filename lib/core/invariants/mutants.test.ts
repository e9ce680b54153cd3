import { describe, expect, it } from 'vitest';
import { INVARIANTS } from './monitor';
import { MUTANTS, type Mutant } from './mutants.case';
import { type Failure, type Options, play, stepsOf } from './sequence.case';
import { parseSteps, shrink, stepsText } from './shrink.case';

/** Every invariant of control.md §8 catches a kernel that breaks it; the kernel itself passes the same sequences. */

const TICKS = 1000;
const SEQUENCES = 60;

interface Caught {
  readonly seed: number;
  readonly failure: Failure;
}

function optionsFor({ make, invariant, prepare }: Mutant): Options {
  return { makeDecide: make, only: invariant, prepare };
}

function catchIt(mutant: Mutant, { after = 0, ticks = TICKS } = {}): Caught | null {
  for (let seed = 1; seed <= SEQUENCES; seed++) {
    const { failure } = play(seed, stepsOf(ticks), optionsFor(mutant));
    if (failure !== null && failure.at >= after) return { seed, failure };
  }
  return null;
}

describe('mutants', () => {
  it('there is one for each invariant', () => {
    const covered = new Set(MUTANTS.map((mutant) => mutant.invariant));
    expect(INVARIANTS.filter((invariant) => !covered.has(invariant.name))).toEqual([]);
    expect(INVARIANTS.map((invariant) => invariant.name)).toEqual([
      ...Array.from({ length: 16 }, (_, i) => `I${i + 1}`),
      '§1',
    ]);
  });

  it.each(MUTANTS.map((mutant) => [mutant.invariant, mutant.name, mutant] as const))(
    '%s catches a kernel that %s',
    (invariant, _name, mutant) => {
      const caught = catchIt(mutant);
      expect(caught?.failure.violations[0]?.invariant).toBe(invariant);
      // The same steps of the same site, kernel as it is: nothing.
      const steps = stepsOf((caught?.failure.at ?? 0) + 1);
      expect(play(caught?.seed ?? 0, steps, { prepare: mutant.prepare }).failure?.violations ?? []).toEqual(
        [],
      );
    },
    60_000,
  );
});

describe('shrink', () => {
  it('leaves a short sequence that violates the same invariant, and its text plays it again', () => {
    const mutant = MUTANTS.find((m) => m.invariant === 'I6');
    if (mutant === undefined) throw new Error('no mutant for I6');
    const options = optionsFor(mutant);
    // Every attempt plays what is left: not many ticks, so that there are many attempts.
    const caught = catchIt(mutant, { after: 50, ticks: 250 });
    const long = stepsOf((caught?.failure.at ?? 0) + 1);
    const shrunk = shrink(caught?.seed ?? 0, long, options, 20_000);
    expect(shrunk?.steps.length).toBeLessThan(long.length / 2);
    const again = play(caught?.seed ?? 0, parseSteps(stepsText(shrunk?.steps ?? [])), options);
    expect(again.failure?.violations).toEqual(shrunk?.outcome.failure?.violations);
  }, 60_000);

  it('reads what it writes', () => {
    const text = '0-3,7,9-12c,13';
    expect(stepsText(parseSteps(text))).toBe(text);
    expect(() => parseSteps('4,x')).toThrow('"x"');
  });
});
