import { sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { type SETTINGS_ENTITIES, settingsVersions } from '@/db/schema';

interface Change {
  readonly ownerId: string;
  /** Who: an e-mail address or a token's name. */
  readonly actor: string;
  readonly entity: (typeof SETTINGS_ENTITIES)[number];
  readonly entityId: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Records a change of settings in the transaction that makes it, and wakes the worker once that has committed.
 * Returns the new configuration version.
 */
export async function recordChange(tx: Executor, change: Change): Promise<number> {
  const { ownerId, ...rest } = change;
  const [row] = await tx
    .insert(settingsVersions)
    .values({ userId: ownerId, ...rest })
    .returning({ id: settingsVersions.id });
  await tx.execute(sql`select pg_notify('commandcenter_settings', ${ownerId})`);
  if (row === undefined) throw new Error('An insert returned no row.');
  return row.id;
}
