import { type SQL, sql } from 'drizzle-orm';
import type { Tiers } from './tiers';

export const TELEMETRY_RESOLUTIONS = ['auto', 'raw', '1m', '15m', '1d'] as const;
export type TelemetryResolution = (typeof TELEMETRY_RESOLUTIONS)[number];

export interface Span {
  /** Epoch ms, inclusive. */
  readonly from: number;
  /** Epoch ms, exclusive. */
  readonly to: number;
  readonly resolution: TelemetryResolution;
  /** IANA zone whose days a bin of one day follows. */
  readonly timeZone: string;
}

export type Tier = Exclude<TelemetryResolution, 'auto'>;

/** A stretch of the range that one tier answers. */
export interface BinPart {
  readonly tier: Tier;
  readonly from: number;
  readonly to: number;
  readonly binSeconds: number;
}

export interface BinPlan {
  readonly binSeconds: number;
  /** In order of time. */
  readonly parts: readonly BinPart[];
}

export const DAY_SECONDS = 86_400;
const FIXED_SECONDS = { '1m': 60, '15m': 900, '1d': DAY_SECONDS } as const;
const BIN_SECONDS = [10, 30, 60, 120, 300, 900, 1800, 3600, 10_800, DAY_SECONDS];
/** More rows than these of a roll-up are no chart's worth: the next coarser one is read. */
const MOST_ROWS = 5_000;
/** A longer range may have few rows too, but to find out costs more than its roll-up. */
const LONGEST_RAW_MS = 31 * DAY_SECONDS * 1000;
/** Roll-ups that are so little behind are not worth a look at the raw rows. */
const SLACK_MS = 150_000;

/** Whether the rows themselves may be few enough, and still there. */
export function mayFitRaw(tiers: Tiers, { from, to, resolution }: Span): boolean {
  const asked = resolution === 'auto' || resolution === 'raw';
  return asked && to - from <= LONGEST_RAW_MS && from >= (tiers.finalBefore ?? Number.NEGATIVE_INFINITY);
}

/** At most `wanted` bins over the range, each from the coarsest tier that is fine enough; what is not rolled up yet from raw rows. */
export function planBins(tiers: Tiers, range: Span, wanted: number): BinPlan {
  const { from, to, resolution } = range;
  const asked = resolution === 'auto' || resolution === 'raw' ? 0 : FIXED_SECONDS[resolution];
  const finest = Math.max(asked, finestKept(tiers, from));
  const span = (to - from) / 1000;
  const binSeconds =
    BIN_SECONDS.find(
      (seconds) => seconds >= finest && span / seconds + 1 <= wanted && rowsOf(span, seconds) <= MOST_ROWS,
    ) ?? Math.ceil(span / (wanted - 1 || 1) / DAY_SECONDS) * DAY_SECONDS;
  const tier = tierFor(binSeconds);
  const { rolledTo, newestRaw } = tiers;
  if (tier === 'raw' || rolledTo === null) {
    return { binSeconds, parts: [{ tier: 'raw', from, to, binSeconds }] };
  }
  const isBehind = newestRaw !== null && newestRaw - rolledTo > SLACK_MS && rolledTo < to;
  // A local day begins at no round number of UTC, and what is missing of it comes within seconds.
  if (!isBehind || tier === '1d') return { binSeconds, parts: [{ tier, from, to, binSeconds }] };
  const step = binSeconds * 1000;
  const edge = Math.max(from, Math.floor(rolledTo / step) * step);
  const parts = [
    { tier, from, to: edge, binSeconds },
    { tier: 'raw' as const, from: edge, to, binSeconds },
  ];
  return { binSeconds, parts: parts.filter((part) => part.to > part.from) };
}

function tierFor(binSeconds: number): Tier {
  if (binSeconds < 60) return 'raw';
  if (binSeconds < 900) return '1m';
  return binSeconds < DAY_SECONDS ? '15m' : '1d';
}

/** Rows of the roll-up that bins of this width are made from; raw rows come at no fixed pace, and only for short ranges. */
function rowsOf(spanSeconds: number, binSeconds: number): number {
  const tier = tierFor(binSeconds);
  return tier === 'raw' ? 0 : spanSeconds / FIXED_SECONDS[tier];
}

/** Seconds of the finest tier that reaches back to `from`, or that no coarser one outlasts. */
function finestKept(tiers: Tiers, from: number): number {
  const { finalBefore, oldestMinute, oldestQuarter, oldestDay } = tiers;
  if (finalBefore === null || from >= finalBefore) return 0;
  const outlasts = (coarser: number | null, finer: number | null, seconds: number) =>
    coarser !== null && finer !== null && from < finer && coarser < finer - seconds * 1000;
  if (outlasts(oldestDay, oldestQuarter, DAY_SECONDS)) return DAY_SECONDS;
  return outlasts(oldestQuarter, oldestMinute, 900) ? 900 : 60;
}

export function rowsWithin(ownerId: string, { from, to }: { from: number; to: number }): SQL {
  return sql`user_id = ${ownerId}
    and ts >= ${new Date(from).toISOString()}::timestamptz and ts < ${new Date(to).toISOString()}::timestamptz`;
}

/** `from … where …` of a part, and the SQL that names the bin of each of its rows. */
export function binSource(
  { ownerId, timeZone }: { readonly ownerId: string; readonly timeZone: string },
  part: BinPart,
): { readonly tier: Tier; readonly rows: SQL; readonly bin: SQL } {
  const { tier, from, to, binSeconds } = part;
  const width = sql`${`${binSeconds} seconds`}::interval`;
  const localBin = (local: SQL) =>
    sql`date_bin(${width}, ${local}, timestamp '1970-01-01') at time zone ${timeZone}`;
  if (tier === '1d') {
    const dayOf = (at: number) =>
      sql`(${new Date(at).toISOString()}::timestamptz at time zone ${timeZone})::date`;
    return {
      tier,
      rows: sql`from telemetry_1d where user_id = ${ownerId} and day between ${dayOf(from)} and ${dayOf(to - 1)}`,
      bin: localBin(sql`day::timestamp`),
    };
  }
  const table = { raw: sql`telemetry`, '1m': sql`telemetry_1m`, '15m': sql`telemetry_15m` }[tier];
  return {
    tier,
    rows: sql`from ${table} where ${rowsWithin(ownerId, part)}`,
    bin:
      binSeconds >= DAY_SECONDS
        ? localBin(sql`ts at time zone ${timeZone}`)
        : sql`date_bin(${width}, ts, timestamptz '1970-01-01 00:00:00+00')`,
  };
}
