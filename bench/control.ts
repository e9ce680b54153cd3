// `npm run bench:control`: the control scorecard. Prints tables; exits 1 when an invariant is violated, a policy does
// better than the best possible, or an option or a file is refused. -- --help lists the options.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { DriverError } from '@/lib/drivers/types';
import { chartOf } from './control/chart';
import { DRILLS } from './control/drills';
import { goalsOf, verdictOf } from './control/goals';
import { HELP, type Options, readOptions } from './control/options';
import { pageOf } from './control/page';
import { playAll } from './control/pool';
import { type Recorded, recordedAt } from './control/recording';
import { Refusal } from './control/refusal';
import type { ScenarioResult } from './control/scenario';
import { aboveBound, rowsOf } from './control/scorecard';
import { lackingOf, PUBLISHED_SEED, SITE_WEEKS, seedHouse, setOf, TUNING_SEEDS } from './control/set';
import type { BenchSite } from './control/site';
import { readSite } from './control/site-file';
import { rowsTable, table } from './control/table';
import { houseText, recordingText } from './control/words';

const DOCS = fileURLToPath(new URL('../docs', import.meta.url));

/** What was played, and with what: what `--save` keeps. */
interface Run {
  readonly seed: number;
  readonly own: BenchSite | null;
  readonly recorded: Recorded | null;
  readonly results: readonly ScenarioResult[];
}

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof Refusal || error instanceof DriverError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function main(options: Options): Promise<void> {
  if (options.help) {
    console.log(HELP);
    return;
  }
  const folder = folderOf(options);
  const startedAt = performance.now();
  const run = options.from.length > 0 ? savedRun(options.from) : await play(options);
  if (options.write) await requirePublished(run);
  if (options.save !== null) writeFileSync(options.save, JSON.stringify(run));
  report(run);
  console.log(`\n${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  const problems = [...brokenIn(run.results), ...aboveBound(run.results)];
  for (const text of problems) console.error(`FAILED ${text}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
  if (folder !== null) writePage(folder, { run, problems, published: options.write });
}

/** Where the page goes; made before anything is played for it. */
function folderOf({ write, out }: Options): string | null {
  if (write) return DOCS;
  if (out === null) return null;
  const folder = resolve(out);
  if (folder === DOCS) throw new Refusal(`--out: ${out} holds the published scorecard; --write writes that`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

async function play(options: Options): Promise<Run> {
  const { seed, processes } = options;
  const own = options.site === null ? null : await readSite(options.site);
  const site = own ?? seedHouse();
  const wanted = options.recording !== null || !options.quick;
  const recorded = wanted ? await recordedAt(site, { ...options, file: options.recording }) : null;
  const set = setOf({ ...options, own, recorded });
  console.log(
    `seed ${seed} (tuned on ${TUNING_SEEDS.join(', ')}), ${set.length} scenarios, ${processes} processes`,
  );
  if (own !== null) console.log(houseText(own));
  if (recorded !== null && set.some(({ group }) => group === recorded.name))
    console.log(recordingText(recorded, site));
  const results = await playAll(set, processes, ({ name, seconds }, done) =>
    console.log(`${done}/${set.length} ${name} (${seconds.toFixed(0)} s)`),
  );
  return { seed, own, recorded, results };
}

/** Parts of one run, kept one by one. */
function savedRun(files: readonly string[]): Run {
  const runs = files.map((file): Run => {
    const run = JSON.parse(readFileSync(file, 'utf8')) as Partial<Run>;
    if (!Array.isArray(run.results)) throw new Refusal(`--from: ${file} was not written by --save`);
    return run as Run;
  });
  const [first] = runs;
  if (!first) throw new Refusal('--from: no file');
  const recorded = runs.find((run) => run.recorded !== null)?.recorded ?? null;
  runs.forEach((run, i) => {
    const same =
      run.seed === first.seed &&
      isDeepStrictEqual(run.own, first.own) &&
      (run.recorded === null || isDeepStrictEqual(run.recorded, recorded));
    if (!same)
      throw new Refusal(
        `--from: ${files[i]} was played with another seed, site or recording than ${files[0]}`,
      );
  });
  return { ...first, recorded, results: runs.flatMap(({ results }) => results) };
}

async function requirePublished({ seed, own, recorded, results }: Run): Promise<void> {
  if (seed !== PUBLISHED_SEED || own !== null || recorded?.shipped === false)
    throw new Refusal(
      `--write: docs/scorecard.md shows seed ${PUBLISHED_SEED}, the built-in houses and home A only`,
    );
  const choice = { quick: false, only: null, goodSensors: false, solveSeconds: 0 };
  const homeA = await recordedAt(seedHouse(), { file: null, timeZone: null, pvScale: null });
  const lacking = lackingOf(setOf({ ...choice, seed, own, recorded: homeA }), results);
  if (lacking.length > 0) throw new Refusal(`--write: the run is not whole; it lacks ${lacking.join('; ')}`);
}

function report({ results, own }: Run): void {
  for (const group of groupsOf(results)) {
    const rows = rowsOf(results, group);
    console.log(`\n## ${group} (${results.filter((r) => r.group === group).length} scenarios)\n`);
    console.log(rowsTable(rows));
    console.log();
    console.log(
      table(
        ['figure', 'goal', 'CommandCenter', ''],
        goalsOf(rows, own ?? seedHouse()).map((goal) => [
          goal.figure,
          goal.goal,
          goal.value,
          verdictOf(goal),
        ]),
      ),
    );
  }
}

/** Site-weeks first, drills last. */
function groupsOf(results: readonly ScenarioResult[]): string[] {
  const rank = (group: string): number => (group === SITE_WEEKS ? 0 : group === DRILLS ? 2 : 1);
  return [...new Set(results.map(({ group }) => group))].sort((a, b) => rank(a) - rank(b));
}

function brokenIn(results: readonly ScenarioResult[]): string[] {
  return results.flatMap(({ name, results: runs }) =>
    runs.flatMap(({ policy, figures }) =>
      policy === 'ours' && figures.firstViolation !== null ? [`${name}: ${figures.firstViolation}`] : [],
    ),
  );
}

interface Page {
  readonly run: Run;
  readonly problems: readonly string[];
  readonly published: boolean;
}

function writePage(folder: string, { run, problems, published }: Page): void {
  const { seed, own, recorded, results } = run;
  const groups = groupsOf(results);
  const [first] = groups;
  if (first === undefined) return;
  const asked = published ? ['--write'] : process.argv.slice(2);
  const page = pageOf({
    seed,
    tuningSeeds: TUNING_SEEDS,
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'} × ${cpus().length}, Node ${process.version}`,
    processSeconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
    command: `npm run bench:control -- ${asked.join(' ')}`,
    published,
    own,
    recorded,
    groups: groups.map((name) => ({ name, rows: rowsOf(results, name) })),
    problems,
  });
  writeFileSync(join(folder, 'scorecard.md'), page);
  writeFileSync(join(folder, 'scorecard.svg'), chartOf(rowsOf(results, first), `Seed ${seed}: ${first}`));
}
