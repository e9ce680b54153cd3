import { goalsOf, round, verdictOf } from './goals';
import type { Row } from './scorecard';
import type { BenchSite } from './site';
import { rowsTable, table } from './table';

export interface PageFacts {
  readonly seed: number;
  readonly tuningSeeds: readonly number[];
  readonly date: string;
  readonly machine: string;
  readonly processSeconds: number;
  readonly site: BenchSite;
  readonly groups: readonly { readonly name: string; readonly rows: readonly Row[] }[];
  readonly problems: readonly string[];
}

/** Why a goal is missed, by the start of its figure. A goal without one here says so. */
const REASONS: readonly (readonly [figure: string, reason: string])[] = [
  [
    'hours the house is dark',
    'in winter and in dull weather miners use surplus before the bank is full, and their 15 % of it on evenings after which the sun does not come back; without a forecast such an evening looks like any other (docs/adr/0001)',
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
  ['net capture', 'the switching that clouds cause, and a dump load that may only run from 10 to 16 h'],
];

/** docs/scorecard.md. */
export function pageOf(facts: PageFacts): string {
  const { seed, tuningSeeds, date, machine, processSeconds, groups, site, problems } = facts;
  const parts = groups.map(({ name, rows }) => {
    const goals = goalsOf(rows, site).map((goal) => [
      goal.figure,
      goal.goal,
      goal.value,
      verdictOf(goal, `**missed**: ${reasonOf(goal.figure)}`),
    ]);
    const probes = rows.find(({ policy, faulty }) => policy === 'ours' && !faulty)?.probes;
    const hidden = probes
      ? `Hidden surplus: ${probes.started} probes, of which the budget ended ${probes.failed} within half an hour; ${round(probes.capturedKwh)} kWh captured from a throttled array while probing, ${round(probes.fromBankKwh)} kWh of the probing loads' energy came from the bank.`
      : '';
    return `## ${name}\n\n${rowsTable(rows)}\n\n${hidden}\n\n${table(['figure', 'goal', 'CommandCenter', ''], goals)}`;
  });
  return `# Control scorecard

How well the kernel controls, beside four other policies and the best that was possible, in the same houses under the same sky.
Written by \`npm run bench:control -- --write\`; no figure here is typed in by hand.

![Net capture by policy](scorecard.svg)

Seed ${seed}; rules were tuned on seed ${tuningSeeds.join(', ')} only. ${date}, ${machine}, ${processSeconds.toFixed(0)} s summed over all processes.
${problems.length === 0 ? 'No invariant was violated and no policy was above the bound.' : `**Failed:** ${problems.join('; ')}`}

${leftOut(facts)}${parts.join('\n\n')}

Resistance estimate against truth: measured by its own test (\`lib/core/resistance\`), not here.
Replay of a logged day and flips: \`lib/core/replay\`, \`lib/core/flip.test.ts\`.

## What is compared

- **Houses.** The seed's site with a bank of 300 Ah at 37° N and one of 900 Ah at 45° N, in four seasons under clear, broken and overcast skies,
  a week each; and home A's recorded year (data/NOTICE.md), its array scaled to 12.96 kW. The physics are those of the simulated site: LiFePO4 with
  hysteresis, an array that a full bank throttles, miners that ramp. Off-grid: what cannot be served is unserved.
- **Faulty sensors**: each sensor has a fault in 15 % of all half hours, for 20 s to 14 min: coarse steps, noise, late, frozen, missing or absurd.
- **Raw thresholds**: the V1.9 rules read literally, every tick, on whatever reading there is.
- **Delays only**: the same with evcc's default delays, 1 min to enable and 3 min to disable (evcc-io/evcc, core/loadpoint.go at 003553f, read 2026-11-25).
  evcc itself is a charging controller and does much more.
- **Priority cascade**: averaged surplus by priority, on above 200 W, off below −50 W, looked at every 30 s (defaults of InventoCasa/PV-Excess-Control,
  const.py at 06d6da7, read 2026-11-25), with our minimum on and off times. Its planner, tariffs and battery strategies are not modelled; averaging
  over 5 min and shedding below 20 % of charge are our assumptions.
- **Perfect foresight**: a linear programme per week at 15 min with the sky known ahead (HiGHS), rounded to whole slots and replayed in the simulator.
  It respects hard hours, not voltages or PV limits. \`-- --milp SECONDS\` asks for whole numbers instead.
- **Net capture** = miners' energy − what the house went without beyond a run without miners − what the bank ends short of it, DC side. Never read it
  alone: a policy that leaves the house dark "captures" the house's energy.
- Neither project named here is affiliated with CommandCenter, and no figure here is a measurement of either.
`;
}

/** What this run did not play, so that nobody takes its absence for a result. */
function leftOut({ groups }: PageFacts): string {
  const missing = [
    ...(groups.some(({ rows }) => rows.some(({ faulty }) => faulty)) ? [] : ['runs with faulty sensors']),
    ...(groups.some(({ name }) => name !== 'site-weeks') ? [] : ['the recorded year']),
  ];
  return missing.length === 0
    ? ''
    : `**Not in this run:** ${missing.join(' and ')}. \`npm run bench:control -- --write\` plays everything and writes this page anew.\n\n`;
}

function reasonOf(figure: string): string {
  return REASONS.find(([start]) => figure.startsWith(start))?.[1] ?? 'no reason is known yet';
}
