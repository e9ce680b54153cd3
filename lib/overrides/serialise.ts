import type { ListedOverride } from './queries';

export function serialiseOverride(row: ListedOverride) {
  return {
    id: row.id,
    load_id: row.loadId,
    load_name: row.loadName,
    state: row.state,
    active: row.active,
    starts_at: row.startsAt.toISOString(),
    ends_at: row.endsAt.toISOString(),
    /** When somebody ended it before its time. */
    ended_at: row.endedAt?.toISOString() ?? null,
    created_by: row.createdBy,
    reason: row.reason,
  };
}
