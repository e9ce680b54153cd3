import { type SQL, sql } from 'drizzle-orm';
import type { Database, Executor } from '@/db/client';
import { cutoffsOf, keptSince } from '@/lib/retention/cutoffs';
import type { Retention } from '@/lib/retention/schema';
import { lockRollUps } from './rollup';

/** Rows deleted by one statement. */
const BATCH = 20_000;

export interface Pruned {
  readonly raw: number;
  readonly minutes: number;
  readonly quarters: number;
}

/**
 * Deletes what is older than each tier is kept, whole hours at a time and never what is not rolled up yet. A finer
 * tier that may still change keeps a day of the coarser one before it, so that a roll-up never loses its sources.
 */
export async function prune(
  db: Database,
  request: { readonly ownerId: string; readonly retention: Retention; readonly now: number },
): Promise<Pruned> {
  const { ownerId, retention, now } = request;
  const finalBefore = await finalise(db, { ownerId, cutoff: keptSince(retention.rawDays, now), now });
  const cutoffs = cutoffsOf(retention, { now, finalBefore });
  return {
    raw: await deleteBefore(db, sql`telemetry`, ownerId, cutoffs.raw),
    minutes: await deleteBefore(db, sql`telemetry_1m`, ownerId, cutoffs.minutes),
    quarters: await deleteBefore(db, sql`telemetry_15m`, ownerId, cutoffs.quarters),
  };
}

/** Declares the roll-ups before the cutoff final, and tells before when raw rows may go; null = none may. */
async function finalise(
  db: Database,
  {
    ownerId,
    cutoff,
    now,
  }: { readonly ownerId: string; readonly cutoff: number | null; readonly now: number },
): Promise<number | null> {
  return await db.transaction(async (tx) => {
    await lockRollUps(tx, ownerId);
    await reopen(tx, ownerId, now);
    const wanted = cutoff === null ? null : new Date(cutoff).toISOString();
    const [row] = await tx.execute<{ at: number | null }>(sql`
      update telemetry_rollup_state
      set final_before = greatest(final_before,
        date_trunc('hour', least(${wanted}::timestamptz, rolled_to - interval '1 hour'), 'UTC'))
      where user_id = ${ownerId} and rolled_to is not null and ${wanted}::timestamptz is not null
      returning (extract(epoch from final_before) * 1000)::float8 as at`);
    return row?.at ?? null;
  });
}

/** What was declared final by a clock that was ahead is so only as far as its rows are gone. */
async function reopen(tx: Executor, ownerId: string, now: number): Promise<void> {
  const believed = sql`${new Date(now).toISOString()}::timestamptz`;
  await tx.execute(sql`
    update telemetry_rollup_state s
    set final_before = date_trunc('hour', kept.since, 'UTC') - interval '1 hour',
      rolled_to = least(rolled_to, kept.since),
      days_stay_before = case when counted_before <= ${believed} then days_stay_before end,
      counted_before = case when counted_before <= ${believed} then counted_before end
    from (
      select coalesce(min(ts), ${believed}) as since
      from telemetry where user_id = ${ownerId}
    ) kept
    where s.user_id = ${ownerId} and s.final_before > ${believed}`);
}

async function deleteBefore(
  db: Database,
  table: SQL,
  ownerId: string,
  before: number | null,
): Promise<number> {
  if (before === null) return 0;
  const limit = new Date(before).toISOString();
  for (let total = 0; ; ) {
    const [gone] = await db.execute<{ rows: number }>(sql`
      with gone as (
        delete from ${table} where user_id = ${ownerId} and ts = any(array(
          select ts from ${table} where user_id = ${ownerId} and ts < ${limit}::timestamptz order by ts limit ${BATCH}))
        returning 1
      ) select count(*)::int as rows from gone`);
    const rows = gone?.rows ?? 0;
    total += rows;
    if (rows < BATCH) return total;
  }
}
