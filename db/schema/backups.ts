import { bigint, boolean, check, index, integer, snakeCase, text, uuid } from 'drizzle-orm/pg-core';
import { instant, oneOf } from './columns';
import { users } from './users';

/** When and where the nightly backup is written; no row, or no folder: none is. */
export const backupSettings = snakeCase.table('backup_settings', {
  userId: uuid()
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** Absolute path on the machine that runs CommandCenter. */
  folder: text(),
  /** The folder was on another disk than the data when it was chosen: it must still be. */
  otherDisk: boolean().notNull().default(false),
  /** Hour of the owner's local day. */
  hour: integer().notNull().default(3),
  /** How many backups stay in the folder. */
  keep: integer().notNull().default(14),
  /** When the folder was chosen: nothing was due before. */
  since: instant().notNull().defaultNow(),
});

export const BACKUP_STATES = ['requested', 'running', 'done', 'failed'] as const;

/** Each backup that was made, or that was tried: a row which the worker carries out. */
export const backupRuns = snakeCase.table(
  'backup_runs',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    requestedAt: instant().notNull().defaultNow(),
    /** Who asked: an e-mail address, or "the schedule". */
    requestedBy: text().notNull(),
    state: text({ enum: BACKUP_STATES }).notNull().default('requested'),
    startedAt: instant(),
    endedAt: instant(),
    file: text(),
    bytes: bigint({ mode: 'number' }),
    rows: bigint({ mode: 'number' }),
    error: text(),
  },
  (table) => [
    index('idx_backup_runs_user').on(table.userId, table.requestedAt),
    check('valid_backup_state', oneOf('state', BACKUP_STATES)),
  ],
);

export type BackupRunRow = typeof backupRuns.$inferSelect;
