import { and, desc, eq, lt, ne } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { settingsVersions } from '@/db/schema';
import { getRemovedDevice } from '@/lib/devices/queries';

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

/** The newest change of a row. @throws when it never changed. */
export async function newestVersionId(
  db: Database,
  ownerId: string,
  entity: SettingsEntity,
  entityId: string,
): Promise<number> {
  const [version] = await listVersions(db, ownerId, { entity, entityId, limit: 1 });
  if (version === undefined) throw new Error(`no version of ${entity} ${entityId}`);
  return version.id;
}

/** The change that deleted a row, while it is its last one; null where the row is there, or never was. */
export async function findRemoval(
  db: Database,
  ownerId: string,
  row: { entity: SettingsEntity; entityId: string },
): Promise<SettingsVersion | null> {
  const [last] = await listVersions(db, ownerId, { ...row, limit: 1 });
  return last?.after === null ? last : null;
}

/** Whether undoing that deletion leaves nothing out: the secrets of a device are kept for a while only. */
export async function canComeBackWhole(
  db: Database,
  ownerId: string,
  { id, entity, before }: SettingsVersion,
): Promise<boolean> {
  if (entity !== 'device') return true;
  const { secrets_set: secrets } = before as { readonly secrets_set: readonly string[] };
  return secrets.length === 0 || (await getRemovedDevice(db, ownerId, id)) !== null;
}

/** The other changes of the same transaction: all of one share its time. */
export async function versionsBeside(db: Database, ownerId: string, id: number): Promise<SettingsVersion[]> {
  const at = db.select({ at: settingsVersions.at }).from(settingsVersions).where(eq(settingsVersions.id, id));
  return db
    .select()
    .from(settingsVersions)
    .where(
      and(eq(settingsVersions.userId, ownerId), eq(settingsVersions.at, at), ne(settingsVersions.id, id)),
    )
    .orderBy(settingsVersions.id);
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
