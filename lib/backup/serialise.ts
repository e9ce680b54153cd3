import type { BackupRunRow } from '@/db/schema';

export interface BackupRun {
  readonly id: string;
  readonly state: BackupRunRow['state'];
  readonly requestedBy: string;
  /** Epoch ms. */
  readonly requestedAt: number;
  readonly endedAt: number | null;
  readonly file: string | null;
  readonly bytes: number | null;
  readonly rows: number | null;
  readonly error: string | null;
}

export function toBackupRun(row: BackupRunRow): BackupRun {
  const { id, state, requestedBy, file, bytes, rows, error } = row;
  return {
    id,
    state,
    requestedBy,
    requestedAt: row.requestedAt.getTime(),
    endedAt: row.endedAt?.getTime() ?? null,
    file,
    bytes,
    rows,
    error,
  };
}
