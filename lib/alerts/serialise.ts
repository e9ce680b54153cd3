import type { AlertRow } from '@/db/schema/alerts';

export function serialiseAlert(row: AlertRow) {
  return {
    id: row.id,
    key: row.key,
    severity: row.severity,
    text: row.text,
    raised_at: row.raisedAt.toISOString(),
    /** Null while it is the case. */
    cleared_at: row.clearedAt?.toISOString() ?? null,
    acknowledged_at: row.acknowledgedAt?.toISOString() ?? null,
    acknowledged_by: row.acknowledgedBy,
  };
}

export type WireAlert = ReturnType<typeof serialiseAlert>;
