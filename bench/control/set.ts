import type { Weather } from '@/lib/drivers/site-physics/sky';
import type { PolicyName } from './policies/policy';
import type { Scenario } from './scenario';
import { type BenchSite, seedSite } from './site';

/** The published figures come from this seed; what was tuned was tuned on the others, and only on them. */
export const PUBLISHED_SEED = 2026;
export const TUNING_SEEDS: readonly number[] = [11, 12, 13];

const COMPARED: readonly PolicyName[] = ['raw', 'delays', 'cascade', 'ours', 'foresight'];
const SEASONS = [
  { name: 'winter', month: 0 },
  { name: 'spring', month: 3 },
  { name: 'summer', month: 6 },
  { name: 'autumn', month: 9 },
] as const;
const SKIES: readonly Weather[] = ['clear', 'broken', 'overcast'];
/** Ah, and where: the large bank stands where rooms and bank freeze in winter. */
const BANKS = [
  { ah: 300, latitudeDeg: 37.3382 },
  { ah: 900, latitudeDeg: 45 },
] as const;
const YEAR = 2025;
const DAY_OF_MONTH = 10;
const SOLVE_SECONDS = 5;

/** 4 seasons × 3 skies × two banks (or the one site given), each with its own weather from the seed. */
export function siteWeeks(seed: number, own: BenchSite | null, only = Number.POSITIVE_INFINITY): Scenario[] {
  const sites = own ? [own] : BANKS.map(({ ah, latitudeDeg }) => seedSite(ah, latitudeDeg));
  const weeks: Scenario[] = [];
  for (const site of sites) {
    for (const season of SEASONS) {
      for (const weather of SKIES) {
        weeks.push({
          name: `${site.name}: ${season.name}, ${weather}`,
          group: 'site-weeks',
          site,
          seed: seed * 100 + weeks.length,
          source: { kind: 'modelled', weather },
          firstDay: Date.UTC(YEAR, season.month, DAY_OF_MONTH),
          weeks: 1,
          daysPerWeek: 7,
          faults: [false, true],
          policies: COMPARED,
          solveSeconds: SOLVE_SECONDS,
        });
      }
    }
  }
  return weeks.slice(0, only);
}

/** A recording played at the site of the seed, its array scaled to the site's; the optimum once, without faults. */
export function recordedYear(options: {
  readonly name: string;
  readonly file: string;
  readonly timeZone: string;
  readonly pvScale: number;
  readonly firstDay: number;
  readonly weeks: number;
  readonly seed: number;
  readonly site: BenchSite;
}): Scenario[] {
  const { name, file, timeZone, pvScale, ...rest } = options;
  const source = { kind: 'recorded', file, timeZone, pvScale } as const;
  const year = { ...rest, group: name, source, daysPerWeek: 7 };
  return [
    {
      ...year,
      name: `${name}, without faults`,
      faults: [false],
      policies: COMPARED,
      solveSeconds: SOLVE_SECONDS,
    },
    {
      ...year,
      name: `${name}, with faults`,
      faults: [true],
      policies: COMPARED.filter((policy) => policy !== 'foresight'),
      solveSeconds: 0,
    },
  ];
}
