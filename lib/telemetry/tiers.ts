import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';

/** What each tier of one owner's history holds, epoch ms; null = nothing. */
export interface Tiers {
  /** Every raw row before it is in the roll-ups. */
  readonly rolledTo: number | null;
  /** Raw rows before it are gone. */
  readonly finalBefore: number | null;
  readonly newestRaw: number | null;
  readonly oldestMinute: number | null;
  readonly oldestQuarter: number | null;
  readonly oldestDay: number | null;
}

const NOTHING: Tiers = {
  rolledTo: null,
  finalBefore: null,
  newestRaw: null,
  oldestMinute: null,
  oldestQuarter: null,
  oldestDay: null,
};

export async function readTiers(db: Executor, ownerId: string): Promise<Tiers> {
  const ms = (instant: SQL) => sql`(extract(epoch from ${instant}) * 1000)::float8`;
  const end = (which: 'min' | 'max', table: string) =>
    ms(sql`(select ${sql.raw(which)}(ts) from ${sql.raw(table)} where user_id = ${ownerId})`);
  const [row] = await db.execute<{ [key in keyof Tiers]: Tiers[key] }>(sql`
    select ${ms(sql`rolled_to`)} as "rolledTo", ${ms(sql`final_before`)} as "finalBefore",
      ${end('max', 'telemetry')} as "newestRaw", ${end('min', 'telemetry_1m')} as "oldestMinute",
      ${end('min', 'telemetry_15m')} as "oldestQuarter",
      ${ms(sql`(select min(day)::timestamp at time zone coalesce(day_zone, 'UTC') from telemetry_1d where user_id = ${ownerId})`)} as "oldestDay"
    from telemetry_rollup_state where user_id = ${ownerId}`);
  return row ?? NOTHING;
}
