import { sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { type BinPart, binSource, DAY_SECONDS, mayFitRaw, planBins, rowsWithin, type Span } from './bins';
import { readTiers } from './tiers';

/** One bin of history. Null = nothing was known in it. Signs as everywhere: battery + = charging, grid + = import. */
export interface TelemetryPoint {
  /** Start of the bin, or the moment of the row itself, epoch ms. */
  readonly at: number;
  readonly packVoltageMinV: number | null;
  readonly packVoltageV: number | null;
  readonly packVoltageMaxV: number | null;
  readonly voltageSocPct: number | null;
  readonly reportedSocPct: number | null;
  readonly currentA: number | null;
  readonly batteryPowerW: number | null;
  readonly batteryTemperatureC: number | null;
  readonly pvW: number | null;
  readonly loadW: number | null;
  readonly gridW: number | null;
  /** Some of it comes from a model rather than from a meter. */
  readonly simulated: boolean;
}

export interface TelemetrySeries {
  readonly from: number;
  readonly to: number;
  /** Width of a bin, s; null: rows as they were recorded. */
  readonly binSeconds: number | null;
  /** Ascending. A point with nothing known stands where a gap begins. */
  readonly points: readonly TelemetryPoint[];
}

export interface TelemetryRange extends Span {
  readonly ownerId: string;
  /** Most points that may come back. */
  readonly maxPoints: number;
}

/**
 * Battery and power history, averaged into bins where it holds more rows than `maxPoints`; voltage keeps its
 * extremes. Never more than `maxPoints` points: a finer resolution than fits is made coarser, and one that is kept no
 * longer gives way to the finest that is.
 */
export async function readTelemetry(db: Executor, range: TelemetryRange): Promise<TelemetrySeries> {
  const { from, to } = range;
  const tiers = await readTiers(db, range.ownerId);
  // Each gap adds one point of its own, so half as many bins stay within the limit in the worst case.
  const wanted = Math.max(1, Math.floor(range.maxPoints / 2));
  if (mayFitRaw(tiers, range)) {
    const rows = await readRows(db, range, wanted + 1);
    if (rows.length <= wanted)
      return { from, to, binSeconds: null, points: withGaps(rows, gapAfterMs(rows)) };
  }
  const plan = planBins(tiers, range, wanted);
  const parts: TelemetryPoint[][] = [];
  for (const part of plan.parts) parts.push(await readBins(db, range, part));
  // A local day of 25 h is no gap.
  const slackMs = plan.binSeconds >= DAY_SECONDS ? 3_600_000 : 0;
  return {
    from,
    to,
    binSeconds: plan.binSeconds,
    points: withGaps(parts.flat(), plan.binSeconds * 1000 + slackMs),
  };
}

type PointRow = { [key in keyof TelemetryPoint]: TelemetryPoint[key] };

async function readRows(db: Executor, range: TelemetryRange, limit: number): Promise<TelemetryPoint[]> {
  const rows = await db.execute<PointRow>(sql`
    select (extract(epoch from ts) * 1000)::float8 as "at",
      pack_voltage_v as "packVoltageMinV", pack_voltage_v as "packVoltageV", pack_voltage_v as "packVoltageMaxV",
      voltage_soc_pct as "voltageSocPct", reported_soc_pct as "reportedSocPct", current_a as "currentA",
      battery_power_w as "batteryPowerW", battery_temperature_c as "batteryTemperatureC",
      pv_w as "pvW", load_w as "loadW", grid_w as "gridW", simulated
    from telemetry
    where ${rowsWithin(range.ownerId, range)}
    order by ts
    limit ${limit}`);
  return [...rows];
}

async function readBins(db: Executor, range: TelemetryRange, part: BinPart): Promise<TelemetryPoint[]> {
  const { rows: source, bin, tier } = binSource(range, part);
  const rows = await db.execute<PointRow>(sql`
    select (extract(epoch from bin) * 1000)::float8 as "at", ${tier === 'raw' ? RAW_MEASURES : ROLLED_MEASURES},
      bool_or(simulated) as simulated
    from (select ${bin} as bin, * ${source}) as binned
    group by bin
    order by bin`);
  return [...rows];
}

const RAW_MEASURES = sql.raw(`
  min(pack_voltage_v) as "packVoltageMinV", avg(pack_voltage_v) as "packVoltageV", max(pack_voltage_v) as "packVoltageMaxV",
  avg(voltage_soc_pct) as "voltageSocPct", avg(reported_soc_pct) as "reportedSocPct", avg(current_a) as "currentA",
  avg(battery_power_w) as "batteryPowerW", avg(battery_temperature_c) as "batteryTemperatureC",
  avg(pv_w) as "pvW", avg(load_w) as "loadW", avg(grid_w) as "gridW"`);

const weighted = (average: string, seconds: string, name: string) =>
  `sum(${average}::float8 * ${seconds}) / nullif(sum(${seconds}) filter (where ${average} is not null), 0) as "${name}"`;

const ROLLED_MEASURES = sql.raw(
  [
    'min(pack_voltage_min_v) as "packVoltageMinV"',
    'max(pack_voltage_max_v) as "packVoltageMaxV"',
    weighted('pack_voltage_avg_v', 'covered_seconds', 'packVoltageV'),
    weighted('voltage_soc_avg_pct', 'covered_seconds', 'voltageSocPct'),
    weighted('reported_soc_avg_pct', 'covered_seconds', 'reportedSocPct'),
    weighted('current_avg_a', 'covered_seconds', 'currentA'),
    weighted('battery_power_avg_w', 'battery_seconds', 'batteryPowerW'),
    weighted('battery_temperature_avg_c', 'covered_seconds', 'batteryTemperatureC'),
    weighted('pv_avg_w', 'pv_seconds', 'pvW'),
    weighted('load_avg_w', 'load_seconds', 'loadW'),
    weighted('grid_avg_w', 'grid_seconds', 'gridW'),
  ].join(', '),
);

/** Rows further apart than three times their usual distance have a gap between them. */
function gapAfterMs(rows: readonly TelemetryPoint[]): number {
  const distances = rows.slice(1).map((row, i) => row.at - (rows[i]?.at ?? row.at));
  distances.sort((a, b) => a - b);
  return Math.max(30_000, 3 * (distances[Math.floor(distances.length / 2)] ?? 0));
}

function withGaps(points: readonly TelemetryPoint[], longestMs: number): TelemetryPoint[] {
  const result: TelemetryPoint[] = [];
  let last: TelemetryPoint | null = null;
  for (const point of points) {
    if (last && point.at - last.at > longestMs) result.push(nothingKnown(last.at + 1, last.simulated));
    result.push(point);
    last = point;
  }
  return result;
}

function nothingKnown(at: number, simulated: boolean): TelemetryPoint {
  return {
    at,
    packVoltageMinV: null,
    packVoltageV: null,
    packVoltageMaxV: null,
    voltageSocPct: null,
    reportedSocPct: null,
    currentA: null,
    batteryPowerW: null,
    batteryTemperatureC: null,
    pvW: null,
    loadW: null,
    gridW: null,
    simulated,
  };
}
