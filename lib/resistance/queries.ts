import { sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import type { ResistanceEvidence } from '@/lib/core/resistance/evidence';

/** One step with what only the database needs to know of it. */
export interface KeptEvidence extends ResistanceEvidence {
  readonly cause: string;
  readonly simulated: boolean;
}

/** The newest steps of each band of five kelvin are enough, and a bank ages. */
const KEPT_PER_BAND = 60;

/** All steps kept of one owner, oldest first. */
export async function readEvidence(db: Executor, ownerId: string): Promise<KeptEvidence[]> {
  const rows = await db.execute<{
    at: number;
    from_a: number | null;
    delta_a: number;
    delta_v: number;
    battery_temperature_c: number | null;
    cause: string;
    simulated: boolean;
  }>(sql`
    select extract(epoch from ts)::float8 * 1000 as at, from_a, delta_a, delta_v, battery_temperature_c, cause, simulated
    from resistance_evidence where user_id = ${ownerId} order by ts`);
  return rows.map((row) => ({
    at: Math.round(row.at),
    fromA: row.from_a,
    deltaA: row.delta_a,
    deltaV: row.delta_v,
    temperatureC: row.battery_temperature_c,
    cause: row.cause,
    simulated: row.simulated,
  }));
}

/** Forgets what newer steps at the same temperature have replaced. */
export async function pruneEvidence(tx: Executor, ownerId: string): Promise<void> {
  await tx.execute(sql`
    delete from resistance_evidence where user_id = ${ownerId} and ts in (
      select ts from (
        select ts, row_number() over (
          partition by simulated, floor(battery_temperature_c / 5) order by ts desc
        ) as place
        from resistance_evidence where user_id = ${ownerId}
      ) as placed where place > ${KEPT_PER_BAND})`);
}
