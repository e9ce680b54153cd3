import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import type { LoadKind } from '@/lib/core/types';
import { type BinPart, binSource, mayFitRaw, planBins, rowsWithin } from './bins';
import { nameLoads } from './load-names';
import type { TelemetryRange } from './queries';
import { REACH_SECONDS, STEP_SECONDS } from './row-seconds';
import { readTiers } from './tiers';

/** What a load did over a range, bin by bin. */
export interface LoadRun {
  readonly loadId: string;
  readonly name: string;
  readonly kind: LoadKind;
  /** Share of the covered time that it was on, 0–1, one per bin; null = nobody knew. */
  readonly onShare: readonly (number | null)[];
  /** Seconds on in all of the range's recorded time; null = nobody knew at any time of it. */
  readonly onSeconds: number | null;
}

export interface ZoneTemperatures {
  readonly zoneId: string;
  readonly name: string;
  readonly temperatureC: readonly (number | null)[];
}

export interface RunSeries {
  readonly from: number;
  readonly to: number;
  /** Null: rows as they were recorded. */
  readonly binSeconds: number | null;
  /** Starts of the bins, epoch ms, ascending; a bin without any row is left out. */
  readonly at: readonly number[];
  readonly loads: readonly LoadRun[];
  readonly zones: readonly ZoneTemperatures[];
}

interface BinRow {
  readonly at: number;
  /** Seconds recorded. */
  readonly covered: number;
  /** Seconds on and unknown, by load. */
  readonly loads: Readonly<Record<string, readonly [on: number, unknown: number]>> | null;
  readonly zones: Readonly<Record<string, number>> | null;
}

/** Less known time than this is the rounding of sums. */
const LEAST_KNOWN_S = 0.05;

/** When each load ran, and each zone's temperature, in the bins of `readTelemetry` for the same range. */
export async function readRuns(db: Executor, range: TelemetryRange): Promise<RunSeries> {
  const tiers = await readTiers(db, range.ownerId);
  const wanted = Math.max(1, Math.floor(range.maxPoints / 2));
  if (mayFitRaw(tiers, range)) {
    const rows = await readRaw(db, range, wanted + 1);
    if (rows.length <= wanted) return await assemble(db, range, null, rows);
  }
  const plan = planBins(tiers, range, wanted);
  const rows: BinRow[] = [];
  for (const part of plan.parts) rows.push(...(await readBins(db, range, part)));
  return await assemble(db, range, plan.binSeconds, rows);
}

/** Rows as they were recorded, each with the seconds it stands for, as the roll-ups count them. */
const withSeconds = (rows: SQL) => sql`(
  select *, case when gap <= ${REACH_SECONDS} then gap else step end as s
  from (
    select ts, loads, zones, ${STEP_SECONDS} as step,
      extract(epoch from lead(ts) over (order by ts) - ts)::float8 as gap ${rows}
  ) as paced) as timed`;
/** Of a raw row's loads and zones what a bin would hold. */
const RAW_LOADS = sql.raw(`(select jsonb_object_agg(l.key, jsonb_build_array(
    s * (l.value ->> 'state' in ('on', 'ramping'))::int, s * (l.value ->> 'state' = 'unknown')::int)) from jsonb_each(loads) l)`);
const RAW_ZONES = sql.raw(
  `(select jsonb_object_agg(z.key, z.value -> 'c') from jsonb_each(zones) z where z.value ? 'c')`,
);

async function readRaw(db: Executor, range: TelemetryRange, limit: number): Promise<BinRow[]> {
  const rows = await db.execute<{ [key in keyof BinRow]: BinRow[key] }>(sql`
    select (extract(epoch from ts) * 1000)::float8 as at, s as covered, ${RAW_LOADS} as loads, ${RAW_ZONES} as zones
    from ${withSeconds(sql`from telemetry where ${rowsWithin(range.ownerId, range)} order by ts limit ${limit}`)} order by ts`);
  return [...rows];
}

/** In json: what is only sent need not be packed as jsonb is. */
async function readBins(db: Executor, range: TelemetryRange, part: BinPart): Promise<BinRow[]> {
  const { tier, rows: source, bin } = binSource(range, part);
  const isRaw = tier === 'raw';
  const rows = await db.execute<{ [key in keyof BinRow]: BinRow[key] }>(sql`
    with binned as materialized (
      select ${bin} as bin, ${isRaw ? sql`s` : sql`covered_seconds::float8`} as covered, loads, zones
      ${isRaw ? sql`from ${withSeconds(source)}` : source}
    ), bins as (
      select bin, sum(covered) as covered from binned group by bin
    ), loads as (
      select bin, json_object_agg(key, json_build_array(seconds_on, seconds_unknown)) as loads
      from (
        select bin, l.key,
          ${
            isRaw
              ? sql`coalesce(sum(covered) filter (where l.value ->> 'state' in ('on', 'ramping')), 0) as seconds_on,
                coalesce(sum(covered) filter (where l.value ->> 'state' = 'unknown'), 0) as seconds_unknown`
              : sql`sum((l.value ->> 'on')::float8) as seconds_on,
                coalesce(sum((l.value ->> 'unknown')::float8), 0) as seconds_unknown`
          }
        from binned, jsonb_each(loads) l group by bin, l.key
      ) each_load group by bin
    ), zones as (
      select bin, json_object_agg(key, c) as zones
      from (
        select bin, z.key, ${
          isRaw
            ? sql`avg((z.value ->> 'c')::float8) as c from binned, jsonb_each(zones) z where z.value ? 'c'`
            : sql`sum(z.value::text::float8 * covered) / sum(covered) as c from binned, jsonb_each(zones) z where covered > 0`
        } group by bin, z.key
      ) each_zone group by bin
    )
    select (extract(epoch from bin) * 1000)::float8 as at, covered, loads, zones
    from bins left join loads using (bin) left join zones using (bin) order by bin`);
  return [...rows];
}

async function assemble(
  db: Executor,
  range: TelemetryRange,
  binSeconds: number | null,
  rows: readonly BinRow[],
): Promise<RunSeries> {
  const ids = (pick: 'loads' | 'zones') => [...new Set(rows.flatMap((row) => Object.keys(row[pick] ?? {})))];
  const names = await nameLoads(db, range.ownerId, ids('loads'));
  const share = ({ covered, loads }: BinRow, id: string) => {
    const [on, unknown] = loads?.[id] ?? [0, 0];
    if (covered - unknown < LEAST_KNOWN_S) return null;
    return Math.min(1, Math.round((on / (covered - unknown)) * 1000) / 1000);
  };
  const runOf = (id: string) => {
    const onShare = rows.map((row) => share(row, id));
    const isKnown = onShare.some((known) => known !== null);
    const seconds = rows.reduce((sum, { loads }) => sum + (loads?.[id]?.[0] ?? 0), 0);
    return { onShare, onSeconds: isKnown ? Math.round(seconds) : null };
  };
  return {
    from: range.from,
    to: range.to,
    binSeconds,
    at: rows.map((row) => row.at),
    loads: names.loads.map(({ id, name, kind }) => ({ loadId: id, name, kind, ...runOf(id) })),
    zones: ids('zones').map((id) => ({
      zoneId: id,
      name: names.zoneName(id),
      temperatureC: rows.map((row) => row.zones?.[id] ?? null),
    })),
  };
}
