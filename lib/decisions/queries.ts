import { and, desc, eq, gte, lt, or, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { decisions } from '@/db/schema';
import type { DecisionRow } from '@/db/schema/decisions';
import type { Verdict } from '@/lib/core/types';

export interface DecisionFilter {
  readonly ownerId: string;
  readonly loadId?: string;
  readonly verdict?: Verdict;
  /** Epoch ms, inclusive. */
  readonly from?: number;
  /** Epoch ms, exclusive. */
  readonly to?: number;
  /** Only what came before this: a decision's moment, and its id where several share it. */
  readonly before?: { readonly at: number; readonly id?: number };
  readonly limit: number;
}

/** Changes of verdict, newest first. */
export function listDecisions(db: Executor, filter: DecisionFilter): Promise<DecisionRow[]> {
  const { before } = filter;
  const beforeAt = before && new Date(before.at);
  return db
    .select()
    .from(decisions)
    .where(
      and(
        eq(decisions.userId, filter.ownerId),
        filter.loadId === undefined ? undefined : eq(decisions.loadId, filter.loadId),
        filter.verdict === undefined ? undefined : eq(decisions.verdict, filter.verdict),
        filter.from === undefined ? undefined : gte(decisions.ts, new Date(filter.from)),
        filter.to === undefined ? undefined : lt(decisions.ts, new Date(filter.to)),
        beforeAt &&
          or(
            lt(decisions.ts, beforeAt),
            before.id === undefined
              ? undefined
              : and(eq(decisions.ts, beforeAt), lt(decisions.id, before.id)),
          ),
      ),
    )
    .orderBy(desc(decisions.ts), desc(decisions.id))
    .limit(filter.limit);
}

/** One change of verdict; null when the owner has none of that id. */
export async function getDecision(
  db: Executor,
  { ownerId, id }: { readonly ownerId: string; readonly id: number },
): Promise<DecisionRow | null> {
  const [row] = await db
    .select()
    .from(decisions)
    .where(and(eq(decisions.userId, ownerId), eq(decisions.id, id)));
  return row ?? null;
}

/** What each load was told last, by load id. */
export async function readLastVerdicts(db: Executor, ownerId: string): Promise<Map<string, Verdict>> {
  const rows = await db
    .selectDistinctOn([decisions.loadId], { loadId: decisions.loadId, verdict: decisions.verdict })
    .from(decisions)
    .where(eq(decisions.userId, ownerId))
    .orderBy(decisions.loadId, sql`${decisions.ts} desc`);
  return new Map(rows.map(({ loadId, verdict }) => [loadId, verdict]));
}
