import { type Options, type Outcome, play, type Step } from './sequence.case';

/** As many ticks as shrinking may cost. */
const LARGEST_EFFORT = 300_000;

export interface Shrunk {
  readonly steps: readonly Step[];
  readonly outcome: Outcome;
}

/**
 * The shortest list of steps found that still violates the same invariant: everything after it cut off, ever smaller
 * pieces left out, then every step made calm that need not be otherwise. Null when the steps violate nothing.
 */
export function shrink(
  seed: number,
  steps: readonly Step[],
  options: Options = {},
  effort = LARGEST_EFFORT,
): Shrunk | null {
  const first = play(seed, steps, options);
  const name = first.failure?.violations[0]?.invariant;
  if (first.failure === null || name === undefined) return null;
  let best: Shrunk = { steps: steps.slice(0, first.failure.at + 1), outcome: first };
  let played = 0;
  const attempt = (candidate: readonly Step[]): boolean => {
    if (played >= effort || candidate.length === 0) return false;
    const outcome = play(seed, candidate, { ...options, only: name });
    played += outcome.ticks;
    if (outcome.failure === null) return false;
    best = { steps: candidate.slice(0, outcome.failure.at + 1), outcome };
    return true;
  };
  attempt(best.steps.map((step) => ({ ...step, calm: true })));
  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = best.steps.length - size; from >= 0; from -= size) {
      const rest = best.steps.filter((_, i) => i < from || i >= from + size);
      attempt(rest);
      if (from > best.steps.length) from = best.steps.length;
    }
  }
  for (let size = best.steps.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.steps.length; from += size) {
      const inside = (i: number): boolean => i >= from && i < from + size;
      if (!best.steps.some((step, i) => inside(i) && !step.calm)) continue;
      attempt(best.steps.map((step, i) => (inside(i) ? { ...step, calm: true } : step)));
    }
  }
  return best;
}

/** "0-3,7,9-12c": numbers of steps, calm ones marked, as `parseSteps` reads them. */
export function stepsText(steps: readonly Step[]): string {
  const parts: string[] = [];
  for (let i = 0; i < steps.length; ) {
    const start = steps[i];
    if (start === undefined) break;
    let end = i;
    while (steps[end + 1]?.number === start.number + (end + 1 - i) && steps[end + 1]?.calm === start.calm)
      end++;
    const last = start.number + (end - i);
    parts.push(`${start.number}${last > start.number ? `-${last}` : ''}${start.calm ? 'c' : ''}`);
    i = end + 1;
  }
  return parts.join(',');
}

/** Throws RangeError naming the part that is not "n", "n-m" or either with a "c". */
export function parseSteps(text: string): Step[] {
  return text.split(',').flatMap((part) => {
    const match = /^(\d+)(?:-(\d+))?(c?)$/.exec(part.trim());
    if (match === null) throw new RangeError(`steps: "${part}" is not like 7, 7-12 or 7-12c`);
    const from = Number(match[1]);
    const to = match[2] === undefined ? from : Number(match[2]);
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => ({
      number: from + i,
      calm: match[3] === 'c',
    }));
  });
}
