import { sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { type SETTINGS_ENTITIES, settingsVersions } from '@/db/schema';
import type { Author } from './change';

interface Change {
  readonly entity: (typeof SETTINGS_ENTITIES)[number];
  readonly entityId: string;
  /** As the API shows it; null: it was created. */
  readonly before: unknown;
  /** Null: it was deleted. */
  readonly after: unknown;
}

/**
 * Records a change of settings in the transaction that makes it, and wakes the worker once that has committed.
 * Returns the version's id.
 */
export async function recordChange(tx: Executor, author: Author, change: Change): Promise<number> {
  const { ownerId, actor } = author;
  const { entity, entityId, before, after } = change;
  const [version] = await tx
    .insert(settingsVersions)
    .values({ userId: ownerId, actor, entity, entityId, before, after })
    .returning({
      id: settingsVersions.id,
      woken: sql`pg_notify('commandcenter_settings', ${settingsVersions.userId}::text)`,
    });
  if (version === undefined) throw new Error('A change was recorded under no id.');
  return version.id;
}
