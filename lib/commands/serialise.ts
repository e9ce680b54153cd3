import type { CommandRow } from '@/db/schema/commands';

/** A command with the time of each step; null = that step has not been. */
export function serialiseCommand(row: CommandRow) {
  return {
    id: row.id,
    load_id: row.loadId,
    load_name: row.loadName,
    device_key: row.deviceKey,
    desired: { state: row.desired.state, fan_speed: row.desired.fanSpeed ?? null },
    state: row.state,
    cause: row.cause,
    attempts: row.attempts,
    intended_at: row.intendedAt.toISOString(),
    sent_at: row.sentAt?.toISOString() ?? null,
    acknowledged_at: row.acknowledgedAt?.toISOString() ?? null,
    observed_at: row.observedAt?.toISOString() ?? null,
    retry_at: row.retryAt?.toISOString() ?? null,
    ended_at: row.endedAt?.toISOString() ?? null,
    error: row.error,
    simulated: row.simulated,
  };
}
