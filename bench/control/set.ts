import type { Weather } from '@/lib/drivers/site-physics/sky';
import { DRILLS } from './drills';
import type { PolicyName } from './policies/policy';
import type { Recorded } from './recording';
import { Refusal } from './refusal';
import type { Scenario, ScenarioResult } from './scenario';
import { type BenchSite, seedSite } from './site';
import { DAY_MS } from './weather';

/** The published figures come from this seed; what was tuned was tuned on the other, and only on it. */
export const PUBLISHED_SEED = 2026;
export const TUNING_SEEDS: readonly number[] = [11];

export const SITE_WEEKS = 'site-weeks';
const COMPARED: readonly PolicyName[] = ['raw', 'delays', 'cascade', 'ours', 'foresight'];
const JULY = 6;
const SEASONS = [
  { name: 'winter', month: 0 },
  { name: 'spring', month: 3 },
  { name: 'summer', month: JULY },
  { name: 'autumn', month: 9 },
] as const;
const SKIES: readonly Weather[] = ['clear', 'broken', 'overcast'];
/** Ah, and where: the large bank stands where rooms and bank freeze in winter. */
const BANKS = [
  { ah: 300, latitudeDeg: 37.3382 },
  { ah: 900, latitudeDeg: 45 },
] as const;
/** The house of the recorded year and of the drills. */
export const seedHouse = (): BenchSite => seedSite(900, 37.3382);
const QUICK_WEEKS = 2;
const YEAR = 2025;
const DAYS = 7;
const DAY_OF_MONTH = 10;
/** South of the equator the seasons are the other way round. */
const monthAt = ({ latitudeDeg }: BenchSite, month: number): number =>
  latitudeDeg < 0 ? (month + 6) % 12 : month;

function builtInSites(): BenchSite[] {
  return BANKS.map(({ ah, latitudeDeg }) => seedSite(ah, latitudeDeg));
}

/** 4 seasons × 3 skies × two banks (or the one site given), each with its own weather from the seed. */
export function siteWeeks(seed: number, own: BenchSite | null, solveSeconds = 0): Scenario[] {
  const sites = own ? [own] : builtInSites();
  const weeks: Scenario[] = [];
  for (const site of sites) {
    for (const season of SEASONS) {
      for (const weather of SKIES) {
        weeks.push({
          name: `${site.name}: ${season.name}, ${weather}`,
          group: SITE_WEEKS,
          site,
          seed: seed * 100 + weeks.length,
          source: { kind: 'modelled', weather },
          firstDay: Date.UTC(YEAR, monthAt(site, season.month), DAY_OF_MONTH),
          weeks: 1,
          daysPerWeek: DAYS,
          faults: [false, true],
          drilled: false,
          policies: COMPARED,
          solveSeconds,
        });
      }
    }
  }
  return weeks;
}

/** A long recording is played in parts side by side, each from a bank of its own. */
const PARTS = 4;
const LEAST_WEEKS = 4;

/** A recording played at a site; the optimum once, without faults. One of under a week is a short week. */
export function recordedWeeks(
  { name, file, timeZone, pvScale, firstDay, playedDays }: Recorded,
  options: { readonly seed: number; readonly site: BenchSite; readonly solveSeconds: number },
): Scenario[] {
  const source = { kind: 'recorded', file, timeZone, pvScale } as const;
  const daysPerWeek = Math.min(DAYS, playedDays);
  const weeks = playedDays / daysPerWeek;
  const weeksPerPart = Math.max(LEAST_WEEKS, Math.ceil(weeks / PARTS));
  const parts = Array.from({ length: Math.ceil(weeks / weeksPerPart) }, (_, i) => i * weeksPerPart);
  return parts.flatMap((from) => {
    const part = {
      ...options,
      group: name,
      source,
      daysPerWeek,
      firstDay: firstDay + from * DAYS * DAY_MS,
      weeks: Math.min(weeksPerPart, weeks - from),
      drilled: false,
    };
    const named = `${name} from week ${from + 1}`;
    return [
      { ...part, name: named, faults: [false], policies: COMPARED },
      {
        ...part,
        name: `${named}, faulty sensors`,
        faults: [true],
        policies: COMPARED.filter((policy) => policy !== 'foresight'),
        solveSeconds: 0,
      },
    ];
  });
}

/** Summer weeks with sun for every miner, in which the bank fails ten times a day; no optimum, only what is done about it. */
export function drillWeeks(seed: number, own: BenchSite | null): Scenario[] {
  return (own ? [own] : builtInSites()).map((site, i) => ({
    name: `${site.name}: drills`,
    group: DRILLS,
    site,
    seed: seed * 100 + 90 + i,
    source: { kind: 'modelled', weather: 'clear' },
    firstDay: Date.UTC(YEAR, monthAt(site, JULY), DAY_OF_MONTH),
    weeks: 1,
    daysPerWeek: DAYS,
    faults: [false, true],
    drilled: true,
    policies: COMPARED.filter((policy) => policy !== 'foresight'),
    solveSeconds: 0,
  }));
}

export interface SetChoice {
  readonly seed: number;
  /** Null: the built-in ones. */
  readonly own: BenchSite | null;
  /** Null: none is played. */
  readonly recorded: Recorded | null;
  readonly solveSeconds: number;
  /** A look that takes seconds. */
  readonly quick: boolean;
  readonly only: string | null;
  readonly goodSensors: boolean;
}

/** The scenarios of a run. Throws a Refusal that names the groups where `only` is none of them. */
export function setOf(choice: SetChoice): Scenario[] {
  const { seed, own, recorded, solveSeconds, quick, only, goodSensors } = choice;
  const options = { seed, solveSeconds, site: own ?? seedHouse() };
  const all = quick
    ? [
        ...(recorded
          ? recordedWeeks({ ...recorded, playedDays: Math.min(DAYS, recorded.playedDays) }, options)
          : []),
        ...siteWeeks(seed, own, solveSeconds).slice(0, QUICK_WEEKS),
      ]
    : // The long ones first, so that no process ends long before the other.
      [
        ...(recorded ? recordedWeeks(recorded, options) : []),
        ...drillWeeks(seed, own),
        ...siteWeeks(seed, own, solveSeconds),
      ];
  const groups = [...new Set(all.map(({ group }) => group))];
  if (only !== null && !groups.includes(only))
    throw new Refusal(`--only: there is no group "${only}" in this run, only ${groups.join(', ')}`);
  const wanted = all.filter(({ group }) => only === null || group === only);
  if (!goodSensors) return wanted;
  return wanted.filter(({ faults }) => faults.includes(false)).map((each) => ({ ...each, faults: [false] }));
}

/** What `results` lack of a set, by scenario; empty: they are the whole of it. */
export function lackingOf(set: readonly Scenario[], results: readonly ScenarioResult[]): string[] {
  return set.flatMap(({ name, policies, faults }) => {
    const played = results.find((result) => result.name === name)?.results ?? [];
    const whole = policies.every((policy) =>
      (policy === 'foresight' ? [false] : faults).every((faulty) =>
        played.some((run) => run.policy === policy && run.faulty === faulty),
      ),
    );
    return whole ? [] : [name];
  });
}
