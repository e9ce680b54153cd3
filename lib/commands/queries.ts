import { and, desc, eq, lt, or } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { commands } from '@/db/schema';
import type { CommandRow } from '@/db/schema/commands';

interface CommandFilter {
  readonly ownerId: string;
  readonly loadId?: string;
  /** Only what came before this: when a command was intended, and its id where several share the moment. */
  readonly before?: { readonly at: number; readonly id?: string };
  readonly limit: number;
}

/** The ledger, newest intention first. */
export function listCommands(db: Executor, filter: CommandFilter): Promise<CommandRow[]> {
  const { before } = filter;
  const beforeAt = before && new Date(before.at);
  return db
    .select()
    .from(commands)
    .where(
      and(
        eq(commands.userId, filter.ownerId),
        filter.loadId === undefined ? undefined : eq(commands.loadId, filter.loadId),
        beforeAt &&
          or(
            lt(commands.intendedAt, beforeAt),
            before.id === undefined
              ? undefined
              : and(eq(commands.intendedAt, beforeAt), lt(commands.id, before.id)),
          ),
      ),
    )
    .orderBy(desc(commands.intendedAt), desc(commands.id))
    .limit(filter.limit);
}
