import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type postgres from 'postgres';
import type { Database } from '@/db/client';
import { inspectFolder, pruneBackups } from '@/lib/backup/folder';
import { BackupError } from '@/lib/backup/format';
import { beginBackup, endBackup, failAbandonedBackups, requestBackup } from '@/lib/backup/mutations';
import { type BackupSettings, getBackupHistory, getBackupSettings } from '@/lib/backup/queries';
import { checkBackup } from '@/lib/backup/read';
import { nextBackupAt } from '@/lib/backup/schedule';
import { type WrittenBackup, writeBackup } from '@/lib/backup/write';
import { AppError } from '@/lib/errors';
import type { Errand } from './errands';
import type { TickLog } from './tick';

export interface BackupErrandOptions {
  readonly ownerId: string;
  readonly dataDirectory: string;
  readonly openSession: () => postgres.Sql;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: TickLog;
}

const BY_SCHEDULE = 'the schedule';

/** Writes the nightly backup, and one whenever the owner asks; slowly, beside the ticks. */
export function createBackupErrand(options: BackupErrandOptions): Errand {
  const { ownerId, log } = options;
  let running: { readonly stop: AbortController; readonly work: Promise<void> } | null = null;

  const requestWhenDue = async (db: Database, settings: BackupSettings, timeZone: string): Promise<void> => {
    if (settings.folder === null) return;
    const now = options.now();
    const history = await getBackupHistory(db, ownerId, now);
    const plan = { hour: settings.hour, timeZone };
    if (nextBackupAt(now, plan, { ...history, since: settings.since }) > now) return;
    await requestBackup(db, { ownerId, actor: BY_SCHEDULE }).catch((error: unknown) => {
      // One is under way, or the folder was taken away in between.
      if (!(error instanceof AppError)) throw error;
    });
  };

  const write = async (settings: BackupSettings, signal: AbortSignal): Promise<WrittenBackup> => {
    const { folder, otherDisk, keep } = settings;
    if (folder === null) throw new BackupError('No folder is chosen for backups.');
    const facts = await inspectFolder(folder, options.dataDirectory);
    if (otherDisk && !facts.otherDisk) {
      throw new BackupError(
        `The folder ${folder} is now on the disk that holds the data: mount the backup disk, or choose the folder again.`,
      );
    }
    const written = await writeBackup({
      open: options.openSession,
      folder,
      now: options.now(),
      signal,
      gentle: true,
    });
    try {
      await checkBackup(join(folder, written.file));
    } catch (error) {
      await rm(join(folder, written.file), { force: true });
      throw error;
    }
    await pruneBackups(folder, keep, options.now());
    return written;
  };

  const carryOut = async (
    db: Database,
    id: string,
    settings: BackupSettings,
    signal: AbortSignal,
  ): Promise<void> => {
    try {
      const written = await write(settings, signal);
      await endBackup(db, id, { state: 'done', ...written });
      log.info({ file: written.file, rows: written.rows }, 'backup written');
    } catch (error) {
      const told = signal.aborted ? 'CommandCenter was stopped while it was being written.' : inWords(error);
      log.error({ error: error instanceof Error ? error.message : String(error) }, 'the backup failed');
      await endBackup(db, id, { state: 'failed', error: told });
    }
  };

  return {
    takeOver: ({ db }) => failAbandonedBackups(db, ownerId),
    async look({ db }, { timeZone }) {
      if (running) return;
      const settings = await getBackupSettings(db, ownerId);
      await requestWhenDue(db, settings, timeZone);
      const row = await beginBackup(db, ownerId, options.now());
      if (row === null) return;
      const stop = new AbortController();
      const work = carryOut(db, row.id, settings, stop.signal)
        .catch(() => log.error({}, 'the result of a backup could not be stored'))
        .finally(() => {
          running = null;
        });
      running = { stop, work };
    },
    async stop() {
      running?.stop.abort();
      await running?.work;
    },
  };
}

function inWords(error: unknown): string {
  if (error instanceof BackupError) return error.message;
  return 'The database failed while it was being written. The log of CommandCenter holds the cause.';
}
