import { and, desc, eq, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { type OverrideRow, overrides } from '@/db/schema';
import { loadNames } from './loads';

export interface ListedOverride extends OverrideRow {
  /** Null when the load is no longer there. */
  readonly loadName: string | null;
  /** In force at the moment asked about. */
  readonly active: boolean;
}

interface OverrideFilter {
  readonly ownerId: string;
  /** Epoch ms: what is active is judged at this moment. */
  readonly now: number;
  readonly loadId?: string;
  readonly limit: number;
}

export const isActive = ({ endedAt, endsAt }: OverrideRow, now: number): boolean =>
  endedAt === null && endsAt.getTime() > now;

/** Those in force first, then those that have ended; of each the newest first. */
export async function listOverrides(db: Executor, filter: OverrideFilter): Promise<ListedOverride[]> {
  const { ownerId, now, loadId, limit } = filter;
  const at = new Date(now).toISOString();
  const rows = await db
    .select()
    .from(overrides)
    .where(
      and(eq(overrides.userId, ownerId), loadId === undefined ? undefined : eq(overrides.loadId, loadId)),
    )
    .orderBy(
      desc(sql`${overrides.endedAt} is null and ${overrides.endsAt} > ${at}::timestamptz`),
      desc(overrides.startsAt),
      desc(overrides.id),
    )
    .limit(limit);
  const names = await loadNames(db, ownerId);
  return rows.map((row) => ({
    ...row,
    loadName: names.get(row.loadId) ?? null,
    active: isActive(row, now),
  }));
}
