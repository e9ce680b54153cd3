import { sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { getRetention } from '@/lib/retention/queries';
import { daysLeft } from './days-left';

export interface TierStorage {
  readonly tier: 'raw' | '1m' | '15m' | '1d';
  /** Rows with their indexes. */
  readonly bytes: number;
  /** Epoch ms; null = the tier is empty. */
  readonly oldestAt: number | null;
  readonly keepDays: number | null;
  /** At today's pace. */
  readonly bytesPerDay: number;
}

export interface Storage {
  readonly databaseBytes: number;
  readonly tiers: readonly TierStorage[];
  /** Null where the disk of the database cannot be asked. */
  readonly freeBytes: number | null;
  /** At today's pace and with what is kept; null = not known. */
  readonly daysLeft: number | null;
}

const DAY_MS = 86_400_000;
const ROWS_PER_DAY = { '1m': 1440, '15m': 96, '1d': 1 } as const;
/** A row with its indexes as measured by `npm run bench:history`, until there are enough of one's own to go by. */
const TYPICAL_ROW_BYTES = { raw: 2100, '1m': 460, '15m': 470, '1d': 640 } as const;
const ENOUGH_ROWS = 5_000;

interface Measured {
  readonly databaseBytes: number;
  readonly recentRaw: number;
  readonly tiers: readonly {
    tier: TierStorage['tier'];
    bytes: number;
    rows: number;
    oldestAt: number | null;
  }[];
}

async function measure(db: Executor, ownerId: string, now: number): Promise<Measured> {
  // A clock that was ahead leaves rows of the future.
  const past = sql`user_id = ${ownerId} and ts <= ${new Date(now).toISOString()}::timestamptz`;
  const [whole] = await db.execute<{ bytes: number; recent: number }>(sql`
    select pg_database_size(current_database())::float8 as bytes, (select count(*)::int from telemetry
      where ${past} and ts > (select max(ts) - interval '1 hour' from telemetry where ${past})) as recent`);
  const tiers = (['raw', '1m', '15m', '1d'] as const).map((tier) => {
    const name = tier === 'raw' ? 'telemetry' : `telemetry_${tier}`;
    const table = sql.raw(name);
    // A day begins on the owner's clock.
    const zone = sql`coalesce((select timezone from user_preferences where user_id = ${ownerId}), 'UTC')`;
    const oldest = tier === '1d' ? sql`min(day)::timestamp at time zone ${zone}` : sql`min(ts)`;
    return sql`select ${tier}::text as tier, pg_total_relation_size(${name}::regclass)::float8 as bytes,
      (select reltuples::float8 from pg_class where oid = ${name}::regclass) as rows,
      (select (extract(epoch from ${oldest}) * 1000)::float8 from ${table} where user_id = ${ownerId}) as "oldestAt"`;
  });
  const rows = await db.execute<Measured['tiers'][number]>(sql.join(tiers, sql` union all `));
  return { databaseBytes: whole?.bytes ?? 0, recentRaw: whole?.recent ?? 0, tiers: [...rows] };
}

/** How much room history takes, and how long the disk lasts at the pace of the last hour. */
export async function readStorage(
  db: Executor,
  request: { readonly ownerId: string; readonly freeBytes: number | null; readonly now: number },
): Promise<Storage> {
  const { ownerId, freeBytes, now } = request;
  const measured = await measure(db, ownerId, now);
  const { rawDays, minuteDays, quarterDays } = await getRetention(db, ownerId);
  const keep = { raw: rawDays, '1m': minuteDays, '15m': quarterDays, '1d': null } as const;
  const tiers = measured.tiers.map(({ tier, bytes, rows, oldestAt }) => {
    const rowBytes = rows >= ENOUGH_ROWS ? bytes / rows : TYPICAL_ROW_BYTES[tier];
    const rowsPerDay = tier === 'raw' ? measured.recentRaw * 24 : ROWS_PER_DAY[tier];
    return { tier, bytes, oldestAt, keepDays: keep[tier], bytesPerDay: rowBytes * rowsPerDay };
  });
  const growth = tiers.map(({ bytesPerDay, oldestAt, keepDays }) => ({
    bytesPerDay,
    heldDays: oldestAt === null ? 0 : (now - oldestAt) / DAY_MS,
    keepDays,
  }));
  const isRecording = measured.recentRaw > 0;
  return {
    databaseBytes: measured.databaseBytes,
    tiers,
    freeBytes,
    daysLeft: freeBytes === null || !isRecording ? null : daysLeft(growth, freeBytes),
  };
}
