import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { createWallClock } from '@/lib/drivers/wall-clock';
import { Refusal } from './refusal';
import { PUBLISHED_SEED } from './set';

export const HELP = `npm run bench:control -- [options]      docs/bench-control.md has examples and the form of the files

  --seed N             weather, household and faults of this seed (${PUBLISHED_SEED})
  --site FILE.json     your house instead of the two built-in ones, and in place of the first for the recording
  --recording FILE     your CSV, gzipped or not, instead of home A's year
  --time-zone ZONE     the wall clock the recorded house lived by (the site's, or what the recorded sun says)
  --pv-scale N         factor for the recorded PV (so that its array is as large as the site's)

  --quick              two site-weeks and one week of your recording
  --only GROUP         one group of scenarios: site-weeks, drills, or the recording by its name
  --good-sensors       without the runs with faulty sensors
  --milp SECONDS       perfect foresight in whole numbers, so long per week (0: the linear schedule, rounded)
  --processes N        side by side (as many as there are processors)

  --out FOLDER         write scorecard.md and scorecard.svg there
  --write              write docs/scorecard.md and docs/scorecard.svg: only the whole published set
  --save FILE          keep what was played
  --from FILE          take what was kept instead of playing; may be given more than once
  --help

Exits 1 when an invariant is violated, a policy does better than the best possible, or an option or a file is refused.`;

const OPTIONS = {
  help: { type: 'boolean', default: false },
  seed: { type: 'string' },
  site: { type: 'string' },
  recording: { type: 'string' },
  'time-zone': { type: 'string' },
  'pv-scale': { type: 'string' },
  quick: { type: 'boolean', default: false },
  only: { type: 'string' },
  'good-sensors': { type: 'boolean', default: false },
  milp: { type: 'string' },
  processes: { type: 'string' },
  out: { type: 'string' },
  write: { type: 'boolean', default: false },
  save: { type: 'string' },
  from: { type: 'string', multiple: true, default: [] as string[] },
} as const;

export interface Options {
  readonly help: boolean;
  readonly seed: number;
  readonly site: string | null;
  readonly recording: string | null;
  readonly timeZone: string | null;
  readonly pvScale: number | null;
  readonly quick: boolean;
  readonly only: string | null;
  readonly goodSensors: boolean;
  /** Time for the whole-numbered schedule of a week, s. */
  readonly solveSeconds: number;
  readonly processes: number;
  readonly out: string | null;
  readonly write: boolean;
  readonly save: string | null;
  readonly from: readonly string[];
}

/** Throws a Refusal that names the option, its value and what it may be. */
export function readOptions(args: readonly string[]): Options {
  const values = parsed(args);
  const recording = values.recording ?? null;
  for (const name of ['time-zone', 'pv-scale'] as const)
    if (values[name] !== undefined && recording === null)
      throw new Refusal(`--${name}: is about a recording of yours; give --recording too`);
  const options = {
    help: values.help,
    seed: wholeNumber('seed', values.seed, PUBLISHED_SEED, [0, 20_000_000]),
    site: values.site ?? null,
    recording,
    timeZone: timeZone(values['time-zone']),
    pvScale: factor('pv-scale', values['pv-scale']),
    quick: values.quick,
    only: values.only ?? null,
    goodSensors: values['good-sensors'],
    solveSeconds: wholeNumber('milp', values.milp, 0, [0, 3600]),
    processes: wholeNumber('processes', values.processes, availableParallelism(), [1, 256]),
    out: values.out ?? null,
    write: values.write,
    save: values.save ?? null,
    from: values.from,
  };
  if (options.from.length > 0) requireNothingToPlay(values);
  if (options.write) requirePublished(options);
  return options;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Refusal(`${error.message}\n--help lists the options`, { cause: error });
  }
}

/** The published page shows the whole published set and nothing else. */
function requirePublished(options: Options): void {
  const other = [
    options.seed !== PUBLISHED_SEED && `--seed ${options.seed}`,
    options.site !== null && '--site',
    options.recording !== null && '--recording',
    options.quick && '--quick',
    options.only !== null && '--only',
    options.goodSensors && '--good-sensors',
    options.solveSeconds > 0 && '--milp',
  ].filter((name) => name !== false);
  if (other.length === 0) return;
  throw new Refusal(
    `--write: docs/scorecard.md shows the whole set on seed ${PUBLISHED_SEED} only, not a run with ${other.join(', ')}; --out FOLDER writes this run's page elsewhere`,
  );
}

/** What was kept says which seed, site and recording it was played with. */
function requireNothingToPlay(values: Readonly<Record<string, unknown>>): void {
  const asked = ['seed', 'site', 'recording', 'quick', 'only', 'good-sensors', 'milp'].filter(
    (name) => values[name] !== undefined && values[name] !== false,
  );
  if (asked.length > 0)
    throw new Refusal(
      `--from: takes what was kept as it was played; leave out ${asked.map((name) => `--${name}`).join(', ')}`,
    );
}

function wholeNumber(
  name: string,
  text: string | undefined,
  otherwise: number,
  [least, most]: readonly [number, number],
): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new Refusal(`--${name}: "${text}" is no whole number from ${least} to ${most}`);
}

const MOST_SCALE = 1000;

function factor(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= MOST_SCALE) return value;
  throw new Refusal(`--${name}: "${text}" is no number above 0 and up to ${MOST_SCALE}`);
}

function timeZone(name: string | undefined): string | null {
  if (name === undefined) return null;
  try {
    createWallClock(name);
    return name;
  } catch (error) {
    throw new Refusal(`--time-zone: "${name}" is no IANA time zone such as Europe/Berlin`, {
      cause: error,
    });
  }
}
