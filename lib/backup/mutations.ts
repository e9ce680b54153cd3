import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { type BackupRunRow, backupRuns, backupSettings } from '@/db/schema';
import { callWorker } from '@/lib/errands/call';
import { AppError } from '@/lib/errors';
import { type Author, single } from '@/lib/settings-versions/change';
import { inspectFolder } from './folder';
import { BackupError } from './format';
import type { BackupSettingsInput } from './schema';

/** Runs older than this are forgotten, whatever the files do. */
const REMEMBERED_DAYS = 400;

/** @throws AppError invalid when the folder cannot take a backup now. */
export async function saveBackupSettings(
  db: Database,
  change: { readonly ownerId: string; readonly input: BackupSettingsInput; readonly dataDirectory: string },
): Promise<void> {
  const { ownerId, input } = change;
  const otherDisk =
    input.folder !== null && (await usableFolder(input.folder, change.dataDirectory)).otherDisk;
  const values = { ...input, otherDisk };
  await db.transaction(async (tx) => {
    await tx
      .insert(backupSettings)
      .values({ userId: ownerId, ...values })
      .onConflictDoUpdate({
        target: backupSettings.userId,
        set: {
          ...values,
          since: sql`case when ${backupSettings.folder} is distinct from ${input.folder} then now() else ${backupSettings.since} end`,
        },
      });
    await callWorker(tx, ownerId);
  });
}

async function usableFolder(folder: string, dataDirectory: string) {
  try {
    return await inspectFolder(folder, dataDirectory);
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    throw new AppError('invalid', error.message, {
      issues: [{ path: 'folder', code: 'unusable_folder', message: error.message, values: { folder } }],
    });
  }
}

/**
 * Asks the worker for a backup now. @throws AppError invalid without a folder, conflict while one is under way.
 */
export async function requestBackup(db: Database, { ownerId, actor }: Author): Promise<BackupRunRow> {
  return db.transaction(async (tx) => {
    const [settings] = await tx
      .select()
      .from(backupSettings)
      .where(eq(backupSettings.userId, ownerId))
      .for('update');
    if (!settings?.folder) throw new AppError('invalid', 'Choose the folder for backups first.');
    const open = await tx
      .select({ id: backupRuns.id })
      .from(backupRuns)
      .where(and(eq(backupRuns.userId, ownerId), inArray(backupRuns.state, ['requested', 'running'])));
    if (open.length > 0) throw new AppError('conflict', 'A backup is being written already.');
    const row = single(
      await tx.insert(backupRuns).values({ userId: ownerId, requestedBy: actor }).returning(),
    );
    await tx
      .delete(backupRuns)
      .where(
        and(
          eq(backupRuns.userId, ownerId),
          sql`${backupRuns.requestedAt} < now() - make_interval(days => ${REMEMBERED_DAYS})`,
        ),
      );
    await callWorker(tx, ownerId);
    return row;
  });
}

/** Takes the request that is open, if any, for this worker to carry out. */
export async function beginBackup(db: Database, ownerId: string, now: number): Promise<BackupRunRow | null> {
  const [row] = await db
    .update(backupRuns)
    .set({ state: 'running', startedAt: new Date(now) })
    .where(and(eq(backupRuns.userId, ownerId), eq(backupRuns.state, 'requested')))
    .returning();
  return row ?? null;
}

export async function endBackup(
  db: Database,
  id: string,
  end: Pick<BackupRunRow, 'state'> & Partial<Pick<BackupRunRow, 'file' | 'bytes' | 'rows' | 'error'>>,
): Promise<void> {
  await db
    .update(backupRuns)
    .set({ ...end, endedAt: sql`now()` })
    .where(eq(backupRuns.id, id));
}

/** Backups that a worker began and, being killed, did not end. */
export async function failAbandonedBackups(db: Database, ownerId: string): Promise<void> {
  await db
    .update(backupRuns)
    .set({
      state: 'failed',
      endedAt: sql`now()`,
      error: 'CommandCenter was stopped while it was being written.',
    })
    .where(and(eq(backupRuns.userId, ownerId), eq(backupRuns.state, 'running')));
}
