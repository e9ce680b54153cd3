import { desc, sql } from 'drizzle-orm';
import { type CommandRow, commands } from '@/db/schema/commands';
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

/** The order in which `distinct on (load_id)` takes the command that counts: the open one, else the newest. */
export const NEWEST_OF_LOAD = [
  commands.loadId,
  sql`(${commands.endedAt} is null) desc`,
  desc(commands.intendedAt),
] as const;
