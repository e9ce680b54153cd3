import { addDays, startOfLocalDate, weekOf } from '@/lib/local-day';

export const PERIODS = ['day', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

/** Energies in Wh; null = never known. */
export interface Energies {
  readonly pvWh: number | null;
  readonly loadWh: number | null;
  readonly batteryInWh: number | null;
  readonly batteryOutWh: number | null;
  readonly importWh: number | null;
  readonly exportWh: number | null;
  /** Clear sky less what was measured, while a full bank held the array back: an estimate from above. */
  readonly heldBackWh: number | null;
  readonly minedWh: number | null;
}

export interface EnergyDay extends Energies {
  /** YYYY-MM-DD of the owner's zone. */
  readonly day: string;
  readonly coveredSeconds: number;
}

export interface EnergyPeriod extends Energies {
  /** First and last date of it, cut at the ends of the range asked for. */
  readonly first: string;
  readonly last: string;
  /** Solar that was used here, of all solar, 0–1; null where solar or export is not known. */
  readonly selfConsumption: number | null;
  /** Recorded time, of the time there was, 0–1. */
  readonly coverage: number;
}

interface EnergyRange {
  /** Dates, both included. */
  readonly first: string;
  readonly last: string;
  readonly timeZone: string;
  readonly now: number;
}

/** Local days added up to periods, oldest first; a period without any record is there too, with nothing known. */
export function energyBy(period: Period, days: readonly EnergyDay[], range: EnergyRange): EnergyPeriod[] {
  const groups = new Map<string, { first: string; last: string; days: EnergyDay[] }>();
  for (let day = range.first; day <= range.last; day = addDays(day, 1)) {
    const key = keyOf(period, day);
    const group = groups.get(key);
    if (group) group.last = day;
    else groups.set(key, { first: day, last: day, days: [] });
  }
  for (const day of days) groups.get(keyOf(period, day.day))?.days.push(day);
  return [...groups.values()].map((group) => {
    const energies = sumOf(group.days);
    const covered = group.days.reduce((sum, { coveredSeconds }) => sum + coveredSeconds, 0);
    const seconds = lengthOf(group, range);
    return {
      first: group.first,
      last: group.last,
      ...energies,
      selfConsumption: selfConsumption(energies),
      coverage: seconds > 0 ? Math.min(1, covered / seconds) : 0,
    };
  });
}

function keyOf(period: Period, day: string): string {
  switch (period) {
    case 'day':
      return day;
    case 'week':
      return weekOf(day);
    case 'month':
      return day.slice(0, 7);
  }
}

/** What is known of each energy, added up; null where no day knows it. */
export function sumOf(days: readonly Energies[]): Energies {
  const add = (name: keyof Energies): number | null => {
    const known = days.map((day) => day[name]).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  };
  return {
    pvWh: add('pvWh'),
    loadWh: add('loadWh'),
    batteryInWh: add('batteryInWh'),
    batteryOutWh: add('batteryOutWh'),
    importWh: add('importWh'),
    exportWh: add('exportWh'),
    heldBackWh: add('heldBackWh'),
    minedWh: add('minedWh'),
  };
}

/** Share of solar used here; where no export is measured, all of it was. */
function selfConsumption({ pvWh, exportWh }: Energies): number | null {
  if (pvWh === null || pvWh <= 0) return null;
  return Math.min(1, Math.max(0, (pvWh - (exportWh ?? 0)) / pvWh));
}

/** Seconds of the local days, those of 23 and 25 hours as they are, as far as they have passed. */
function lengthOf({ first, last }: { first: string; last: string }, { timeZone, now }: EnergyRange): number {
  const from = startOfLocalDate(first, timeZone);
  const to = Math.min(startOfLocalDate(addDays(last, 1), timeZone), now);
  return Math.max(0, (to - from) / 1000);
}
