import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { alerts } from '@/db/schema';
import type { AlertCondition } from '@/lib/core/types';

interface AlertsNow {
  readonly ownerId: string;
  /** When the conditions were found, epoch ms. */
  readonly at: number;
  /** Everything that is the case now. */
  readonly conditions: readonly AlertCondition[];
}

/** Raises what has become the case and clears what no longer is: each once, by its key. */
export async function reconcileAlerts(db: Executor, { ownerId, at, conditions }: AlertsNow): Promise<void> {
  const open = await db
    .select({ id: alerts.id, key: alerts.key })
    .from(alerts)
    .where(and(eq(alerts.userId, ownerId), isNull(alerts.clearedAt)));
  const wanted = new Map(conditions.map((condition) => [condition.key, condition]));
  const ended = open.filter(({ key }) => !wanted.delete(key)).map(({ id }) => id);
  const when = new Date(at);
  if (ended.length > 0) await db.update(alerts).set({ clearedAt: when }).where(inArray(alerts.id, ended));
  if (wanted.size > 0) {
    await db
      .insert(alerts)
      .values(
        [...wanted.values()].map(({ key, severity, text }) => ({
          userId: ownerId,
          key,
          severity,
          text,
          raisedAt: when,
        })),
      )
      .onConflictDoNothing();
  }
}
