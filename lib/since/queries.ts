import { and, between, eq, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { alerts } from '@/db/schema';
import { LONGEST_ABSENCE_DAYS } from './schema';

/** What happened while nobody looked. */
export interface Since {
  /** Epoch ms: what was asked for, or the longest absence that is told about. */
  readonly from: number;
  /** Of miners, Wh; by rating where a draw is not metered. Null where nothing was recorded. */
  readonly minedWh: number | null;
  /** Part of it is a rating, not a measurement. */
  readonly isEstimate: boolean;
  /** Of miners and heaters. */
  readonly switches: number;
  readonly lowestVoltageV: number | null;
  /** Alerts raised. */
  readonly alerts: number;
  /** Some of it comes from a model. */
  readonly simulated: boolean;
}

const DAY_MS = 86_400_000;

/** Reads the roll-ups: minutes for a day, quarters beyond. `from` and `now` are epoch ms. */
export async function readSince(
  db: Executor,
  { ownerId, from, now }: { readonly ownerId: string; readonly from: number; readonly now: number },
): Promise<Since> {
  const earliest = Math.max(from, now - LONGEST_ABSENCE_DAYS * DAY_MS);
  const tier = sql.raw(now - earliest <= DAY_MS ? 'telemetry_1m' : 'telemetry_15m');
  const at = new Date(earliest).toISOString();
  const [row] = await db.execute<{
    rows: number;
    lowest_v: number | null;
    simulated: boolean | null;
    wh: number | null;
    unmetered_wh: number | null;
    switches: number | null;
  }>(sql`
    with buckets as materialized (
      select pack_voltage_min_v, simulated, loads from ${tier}
      where user_id = ${ownerId} and ts between ${at}::timestamptz and ${new Date(now).toISOString()}::timestamptz
    ), seen as (
      select key as load_id, value as seen from buckets, jsonb_each(loads)
      where key like 'miner:%' or key like 'heater:%'
    ), miners as (
      select 'miner:' || id as load_id, power_draw_watts as rated_w from miner_profiles where user_id = ${ownerId}
    )
    select
      (select count(*)::int from buckets) as rows,
      (select min(pack_voltage_min_v) from buckets) as lowest_v,
      (select bool_or(simulated) from buckets) as simulated,
      (select sum((seen->>'wh')::float8) from seen where load_id like 'miner:%') as wh,
      (select sum(greatest(0, (seen->>'on')::float8 - coalesce((seen->>'metered')::float8, 0)) * rated_w / 3600)
        from seen join miners using (load_id)) as unmetered_wh,
      (select sum(coalesce((seen->>'starts')::int, 0) + coalesce((seen->>'stops')::int, 0))::int from seen) as switches`);
  const raised = await db.$count(
    alerts,
    and(eq(alerts.userId, ownerId), between(alerts.raisedAt, new Date(earliest), new Date(now))),
  );
  const isRecorded = (row?.rows ?? 0) > 0;
  return {
    from: earliest,
    minedWh: isRecorded ? Math.round((row?.wh ?? 0) + (row?.unmetered_wh ?? 0)) : null,
    isEstimate: (row?.unmetered_wh ?? 0) >= 1,
    switches: row?.switches ?? 0,
    lowestVoltageV: row?.lowest_v ?? null,
    alerts: raised,
    simulated: row?.simulated ?? false,
  };
}
