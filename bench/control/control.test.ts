import { beforeAll, expect, test } from 'vitest';
import { goalsOf, round } from './goals';
import { playScenario, type Scenario, type ScenarioResult } from './scenario';
import { aboveBound, rowsOf } from './scorecard';
import { drillWeeks, siteWeeks } from './set';
import { rowsTable } from './table';

/** Two days of a clear summer, every policy, with good sensors and with faulty ones. */
let scenario: Scenario;
let played: ScenarioResult;

beforeAll(async () => {
  const summer = siteWeeks(5, null).find(({ name }) => name.includes('300 Ah: summer, clear'));
  if (!summer) throw new Error('the set has no summer');
  scenario = { ...summer, daysPerWeek: 2, solveSeconds: 0 };
  played = await playScenario(scenario);
});

const run = (policy: string, faulty = false) => {
  const found = played.results.find((result) => result.policy === policy && result.faulty === faulty);
  if (!found) throw new Error(`${policy} did not run`);
  return found;
};

test('plays every policy to its end, with good and with faulty sensors', () => {
  expect(played.results).toHaveLength(10);
  for (const { figures, policy } of played.results) {
    expect(figures.ticks, policy).toBe(2 * 8640);
    expect(figures.switches, policy).toHaveLength(4);
  }
});

test('no policy beats the best possible, and the kernel keeps every invariant', () => {
  expect(aboveBound([played])).toEqual([]);
  for (const faulty of [false, true]) expect(run('ours', faulty).figures.firstViolation).toBeNull();
});

test('the replayed optimum comes close to the linear one', () => {
  expect(played.linearKwh).toBeGreaterThan(50);
  expect(run('foresight').netKwh).toBeGreaterThan(0.95 * (played.linearKwh ?? 0));
});

test('without miners the sun goes to waste, and with the kernel most of it does not', () => {
  const base = run('reference').figures;
  expect(base.curtailedKwh).toBeGreaterThan(50);
  expect(base.minerKwh).toBe(0);
  expect(run('ours').figures.curtailedKwh).toBeLessThan(0.5 * base.curtailedKwh);
});

test('energy is neither made nor lost: what is not curtailed went somewhere', () => {
  const base = run('reference').figures;
  for (const { figures, netKwh, policy } of played.results) {
    // Net capture is what was not curtailed, but for storage losses of a few per cent.
    const saved = base.curtailedKwh - figures.curtailedKwh;
    expect(Math.abs(netKwh - saved), policy).toBeLessThan(0.06 * base.curtailedKwh);
  }
});

test('the same seed gives the same figures, another one others', async () => {
  const short = { ...scenario, daysPerWeek: 1, policies: ['ours'], faults: [true] } as const;
  const [first, again, other] = [
    await playScenario(short),
    await playScenario(short),
    await playScenario({ ...short, seed: short.seed + 1 }),
  ].map(({ results }) => results);
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test('a policy above the bound is named', () => {
  const results = played.results.map((result) =>
    result.policy === 'ours' ? { ...result, netKwh: 2 * (played.linearKwh ?? 0) } : result,
  );
  expect(aboveBound([{ ...played, results }])[0]).toContain('summer, clear, ours');
});

test('the table has a line per policy and the goals name what they compare', () => {
  const rows = rowsOf([played], 'site-weeks');
  expect(rowsTable(rows).split('\n')).toHaveLength(2 + 10);
  const goals = goalsOf(rows, scenario.site);
  expect(goals.filter(({ figure }) => figure.startsWith('invariant')).every(({ met }) => met)).toBe(true);
});

test('a figure that is missed by a little does not read as nothing', () => {
  expect([0, 0.00042, 0.0051, 41.806].map(round)).toEqual([0, 0.0004, 0.01, 41.81]);
});

test('drills put emergencies to the test, and only what is done about them is judged', async () => {
  const [week] = drillWeeks(5, null);
  if (!week) throw new Error('there are no drills');
  const result = await playScenario({ ...week, daysPerWeek: 1, faults: [false], policies: ['ours'] });
  const goals = goalsOf(rowsOf([result], week.group), week.site);
  const goal = (start: string) => goals.find(({ figure }) => figure.startsWith(start));
  for (const start of ['CRITICAL or SHUTDOWN', 'own emergency', 'minutes below', 'invariant'])
    expect(goal(start), start).toMatchObject({ met: true });
  expect(goal('net capture')).toBeUndefined();
});
