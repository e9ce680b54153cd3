import { desc, eq } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { telemetry1d, telemetryRetention } from '@/db/schema';
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

/** The local dates of which there is a record, newest first. */
export async function readRecordedDays(db: Executor, ownerId: string): Promise<string[]> {
  const rows = await db
    .selectDistinct({ day: telemetry1d.day })
    .from(telemetry1d)
    .where(eq(telemetry1d.userId, ownerId))
    .orderBy(desc(telemetry1d.day));
  return rows.map(({ day }) => day);
}
