import { desc, eq, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { alerts } from '@/db/schema';
import type { AlertRow } from '@/db/schema/alerts';

/** What is the case now first, then what has been; of each the newest first. */
export function listAlerts(
  db: Executor,
  { ownerId, limit }: { readonly ownerId: string; readonly limit: number },
): Promise<AlertRow[]> {
  return db
    .select()
    .from(alerts)
    .where(eq(alerts.userId, ownerId))
    .orderBy(desc(sql`${alerts.clearedAt} is null`), desc(alerts.raisedAt), desc(alerts.id))
    .limit(limit);
}
