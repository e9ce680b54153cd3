import { and, desc, eq, inArray, lte, max, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { type BackupRunRow, backupRuns, backupSettings } from '@/db/schema';
import type { AlertCondition } from '@/lib/core/types';
import { type BackupHistory, FUTURE_MS } from './schedule';

export interface BackupSettings {
  /** Null: no backup is made. */
  readonly folder: string | null;
  readonly otherDisk: boolean;
  readonly hour: number;
  readonly keep: number;
  /** Epoch ms. */
  readonly since: number;
}

const DEFAULTS: BackupSettings = { folder: null, otherDisk: false, hour: 3, keep: 14, since: 0 };

export async function getBackupSettings(db: Executor, ownerId: string): Promise<BackupSettings> {
  const [row] = await db.select().from(backupSettings).where(eq(backupSettings.userId, ownerId));
  if (row === undefined) return DEFAULTS;
  const { folder, otherDisk, hour, keep, since } = row;
  return { folder, otherDisk, hour, keep, since: since.getTime() };
}

/** What the schedule goes by at `now`, epoch ms. */
export async function getBackupHistory(
  db: Executor,
  ownerId: string,
  now: number,
): Promise<Omit<BackupHistory, 'since'>> {
  const latest = new Date(now + FUTURE_MS);
  const newest = async (states: BackupRunRow['state'][]) => {
    const [row] = await db
      .select({ at: max(backupRuns.startedAt) })
      .from(backupRuns)
      .where(
        and(
          eq(backupRuns.userId, ownerId),
          inArray(backupRuns.state, states),
          lte(backupRuns.startedAt, latest),
        ),
      );
    return row?.at?.getTime() ?? null;
  };
  return { lastDone: await newest(['done']), lastTried: await newest(['running', 'done', 'failed']) };
}

/** The alert that stands while the last backup failed and a folder is chosen. */
export async function getBackupAlert(db: Executor, ownerId: string): Promise<AlertCondition | null> {
  const [last] = await db
    .select({ state: backupRuns.state, error: backupRuns.error })
    .from(backupRuns)
    .innerJoin(backupSettings, eq(backupSettings.userId, backupRuns.userId))
    .where(
      and(
        eq(backupRuns.userId, ownerId),
        inArray(backupRuns.state, ['done', 'failed']),
        lte(backupRuns.requestedAt, sql`now() + make_interval(secs => ${FUTURE_MS / 1000})`),
      ),
    )
    .orderBy(desc(backupRuns.requestedAt))
    .limit(1);
  if (last?.state !== 'failed') return null;
  return {
    key: 'backup:failed',
    severity: 'warning',
    text: `The last backup failed. ${last.error ?? ''}`.trim(),
  };
}

/** The newest runs first, what is under way among them. */
export async function listBackupRuns(db: Executor, ownerId: string, limit: number): Promise<BackupRunRow[]> {
  return db
    .select()
    .from(backupRuns)
    .where(eq(backupRuns.userId, ownerId))
    .orderBy(desc(backupRuns.requestedAt))
    .limit(limit);
}
