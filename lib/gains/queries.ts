import { and, asc, between, eq, type SQL, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { telemetry1d } from '@/db/schema';
import type { LoadKind } from '@/lib/core/types';
import { addDays, startOfLocalDate } from '@/lib/local-day';
import { type NamedLoad, nameLoads } from '@/lib/telemetry/load-names';
import { type EnergyDay, type EnergyPeriod, energyBy, sumOf } from './energy';
import { type LostSun, lostSun, type Quarter } from './lost-sun';
import type { GainsRange } from './schema';

export interface LoadGains {
  readonly loadId: string;
  readonly name: string;
  readonly kind: LoadKind;
  readonly onSeconds: number;
  /** Of the recorded time: nobody knew whether it was on. */
  readonly unknownSeconds: number;
  /** Measured, and of the hours without a meter at its rated draw; null where neither is known, nor that it was off. */
  readonly energyWh: number | null;
  /** The part of it that is rated, not measured. */
  readonly ratedWh: number;
  readonly starts: number;
  readonly stops: number;
}

export interface Gains extends GainsRange {
  /** What the figures rest on. Simulated rows never count beside measured ones. */
  readonly basis: 'measured' | 'simulated' | 'none';
  readonly simulatedLeftOut: boolean;
  readonly coverage: number;
  readonly periods: readonly EnergyPeriod[];
  readonly total: ReturnType<typeof sumOf>;
  /** Null: the range is too long to follow the bank through it. */
  readonly lostSun: LostSun | null;
  /** Time with import above 100 W on average of a quarter of an hour; null = not measured. */
  readonly importSeconds: number | null;
  readonly loads: readonly LoadGains[];
}

interface GainsRequest extends GainsRange {
  readonly ownerId: string;
  readonly timeZone: string;
  /** Epoch ms. */
  readonly now: number;
}

type DayRow = typeof telemetry1d.$inferSelect;

/** Less is a restart; beyond, a load that was not seen on may have drawn anything. */
const LEAST_UNKNOWN_S = 60;
const LONGEST_FOLLOWED_DAYS = 400;
/** Below, a meter's own error looks like import (control.md §3). */
const IMPORT_W = 100;

/** Energy and gains over local days, from the roll-ups. */
export async function readGains(db: Executor, request: GainsRequest): Promise<Gains> {
  const { ownerId, first, last, by, timeZone, now } = request;
  const all = await db
    .select()
    .from(telemetry1d)
    .where(and(eq(telemetry1d.userId, ownerId), between(telemetry1d.day, first, last)))
    .orderBy(asc(telemetry1d.day));
  const measured = all.filter((row) => !row.simulated);
  const basis = measured.length > 0 ? 'measured' : all.length > 0 ? 'simulated' : 'none';
  const rows = basis === 'measured' ? measured : all;
  const ids = [...new Set(rows.flatMap((row) => Object.keys(row.loads)))];
  const { loads } = await nameLoads(db, ownerId, ids);
  const days = rows.map((row) => dayOf(row, loads));
  const periods = energyBy(by, days, { first, last, timeZone, now });
  const passedMs =
    Math.min(startOfLocalDate(addDays(last, 1), timeZone), now) - startOfLocalDate(first, timeZone);
  const covered = days.reduce((sum, { coveredSeconds }) => sum + coveredSeconds, 0);
  const followed = addDays(first, LONGEST_FOLLOWED_DAYS) >= last;
  const quarters = followed
    ? await readQuarters(db, request, { simulated: basis === 'simulated', loads })
    : null;
  return {
    first,
    last,
    by,
    basis,
    simulatedLeftOut: basis === 'measured' && measured.length < all.length,
    coverage: passedMs > 0 ? Math.min(1, (covered * 1000) / passedMs) : 0,
    periods,
    total: sumOf(days),
    lostSun: quarters && lostSun(quarters),
    importSeconds: quarters && importSeconds(quarters),
    loads: loads.map((load) => gainsOf(load, rows)),
  };
}

/** Wh of a load in one bucket: metered, and rated for the rest of its time on. */
function energyOf(load: NamedLoad, rolled: DayRow['loads'][string]): { meteredWh: number; ratedWh: number } {
  const unmetered = Math.max(0, rolled.on - (rolled.metered ?? 0));
  return { meteredWh: rolled.wh ?? 0, ratedWh: (unmetered * (load.ratedW ?? 0)) / 3600 };
}

function dayOf(row: DayRow, loads: readonly NamedLoad[]): EnergyDay {
  const mined = loads
    .filter(({ kind }) => kind === 'miner')
    .map((load) => energyOf(load, row.loads[load.id] ?? { on: 0 }))
    .reduce((sum, { meteredWh, ratedWh }) => sum + meteredWh + ratedWh, 0);
  return {
    day: row.day,
    coveredSeconds: row.coveredSeconds,
    pvWh: row.pvEnergyWh,
    loadWh: row.loadEnergyWh,
    batteryInWh: row.batteryInEnergyWh,
    batteryOutWh: row.batteryOutEnergyWh,
    importWh: row.importEnergyWh,
    exportWh: row.exportEnergyWh,
    heldBackWh: row.heldBackEnergyWh,
    minedWh: mined,
  };
}

function gainsOf(load: NamedLoad, rows: readonly DayRow[]): LoadGains {
  const done = rows.map((row) => row.loads[load.id]).filter((rolled) => rolled !== undefined);
  const sum = (pick: (rolled: (typeof done)[number]) => number) =>
    done.reduce((total, rolled) => total + pick(rolled), 0);
  const meteredWh = sum((rolled) => energyOf(load, rolled).meteredWh);
  const ratedWh = sum((rolled) => energyOf(load, rolled).ratedWh);
  const onSeconds = sum((rolled) => rolled.on);
  const unknownSeconds = sum((rolled) => rolled.unknown ?? 0);
  const knowsDraw = load.ratedW !== null || sum((rolled) => rolled.metered ?? 0) > 0;
  return {
    loadId: load.id,
    name: load.name,
    kind: load.kind,
    onSeconds,
    unknownSeconds,
    energyWh: (onSeconds === 0 ? unknownSeconds < LEAST_UNKNOWN_S : knowsDraw) ? meteredWh + ratedWh : null,
    ratedWh,
    starts: sum((rolled) => rolled.starts ?? 0),
    stops: sum((rolled) => rolled.stops ?? 0),
  };
}

async function readQuarters(
  db: Executor,
  { ownerId, first, last, timeZone }: GainsRequest,
  { simulated, loads }: { readonly simulated: boolean; readonly loads: readonly NamedLoad[] },
): Promise<Quarter[]> {
  const ratings = Object.fromEntries(
    loads.filter(({ kind }) => kind === 'miner').map(({ id, ratedW }) => [id, ratedW ?? 0]),
  );
  const at = (date: string): SQL =>
    sql`${new Date(startOfLocalDate(date, timeZone)).toISOString()}::timestamptz`;
  const rows = await db.execute<{ [key in keyof Quarter]: Quarter[key] }>(sql`
    select (extract(epoch from ts) * 1000)::float8 as at, covered_seconds as "coveredSeconds",
      grid_seconds as "gridSeconds", full_seconds as "fullSeconds", import_energy_wh as "importWh",
      coalesce((
        select sum(coalesce((l.value ->> 'wh')::float8, 0)
          + ((l.value ->> 'on')::float8 - coalesce((l.value ->> 'metered')::float8, 0)) * (r.value)::text::float8 / 3600)
        from jsonb_each(loads) l join jsonb_each(${JSON.stringify(ratings)}::text::jsonb) r on r.key = l.key
      ), 0) as "minedWh"
    from telemetry_15m
    where user_id = ${ownerId} and simulated = ${simulated} and ts >= ${at(first)} and ts < ${at(addDays(last, 1))}
    order by ts`);
  return [...rows];
}

function importSeconds(quarters: readonly Quarter[]): number | null {
  const known = quarters.filter(({ gridSeconds }) => gridSeconds > 0);
  if (known.length === 0) return null;
  return known
    .filter(({ importWh, gridSeconds }) => ((importWh ?? 0) * 3600) / gridSeconds > IMPORT_W)
    .reduce((sum, { gridSeconds }) => sum + gridSeconds, 0);
}
