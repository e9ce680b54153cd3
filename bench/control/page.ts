import { DRILLS } from './drills';
import { goalsOf, round, verdictOf } from './goals';
import type { Recorded } from './recording';
import type { Row } from './scorecard';
import { SITE_WEEKS, seedHouse } from './set';
import type { BenchSite } from './site';
import { rowsTable, table } from './table';
import { houseText, recordingText } from './words';

export interface PageFacts {
  readonly seed: number;
  readonly tuningSeeds: readonly number[];
  readonly date: string;
  readonly machine: string;
  readonly processSeconds: number;
  /** What is typed to have this page written again. */
  readonly command: string;
  /** The one in docs/. */
  readonly published: boolean;
  /** Null: the built-in houses. */
  readonly own: BenchSite | null;
  /** Null: none was played. */
  readonly recorded: Recorded | null;
  readonly groups: readonly { readonly name: string; readonly rows: readonly Row[] }[];
  readonly problems: readonly string[];
}

/** Why a goal is missed on the published page, by the start of its figure. A goal without one here says so. */
const REASONS: readonly (readonly [figure: string, reason: string])[] = [
  [
    'hours the house is dark',
    'before the first dull days miners have had their share of the bank, and for four nights they use what sun there is before the bank has it; without a forecast such days look like any other (docs/adr/0001)',
  ],
  [
    'extra unserved energy',
    'the same: the cascade never gives the bank to a miner, which is also why it captures so much less',
  ],
  [
    'switches per miner and day',
    'raw thresholds 3 V apart drain the bank and then switch about once a day; ten times fewer would be less than one change a day (docs/adr/0001 has what was tried)',
  ],
  [
    'the same, 95th',
    'clouds over a bank whose share for miners is spent: the load follows the sun (docs/adr/0001)',
  ],
  [
    'degree-hours outside',
    'a faulty thermometer that stands still just below the limit: the fan starts when it moves again, a few tenths of a degree later',
  ],
  ['net capture', 'the switching that clouds cause, and a dump load that may only run from 10 to 16 h'],
];

/** The scorecard as a page: docs/scorecard.md, or one of another run. */
export function pageOf(facts: PageFacts): string {
  const { seed, tuningSeeds, date, machine, processSeconds, command, published, groups, own, problems } =
    facts;
  const parts = groups.map(({ name, rows }) => {
    const goals = goalsOf(rows, own ?? seedHouse()).map((goal) => [
      goal.figure,
      goal.goal,
      goal.value,
      verdictOf(goal, published ? `**missed**: ${reasonOf(goal.figure)}` : '**missed**'),
    ]);
    const probes = rows.find(({ policy, faulty }) => policy === 'ours' && !faulty)?.probes;
    const hidden =
      probes && name !== DRILLS
        ? `Hidden surplus: ${probes.started} probes, of which the budget ended ${probes.failed} within half an hour; ${round(probes.capturedKwh)} kWh captured from a throttled array while probing, ${round(probes.fromBankKwh)} kWh of the probing loads' energy came from the bank.`
        : '';
    const goalTable = table(['figure', 'goal', 'CommandCenter', ''], goals);
    return [`## ${name}`, rowsTable(rows), ...(hidden === '' ? [] : [hidden]), goalTable].join('\n\n');
  });
  return `# Control scorecard

How well the kernel controls, beside four other policies and the best that was possible, in the same houses under the same sky.
Written by \`${command}\`; no figure here is typed in by hand. ${published ? '[How to run it on your own house](bench-control.md).' : 'docs/bench-control.md says how it is run.'}

![Net capture by policy](scorecard.svg)

Seed ${seed}; rules were tuned on seed ${tuningSeeds.join(', ')} only. ${date}, ${machine}, ${processSeconds.toFixed(0)} s summed over all processes.
${problems.length === 0 ? 'No invariant was violated and no policy was above the bound.' : `**Failed:** ${problems.join('; ')}`}

${leftOut(facts)}${parts.join('\n\n')}

## What is compared

${housesOf(facts)}
- **Faulty sensors**: each sensor has a fault in 15 % of all half hours, for 20 s to 14 min: coarse steps, noise, late, frozen, missing or absurd.
- **Emergency drills**: summer weeks with clear sky in which, ten times a day, a weak cell pulls the pack 0.05–0.4 V below one of its thresholds (a stop or an
  emergency voltage of a miner, LOW, CRITICAL, SHUTDOWN) for 20 s to 20 min, at once or in up to 3 min. What counts is what is done about it; there is no optimum.
- **Raw thresholds**: the V1.9 rules read literally, every tick, on whatever reading there is.
- **Delays only**: the same with evcc's default delays, 1 min to enable and 3 min to disable (evcc-io/evcc, core/loadpoint.go at 003553f, read 2026-11-25).
  evcc itself is a charging controller and does much more.
- **Priority cascade**: averaged surplus by priority, on above 200 W, off below −50 W, looked at every 30 s (defaults of InventoCasa/PV-Excess-Control,
  const.py at 06d6da7, read 2026-11-25), with our minimum on and off times. Its planner, tariffs and battery strategies are not modelled; averaging
  over 5 min and shedding below 20 % of charge are our assumptions.
- **Perfect foresight**: a linear programme per week at 15 min with the sky known ahead (HiGHS), rounded to whole slots and replayed in the simulator.
  It respects hard hours and the inverter, not voltages or PV limits. \`-- --milp SECONDS\` asks for whole numbers instead.
- **Net capture** = miners' energy − what the house went without beyond a run without miners − what the bank ends short of it, DC side. Never read it
  alone: a policy that leaves the house dark "captures" the house's energy.
- Neither project named here is affiliated with CommandCenter, and no figure here is a measurement of either.
`;
}

const PHYSICS =
  'The physics are those of the simulated site: LiFePO4 with hysteresis, an array that a full bank throttles, miners that ramp.\n  Off-grid: what cannot be served is unserved.';

function housesOf({ own, recorded }: PageFacts): string {
  const houses =
    own === null
      ? "The seed's site with a bank of 300 Ah at 37° N and one of 900 Ah at 45° N"
      : `${houseText(own)}`;
  return [
    `- **Houses.** ${houses}, in four seasons under clear, broken and overcast skies, a week each. ${PHYSICS}`,
    ...(recorded === null ? [] : [`- **Recording.** ${recordingText(recorded, own ?? seedHouse())}`]),
  ].join('\n');
}

/** What this run did not play, so that nobody takes its absence for a result. */
function leftOut({ groups, recorded }: PageFacts): string {
  const has = (name: string): boolean => groups.some((group) => group.name === name);
  const missing = [
    ...(groups.some(({ rows }) => rows.some(({ faulty }) => faulty)) ? [] : ['runs with faulty sensors']),
    ...(recorded !== null && has(recorded.name) ? [] : ['the recorded year']),
    ...[SITE_WEEKS, DRILLS].filter((name) => !has(name)),
  ];
  return missing.length === 0 ? '' : `**Not in this run:** ${missing.join(' and ')}.\n\n`;
}

function reasonOf(figure: string): string {
  return REASONS.find(([start]) => figure.startsWith(start))?.[1] ?? 'no reason is known yet';
}
