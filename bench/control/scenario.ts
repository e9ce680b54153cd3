import { setImmediate } from 'node:timers/promises';
import { INVERTER } from '@/lib/drivers/site-physics/site';
import { createWallClock } from '@/lib/drivers/wall-clock';
import type { Figures } from './figures';
import { Foreknowledge } from './known';
import {
  bestSchedule,
  freeAcKw,
  loadSolver,
  ONE_WAY,
  type Optimum,
  SLOT_MINUTES,
  type Solver,
} from './optimum';
import { Cascade } from './policies/cascade';
import { Timetable } from './policies/foresight';
import { Ours } from './policies/ours';
import type { Policy, PolicyName } from './policies/policy';
import { EVCC_DELAYS, NO_DELAYS, Thresholds } from './policies/thresholds';
import { playbackOf } from './recording';
import { Run } from './run';
import type { BenchSite } from './site';
import { type Conditions, conditionsOf, DAY_MS, type Source } from './weather';

const SLOT_MS = SLOT_MINUTES * 60_000;
const SLOT_HOURS = SLOT_MINUTES / 60;
const SLOTS_PER_DAY = (24 * 60) / SLOT_MINUTES;
/** Of the inverter's rating: what a timetable asks of it, because a house draws more than its mean at times. */
const INVERTER_SHARE = 0.9;
/** Beyond a week the optimum looks this far, so that it does not spend the bank on the last evening. */
const OVERLAP_DAYS = 1;

export interface Scenario {
  readonly name: string;
  readonly group: string;
  readonly site: BenchSite;
  readonly seed: number;
  readonly source: Source;
  /** Local date of the first day, epoch ms of its UTC midnight. */
  readonly firstDay: number;
  readonly weeks: number;
  /** 7, or fewer for a short look. */
  readonly daysPerWeek: number;
  readonly faults: readonly boolean[];
  /** The bank has a weak cell that pulls its voltage below every threshold (drills.ts). */
  readonly drilled: boolean;
  readonly policies: readonly PolicyName[];
  /** Time for the whole-numbered schedule of one week, s; 0 = round the linear one. */
  readonly solveSeconds: number;
}

export interface PolicyResult {
  readonly policy: PolicyName;
  readonly faulty: boolean;
  readonly figures: Figures;
  /** Net capture, kWh DC (simulation.md §4). */
  readonly netKwh: number;
}

export interface ScenarioResult {
  readonly name: string;
  readonly group: string;
  readonly results: readonly PolicyResult[];
  /** What the linear optimum promises, kWh DC net; null where none was asked for. */
  readonly linearKwh: number | null;
  readonly seconds: number;
}

/** All policies of a scenario, week by week through the same conditions. */
export async function playScenario(scenario: Scenario): Promise<ScenarioResult> {
  const startedAt = performance.now();
  const { site, seed, source, weeks, faults, drilled, policies } = scenario;
  const playback =
    source.kind === 'recorded' ? await playbackOf(source.file, source.timeZone, site.timeZone) : null;
  const week = (index: number): Conditions =>
    conditionsOf({ site, seed, source, playback, ...weekOf(scenario, index) });
  const wantsOptimum = policies.includes('foresight');
  const solver = wantsOptimum ? await loadSolver() : null;

  let conditions = week(0);
  const open = (policy: Policy, faulty: boolean): Run =>
    new Run({ site, seed, faulty, drilled, policy, conditions });
  const reference = open(new Timetable(site.config, SLOT_MS), false);
  let known = new Foreknowledge(site);
  reference.advance(conditions, (plant, tick) => known.note(plant, conditions, tick));
  const timetable = new Timetable(site.config, SLOT_MS);
  const foresight = solver ? open(timetable, false) : null;
  const runs = faults.flatMap((faulty) =>
    policies
      .filter((name) => name !== 'reference' && name !== 'foresight')
      .map((name) => ({ name, faulty, run: open(policyOf(name, site, conditions.startMs), faulty) })),
  );
  let linearMinerKwh = 0;
  let linearEndKwh = 0;
  for (let w = 0; w < weeks; w += 1) {
    // Hears of a parent that has gone.
    await setImmediate();
    const next = w + 1 < weeks ? week(w + 1) : null;
    const knownNext = new Foreknowledge(site);
    if (next) reference.advance(next, (plant, tick) => knownNext.note(plant, next, tick));
    for (const { run } of runs) run.advance(conditions);
    if (foresight && solver) {
      const slots = known.pvKw.length;
      const plan = planWeek(solver, scenario, known.followedBy(knownNext, OVERLAP_DAYS * SLOTS_PER_DAY), {
        slots,
        startKwh: foresight.storedKwh,
      });
      linearMinerKwh += plan.linearMinerKwh;
      linearEndKwh = plan.linearEndKwh;
      timetable.startMs = conditions.startMs;
      timetable.slots = plan.slots;
      foresight.advance(conditions);
    }
    if (next) conditions = next;
    known = knownNext;
  }
  const base = reference.finish();
  const result = (policy: PolicyName, faulty: boolean, figures: Figures): PolicyResult => ({
    policy,
    faulty,
    figures,
    netKwh: netKwh(figures, base),
  });
  return {
    name: scenario.name,
    group: scenario.group,
    results: [
      result('reference', false, base),
      ...runs.map(({ name, faulty, run }) => result(name, faulty, run.finish())),
      ...(foresight ? [result('foresight', false, foresight.finish())] : []),
    ],
    linearKwh: foresight ? linearMinerKwh - ONE_WAY * (base.endKwh - linearEndKwh) : null,
    seconds: (performance.now() - startedAt) / 1000,
  };
}

