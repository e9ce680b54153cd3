import type { CommandRow } from '@/db/schema/commands';
import type { Command } from '@/lib/core/commands/types';

/** A stored command as the core follows it. */
export function commandOf({ userId, ...row }: CommandRow): Command {
  return {
    ...row,
    intendedAt: row.intendedAt.getTime(),
    sentAt: row.sentAt?.getTime() ?? null,
    acknowledgedAt: row.acknowledgedAt?.getTime() ?? null,
    observedAt: row.observedAt?.getTime() ?? null,
    retryAt: row.retryAt?.getTime() ?? null,
    endedAt: row.endedAt?.getTime() ?? null,
  };
}
