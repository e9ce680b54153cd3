'use server';

import { revalidatePath } from 'next/cache';
import { type Refusal, userAction } from '@/lib/action';
import type { MeasuringRole } from '@/lib/core/types';
import { rolesNotTakenBack } from '@/lib/devices/queries';
import { listVersions, type SettingsVersion } from './queries';
import { restoreVersion, undoRemoval } from './restore';
import { type RestoreRequest, restoreRequest, undoRequest, type VersionsPage, versionsPage } from './schema';

/** One change as a page shows it. */
export type ShownVersion = Pick<SettingsVersion, 'id' | 'actor' | 'entityId'> & {
  /** Epoch ms. */
  readonly at: number;
  /** As the API showed the row; null: it was created, or deleted. */
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
};

const PAGE = 20;

const asWire = (state: unknown): ShownVersion['before'] =>
  typeof state === 'object' && state !== null ? (state as Readonly<Record<string, unknown>>) : null;

const load = userAction(
  'loadVersions',
  { needs: 'admin', schema: versionsPage },
  async ({ db, user, input }) => {
    const { entity, entity_id: entityId, before } = input;
    const rows = await listVersions(db, user.ownerId, { entity, entityId, before, limit: PAGE + 1 });
    return {
      status: 'loaded' as const,
      versions: rows.slice(0, PAGE).map(
        (row): ShownVersion => ({
          id: row.id,
          actor: row.actor,
          entityId: row.entityId,
          at: row.at.getTime(),
          before: asWire(row.before),
          after: asWire(row.after),
        }),
      ),
      hasMore: rows.length > PAGE,
    };
  },
);

/** The newest changes first, a page at a time. */
export async function loadVersions(page: VersionsPage) {
  return load(page);
}

const restore = userAction(
  'restoreVersion',
  { needs: 'admin', schema: restoreRequest },
  async ({ db, user: { ownerId, actor }, input: { id, state, etag } }) => {
    await restoreVersion(db, { ownerId, actor, versionId: id, state, ifMatch: etag });
    revalidatePath('/settings', 'layout');
    return { status: 'restored' as const };
  },
);

/** Makes the settings what a version says; every settings page is rendered anew. */
export async function restoreSettingsVersion(
  request: RestoreRequest,
): Promise<{ readonly status: 'restored' } | Refusal> {
  return restore(request);
}

const undo = userAction(
  'undoRemoval',
  { needs: 'admin', schema: undoRequest },
  async ({ db, user: { ownerId, actor }, input }) => {
    await undoRemoval(db, { ownerId, actor }, input.version_id);
    revalidatePath('/settings', 'layout');
    const rolesElsewhere = await rolesNotTakenBack(db, ownerId, input.version_id);
    return { status: 'restored' as const, rolesElsewhere };
  },
);

/** Brings back what was deleted, with the links to it, and tells the measuring roles that another device has now. */
export async function undoSettingsRemoval(request: {
  version_id: number;
}): Promise<{ readonly status: 'restored'; readonly rolesElsewhere: readonly MeasuringRole[] } | Refusal> {
  return undo(request);
}
