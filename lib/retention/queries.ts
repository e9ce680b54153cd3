import { eq } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { telemetryRetention } from '@/db/schema';
import { DEFAULT_RETENTION, type Retention } from './schema';

/** How long the owner keeps each tier; the defaults where nothing was chosen. */
export async function getRetention(db: Executor, ownerId: string): Promise<Retention> {
  const [row] = await db
    .select({
      rawDays: telemetryRetention.rawDays,
      minuteDays: telemetryRetention.minuteDays,
      quarterDays: telemetryRetention.quarterDays,
    })
    .from(telemetryRetention)
    .where(eq(telemetryRetention.userId, ownerId));
  return row ?? DEFAULT_RETENTION;
}
