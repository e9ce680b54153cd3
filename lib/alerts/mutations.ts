import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Database, Executor } from '@/db/client';
import { alerts } from '@/db/schema';
import type { AlertRow } from '@/db/schema/alerts';
import type { AlertCondition } from '@/lib/core/types';
import { AppError } from '@/lib/errors';
import { type Author, single } from '@/lib/settings-versions/change';

interface AlertsNow {
  readonly ownerId: string;
  /** When the conditions were found, epoch ms. */
  readonly at: number;
  /** Everything that is the case now. */
  readonly conditions: readonly AlertCondition[];
}

/**
 * Raises what has become the case and clears what no longer is: each once, by its key. What has become more or less
 * serious ends and is raised anew, so that an acknowledged warning never keeps a critical alert quiet.
 */
export async function reconcileAlerts(db: Executor, { ownerId, at, conditions }: AlertsNow): Promise<void> {
  const open = await db
    .select({ id: alerts.id, key: alerts.key, severity: alerts.severity })
    .from(alerts)
    .where(and(eq(alerts.userId, ownerId), isNull(alerts.clearedAt)));
  const wanted = new Map(conditions.map((condition) => [condition.key, condition]));
  const stands = ({ key, severity }: (typeof open)[number]) =>
    wanted.get(key)?.severity === severity && wanted.delete(key);
  const ended = open.filter((alert) => !stands(alert)).map(({ id }) => id);
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

/**
 * Notes that the owner has seen an alert, or takes that back. The first acknowledgement counts, and one that is
 * cleared already stays as it was. @throws AppError not_found.
 */
export async function acknowledgeAlert(
  db: Database,
  change: Author & { readonly id: string; readonly acknowledged: boolean; readonly now: number },
): Promise<AlertRow> {
  const { ownerId, actor, id, acknowledged, now } = change;
  return await db.transaction(async (tx) => {
    const mine = and(eq(alerts.userId, ownerId), eq(alerts.id, id));
    const [row] = await tx.select().from(alerts).where(mine).for('update');
    if (row === undefined) throw new AppError('not_found', 'There is no such alert.');
    if (row.clearedAt !== null || (row.acknowledgedAt !== null) === acknowledged) return row;
    const seen = acknowledged
      ? { acknowledgedAt: new Date(now), acknowledgedBy: actor }
      : { acknowledgedAt: null, acknowledgedBy: null };
    return single(await tx.update(alerts).set(seen).where(mine).returning());
  });
}
