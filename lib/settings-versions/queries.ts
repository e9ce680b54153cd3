import { and, desc, eq, lt } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { settingsVersions } from '@/db/schema';

export type SettingsVersion = typeof settingsVersions.$inferSelect;
export type SettingsEntity = SettingsVersion['entity'];

/** One of the owner's versions, or null. */
export async function getVersion(db: Database, ownerId: string, id: number): Promise<SettingsVersion | null> {
  const [row] = await db
    .select()
    .from(settingsVersions)
    .where(and(eq(settingsVersions.userId, ownerId), eq(settingsVersions.id, id)));
  return row ?? null;
}

/** The changes of one kind of settings, of one row where `entityId` is given, newest first; `before` is a version's id. */
export async function listVersions(
  db: Database,
  ownerId: string,
  page: { entity: SettingsEntity; entityId?: string; before?: number; limit: number },
): Promise<SettingsVersion[]> {
  const { entity, entityId, before, limit } = page;
  return db
    .select()
    .from(settingsVersions)
    .where(
      and(
        eq(settingsVersions.userId, ownerId),
        eq(settingsVersions.entity, entity),
        entityId === undefined ? undefined : eq(settingsVersions.entityId, entityId),
        before === undefined ? undefined : lt(settingsVersions.id, before),
      ),
    )
    .orderBy(desc(settingsVersions.id))
    .limit(limit);
}
