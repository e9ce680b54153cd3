import { sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';

export const TELEMETRY_RESOLUTIONS = ['auto', 'raw', '1m', '15m', '1d'] as const;
export type TelemetryResolution = (typeof TELEMETRY_RESOLUTIONS)[number];

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

export interface TelemetryRange {
  readonly ownerId: string;
  /** Epoch ms, inclusive. */
  readonly from: number;
  /** Epoch ms, exclusive. */
  readonly to: number;
  /** Most points that may come back. */
  readonly maxPoints: number;
  readonly resolution: TelemetryResolution;
  /** IANA zone whose days a bin of one day follows. */
  readonly timeZone: string;
}

const FIXED_SECONDS = { '1m': 60, '15m': 900, '1d': 86_400 } as const;
const BIN_SECONDS = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
const DAY_SECONDS = 86_400;

/**
 * Battery and power history, averaged into bins where it holds more rows than `maxPoints`; voltage keeps its
 * extremes. Never more than `maxPoints` points: a finer resolution than fits is made coarser.
 */
export async function readTelemetry(db: Executor, range: TelemetryRange): Promise<TelemetrySeries> {
  const { from, to, maxPoints, resolution } = range;
  // Each gap adds one point of its own, so half as many bins stay within the limit in the worst case.
  const wanted = Math.max(1, Math.floor(maxPoints / 2));
  if (resolution === 'raw' || resolution === 'auto') {
    const rows = await readRows(db, range, wanted + 1);
    if (rows.length <= wanted)
      return { from, to, binSeconds: null, points: withGaps(rows, gapAfterMs(rows)) };
  }
  const finest = resolution === 'auto' || resolution === 'raw' ? 0 : FIXED_SECONDS[resolution];
  const span = (to - from) / 1000;
  const binSeconds =
    BIN_SECONDS.find((seconds) => seconds >= finest && span / seconds + 1 <= wanted) ??
    Math.ceil(span / (wanted - 1 || 1) / DAY_SECONDS) * DAY_SECONDS;
  const points = await readBins(db, range, binSeconds);
  // A local day of 25 h is no gap.
  const slackMs = binSeconds >= DAY_SECONDS ? 3_600_000 : 0;
  return { from, to, binSeconds, points: withGaps(points, binSeconds * 1000 + slackMs) };
}

async function readRows(db: Executor, range: TelemetryRange, limit: number): Promise<TelemetryPoint[]> {
  const rows = await db.execute<{ [key in keyof TelemetryPoint]: TelemetryPoint[key] }>(sql`
    select (extract(epoch from ts) * 1000)::float8 as "at",
      pack_voltage_v as "packVoltageMinV", pack_voltage_v as "packVoltageV", pack_voltage_v as "packVoltageMaxV",
      voltage_soc_pct as "voltageSocPct", reported_soc_pct as "reportedSocPct", current_a as "currentA",
      battery_power_w as "batteryPowerW", battery_temperature_c as "batteryTemperatureC",
      pv_w as "pvW", load_w as "loadW", grid_w as "gridW", simulated
    from telemetry
    where ${within(range)}
    order by ts
    limit ${limit}`);
  return [...rows];
}

async function readBins(db: Executor, range: TelemetryRange, binSeconds: number): Promise<TelemetryPoint[]> {
  const origin = new Date(0).toISOString();
  const bin =
    binSeconds >= DAY_SECONDS && binSeconds % DAY_SECONDS === 0
      ? sql`date_bin(${`${binSeconds} seconds`}::interval, ts at time zone ${range.timeZone}, ${origin}::timestamp) at time zone ${range.timeZone}`
      : sql`date_bin(${`${binSeconds} seconds`}::interval, ts, ${origin}::timestamptz)`;
  const rows = await db.execute<{ [key in keyof TelemetryPoint]: TelemetryPoint[key] }>(sql`
    select (extract(epoch from bin) * 1000)::float8 as "at",
      min(pack_voltage_v) as "packVoltageMinV", avg(pack_voltage_v) as "packVoltageV", max(pack_voltage_v) as "packVoltageMaxV",
      avg(voltage_soc_pct) as "voltageSocPct", avg(reported_soc_pct) as "reportedSocPct", avg(current_a) as "currentA",
      avg(battery_power_w) as "batteryPowerW", avg(battery_temperature_c) as "batteryTemperatureC",
      avg(pv_w) as "pvW", avg(load_w) as "loadW", avg(grid_w) as "gridW", bool_or(simulated) as simulated
    from (select *, ${bin} as bin from telemetry where ${within(range)}) as binned
    group by bin
    order by bin`);
  return [...rows];
}

function within({ ownerId, from, to }: TelemetryRange) {
  return sql`user_id = ${ownerId}
    and ts >= ${new Date(from).toISOString()}::timestamptz and ts < ${new Date(to).toISOString()}::timestamptz`;
}

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
