// `npm run fuzz`: random sites against the invariants of control.md §8; exits 1 on a violation, shrunk.
// -- --ticks 1000000 --seed 7 --workers 2 · again: -- --sequence 123 --steps 0-3,7,9-12c
import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { play, stepsOf } from '@/lib/core/invariants/sequence.case';
import { parseSteps, shrink, stepsText } from '@/lib/core/invariants/shrink.case';

const TICKS_PER_SEQUENCE = 2000;
/** Without --ticks it runs for this long. */
const DEFAULT_SECONDS = 20;

const CHILD = 'as-child';

interface Job {
  readonly seed: number;
  /** This worker plays sequences `first`, `first + step`, … */
  readonly first: number;
  readonly step: number;
  /** Sequences in all, of every worker. */
  readonly sequences: number;
  readonly deadline: number;
}

type Report =
  | { readonly kind: 'played'; readonly ticks: number; readonly starts: number }
  | { readonly kind: 'failed'; readonly sequence: number; readonly ticks: number };

/** Sequences of one seed follow each other; those of another lie elsewhere. */
function sequenceNumber(seed: number, index: number): number {
  return (Math.imul(seed + 1, 0x9e3779b1) + index) >>> 0;
}

async function work(job: Job, report: (report: Report) => void): Promise<void> {
  for (let index = job.first; index < job.sequences && Date.now() < job.deadline; index += job.step) {
    const sequence = sequenceNumber(job.seed, index);
    const { ticks, starts, failure } = play(sequence, stepsOf(TICKS_PER_SEQUENCE));
    if (failure !== null) {
      report({ kind: 'failed', sequence, ticks });
      return;
    }
    report({ kind: 'played', ticks, starts });
    // Lets the report out, and hears of a parent that has gone.
    await setImmediate();
  }
}

/** Prints the shortest way found to the same violation. */
function explainFailure(sequence: number, ticks: number): void {
  console.log(`sequence ${sequence} violates after ${ticks} ticks; shrinking …`);
  const shrunk = shrink(sequence, stepsOf(ticks));
  if (shrunk === null) {
    console.log('and does not when it is played again: the kernel is not deterministic (I16)');
    return;
  }
  showFailure(shrunk.outcome.failure);
  console.log(
    `${shrunk.steps.length} ticks left. Again: npm run fuzz -- --sequence ${sequence} --steps ${stepsText(shrunk.steps)}`,
  );
}

function showFailure(failure: ReturnType<typeof play>['failure']): void {
  if (failure === null) return;
  for (const { invariant, text } of failure.violations) console.log(`VIOLATION ${invariant}: ${text}`);
  const { snapshot, config } = failure.input;
  console.log(JSON.stringify({ snapshot, config, decisions: failure.result.decisions }));
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      ticks: { type: 'string' },
      seed: { type: 'string' },
      workers: { type: 'string' },
      sequence: { type: 'string' },
      steps: { type: 'string' },
    },
  });
  if (values.sequence !== undefined) {
    const sequence = wholeNumber('sequence', values.sequence);
    const steps = values.steps === undefined ? stepsOf(TICKS_PER_SEQUENCE) : parseSteps(values.steps);
    const { failure, ticks } = play(sequence, steps);
    console.log(`sequence ${sequence}: ${ticks} ticks, ${failure === null ? 'no violation' : 'violated'}`);
    showFailure(failure);
    return failure === null ? 0 : 1;
  }
  const seed = values.seed === undefined ? randomInt(1_000_000) : wholeNumber('seed', values.seed);
  const wanted = values.ticks === undefined ? null : wholeNumber('ticks', values.ticks);
  const workers =
    values.workers === undefined
      ? availableParallelism()
      : Math.max(1, wholeNumber('workers', values.workers));
  console.log(
    `seed ${seed}, ${wanted === null ? `${DEFAULT_SECONDS} s` : `${wanted} ticks`}, ${workers} workers`,
  );
  return fuzz(seed, wanted, workers);
}

async function fuzz(seed: number, wantedTicks: number | null, workers: number): Promise<number> {
  const startedAt = Date.now();
  let ticks = 0;
  let starts = 0;
  let failed: { sequence: number; ticks: number } | null = null;
  const children: ChildProcess[] = [];
  const ends = Array.from({ length: workers }, (_, first) => {
    const job: Job = {
      seed,
      first,
      step: workers,
      sequences:
        wantedTicks === null ? Number.POSITIVE_INFINITY : Math.ceil(wantedTicks / TICKS_PER_SEQUENCE),
      deadline: wantedTicks === null ? startedAt + DEFAULT_SECONDS * 1000 : Number.POSITIVE_INFINITY,
    };
    // Processes, not threads: on Node 20 a thread does not inherit the loader of TypeScript.
    const child = fork(fileURLToPath(import.meta.url), [CHILD], { serialization: 'advanced' });
    children.push(child);
    child.send(job);
    child.on('message', (message) => {
      const report = message as Report;
      ticks += report.ticks;
      if (report.kind === 'played') starts += report.starts;
      else if (failed === null) {
        failed = { sequence: report.sequence, ticks: report.ticks };
        for (const other of children) other.kill();
      }
    });
    return new Promise<void>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => {
        if (code !== 0 && failed === null) reject(new Error(`a worker ended with ${code}`));
        else resolve();
      });
    });
  });
  await Promise.all(ends);
  const seconds = (Date.now() - startedAt) / 1000;
  const rate = `${ticks} ticks, ${starts} starts in ${seconds.toFixed(1)} s (${Math.round(ticks / seconds)} ticks/s)`;
  const found = failed as { sequence: number; ticks: number } | null;
  if (found === null) {
    console.log(`${rate}: 0 violations`);
    return 0;
  }
  console.log(`${rate}: a violation`);
  explainFailure(found.sequence, found.ticks);
  return 1;
}

/** Throws RangeError naming the option. */
function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`--${name}: "${text}" is not a whole number`);
}

if (process.argv[2] === CHILD) {
  process.once('disconnect', () => process.exit());
  process.once('message', (job) => {
    void work(job as Job, (report) => process.send?.(report)).then(() => process.disconnect());
  });
} else process.exitCode = await main();
