import { desc, eq, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { alerts } from '@/db/schema';
import type { AlertRow } from '@/db/schema/alerts';

/** What is the case now first, and of that what nobody has acknowledged; then what has been. Of each the newest first. */
export function listAlerts(
  db: Executor,
  { ownerId, limit }: { readonly ownerId: string; readonly limit: number },
): Promise<AlertRow[]> {
  return db
    .select()
    .from(alerts)
    .where(eq(alerts.userId, ownerId))
    .orderBy(
      desc(sql`${alerts.clearedAt} is null`),
      desc(sql`${alerts.clearedAt} is null and ${alerts.acknowledgedAt} is null`),
      desc(alerts.raisedAt),
      desc(alerts.id),
    )
    .limit(limit);
}
