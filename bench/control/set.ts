import type { Weather } from '@/lib/drivers/site-physics/sky';
import type { PolicyName } from './policies/policy';
import type { Scenario } from './scenario';
import { type BenchSite, seedSite } from './site';
import { DAY_MS } from './weather';

/** The published figures come from this seed; what was tuned was tuned on the other, and only on it. */
export const PUBLISHED_SEED = 2026;
export const TUNING_SEEDS: readonly number[] = [11];

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
const DAYS = 7;
const DAY_OF_MONTH = 10;

/** 4 seasons × 3 skies × two banks (or the one site given), each with its own weather from the seed. */
export function siteWeeks(seed: number, own: BenchSite | null, solveSeconds = 0): Scenario[] {
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
          daysPerWeek: DAYS,
          faults: [false, true],
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

/** A recording played at a site, its array scaled to the site's; the optimum once, without faults. */
export function recordedYear(options: {
  readonly name: string;
  readonly file: string;
  readonly timeZone: string;
  readonly pvScale: number;
  readonly firstDay: number;
  readonly weeks: number;
  readonly seed: number;
  readonly site: BenchSite;
  readonly solveSeconds: number;
}): Scenario[] {
  const { name, file, timeZone, pvScale, solveSeconds, weeks, firstDay, ...rest } = options;
  const source = { kind: 'recorded', file, timeZone, pvScale } as const;
  const weeksPerPart = Math.max(LEAST_WEEKS, Math.ceil(weeks / PARTS));
  const parts = Array.from({ length: Math.ceil(weeks / weeksPerPart) }, (_, i) => i * weeksPerPart);
  return parts.flatMap((from) => {
    const part = {
      ...rest,
      group: name,
      source,
      daysPerWeek: DAYS,
      firstDay: firstDay + from * DAYS * DAY_MS,
      weeks: Math.min(weeksPerPart, weeks - from),
    };
    const named = `${name} from week ${from + 1}`;
    return [
      { ...part, name: named, faults: [false], policies: COMPARED, solveSeconds },
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