/** Miners' energy, less what the house or the bank paid for it, kWh DC (simulation.md §4). */
function netKwh(figures: Figures, base: Figures): number {
  const mined = figures.minerKwhDc;
  return mined - (figures.lackKwh - base.lackKwh) - ONE_WAY * (base.endKwh - figures.endKwh);
}

function weekOf(scenario: Scenario, index: number): { startMs: number; days: number } {
  const days = scenario.daysPerWeek;
  const clock = createWallClock(scenario.site.timeZone);
  return { startMs: clock.instantOf(scenario.firstDay + index * days * DAY_MS), days };
}

interface WeekPlan {
  readonly slots: readonly (readonly boolean[])[];
  readonly linearMinerKwh: number;
  readonly linearEndKwh: number;
}

function planWeek(
  solver: Solver,
  { site, solveSeconds }: Scenario,
  known: Foreknowledge,
  { slots, startKwh }: { readonly slots: number; readonly startKwh: number },
): WeekPlan {
  const range = { from: 0, to: known.pvKw.length, startKwh };
  const linear = bestSchedule(solver, site, known, range, { whole: false, seconds: 60 });
  const whole =
    solveSeconds > 0
      ? bestSchedule(solver, site, known, range, { whole: true, seconds: solveSeconds })
      : null;
  const chosen = whole?.status === 'Optimal' ? whole : linear;
  return {
    slots: rounded(site, chosen.shares, known.baseKw.slice(0, slots)),
    linearMinerKwh: minerKwhOf(linear, site, slots),
    linearEndKwh: linear.storedKwh[slots - 1] ?? startKwh,
  };
}

function minerKwhOf({ shares }: Optimum, site: BenchSite, slots: number): number {
  return site.config.miners.reduce((sum, { powerDrawWatts }, k) => {
    const on = (shares[k] ?? []).slice(0, slots).reduce((total, share) => total + share, 0);
    return sum + (on * SLOT_HOURS * powerDrawWatts) / 1000 / INVERTER.efficiency;
  }, 0);
}

/** On or off per slot so that the energy so far follows the shares, as far as the inverter bears it. */
function rounded(
  site: BenchSite,
  shares: Optimum['shares'],
  baseKw: readonly number[],
): readonly (readonly boolean[])[] {
  const { miners } = site.config;
  const owed = miners.map(() => 0);
  const slots: boolean[][] = miners.map(() => []);
  baseKw.forEach((kw, slot) => {
    let freeKw = freeAcKw(site, kw, INVERTER_SHARE);
    miners.forEach((_, k) => {
      owed[k] = (owed[k] ?? 0) + (shares[k]?.[slot] ?? 0);
    });
    const mostOwedFirst = miners.map((_, k) => k).sort((a, b) => (owed[b] ?? 0) - (owed[a] ?? 0));
    for (const k of mostOwedFirst) {
      const drawKw = (miners[k]?.powerDrawWatts ?? 0) / 1000;
      const on = (owed[k] ?? 0) >= 0.5 && drawKw <= freeKw;
      slots[k]?.push(on);
      if (!on) continue;
      owed[k] = (owed[k] ?? 0) - 1;
      freeKw -= drawKw;
    }
  });
  return slots;
}

function policyOf(name: PolicyName, site: BenchSite, startMs: number): Policy {
  switch (name) {
    case 'raw':
      return new Thresholds(site.config, NO_DELAYS);
    case 'delays':
      return new Thresholds(site.config, EVCC_DELAYS);
    case 'cascade':
      return new Cascade(site.config);
    case 'ours':
      return new Ours(site.config, startMs);
    case 'reference':
    case 'foresight':
      return new Timetable(site.config, SLOT_MS);
  }
}
