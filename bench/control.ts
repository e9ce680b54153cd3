// `npm run bench:control`: the control scorecard. Prints tables; exits 1 only when an invariant is violated or a
// policy does better than the best possible. -- --seed 7 --site site.json --recording year.csv --quick --write
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chartOf } from './control/chart';
import { goalsOf, verdictOf } from './control/goals';
import { pageOf } from './control/page';
import { playAll } from './control/pool';
import { HOME_A, sizeOf } from './control/recording';
import type { Scenario, ScenarioResult } from './control/scenario';
import { aboveBound, rowsOf } from './control/scorecard';
import { PUBLISHED_SEED, recordedYear, siteWeeks, TUNING_SEEDS } from './control/set';
import { readSite, seedSite } from './control/site';
import { rowsTable, table } from './control/table';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string' },
    site: { type: 'string' },
    recording: { type: 'string' },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    // Plays only the scenarios of one group, and keeps or reads again what was played.
    only: { type: 'string' },
    // Leaves out the runs with faulty sensors.
    'good-sensors': { type: 'boolean', default: false },
    save: { type: 'string' },
    from: { type: 'string', multiple: true },
    processes: { type: 'string' },
    // Seconds that the whole-numbered schedule of a week may take; 0 rounds the linear one.
    milp: { type: 'string', default: '0' },
  },
});

const seed = wholeNumber('seed', options.seed ?? String(PUBLISHED_SEED));
const processes = wholeNumber('processes', options.processes ?? String(availableParallelism()));
const solveSeconds = wholeNumber('milp', options.milp);
const own = options.site === undefined ? null : await readSite(options.site);
const site = own ?? seedSite(900, 37.3382);

/** Two weeks, for a look that takes seconds. */
const QUICK_WEEKS = 2;

async function scenarios(): Promise<Scenario[]> {
  if (options.quick) return siteWeeks(seed, own).slice(0, QUICK_WEEKS);
  const file = options.recording === undefined ? HOME_A.file : resolve(options.recording);
  const { peakPvW, firstDay, weeks } = await sizeOf(file);
  const homeA = options.recording === undefined;
  const year = recordedYear({
    name: homeA ? HOME_A.name : (options.recording ?? ''),
    file,
    timeZone: homeA ? HOME_A.timeZone : site.timeZone,
    // Without a nameplate its highest power stands in for it.
    pvScale: homeA ? site.pvArrayW / HOME_A.arrayW : peakPvW > 0 ? Math.min(1, site.pvArrayW / peakPvW) : 1,
    firstDay,
    weeks,
    seed,
    site,
    solveSeconds,
  });
  // The long ones first, so that no process ends long before the other.
  return [...year, ...siteWeeks(seed, own, solveSeconds)];
}

function report(results: readonly ScenarioResult[]): void {
  const groups = [...new Set(results.map(({ group }) => group))];
  for (const group of groups) {
    const rows = rowsOf(results, group);
    console.log(`\n## ${group} (${results.filter((r) => r.group === group).length} scenarios)\n`);
    console.log(rowsTable(rows));
    const goals = goalsOf(rows, site);
    console.log();
    console.log(
      table(
        ['figure', 'goal', 'CommandCenter', ''],
        goals.map((goal) => [goal.figure, goal.goal, goal.value, verdictOf(goal)]),
      ),
    );
  }
}

const all = options.from ? [] : await scenarios();
const set = all
  .filter(({ group }) => options.only === undefined || group === options.only)
  .map((scenario) => (options['good-sensors'] ? { ...scenario, faults: [false] } : scenario));
console.log(
  `seed ${seed} (tuned on ${TUNING_SEEDS.join(', ')}), ${set.length} scenarios, ${processes} processes`,
);
const startedAt = performance.now();
const played = await playAll(set, processes, ({ name, seconds }, done) =>
  console.log(`${done}/${set.length} ${name} (${seconds.toFixed(0)} s)`),
);
const results = options.from
  ? options.from.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as ScenarioResult[])
  : played;
if (options.save !== undefined) writeFileSync(options.save, JSON.stringify(results));
report(results);
console.log(`\n${((performance.now() - startedAt) / 1000).toFixed(0)} s`);

const broken = results.flatMap(({ name, results: runs }) =>
  runs.flatMap(({ policy, figures }) =>
    policy === 'ours' && figures.firstViolation !== null ? [`${name}: ${figures.firstViolation}`] : [],
  ),
);
const above = aboveBound(results);
const problems = [...broken, ...above];
for (const text of problems) console.error(`FAILED ${text}`);
process.exitCode = problems.length > 0 ? 1 : 0;
if (options.write) writePage();

function writePage(): void {
  const groups = [...new Set(results.map(({ group }) => group))].sort().reverse();
  const docs = new URL('../docs/', import.meta.url);
  const [first] = groups;
  if (first === undefined) return;
  writeFileSync(
    new URL('scorecard.md', docs),
    pageOf({
      seed,
      tuningSeeds: TUNING_SEEDS,
      date: new Date().toISOString().slice(0, 10),
      machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'} × ${cpus().length}, Node ${process.version}`,
      processSeconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
      site,
      groups: groups.map((name) => ({ name, rows: rowsOf(results, name) })),
      problems,
    }),
  );
  writeFileSync(new URL('scorecard.svg', docs), chartOf(rowsOf(results, first), `Seed ${seed}: ${first}`));
}

/** Throws RangeError naming the option. */
function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`--${name}: "${text}" is not a whole number`);
}
