'use server';

import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { type Refusal, userAction } from '@/lib/action';
import type { Removed } from '@/lib/row-actions';
import { etagOf } from '@/lib/settings-versions/etag';
import { newestVersionId } from '@/lib/settings-versions/queries';
import { createDevice, deleteDevice, removeSimulatedSite, updateDevice } from './mutations';
import { deviceInput, devicePatch } from './schema';
import { serialiseDevice } from './serialise';

const removeSite = userAction(
  'removeSimulatedSite',
  { needs: 'admin', schema: z.undefined() },
  async ({ db, user }) => {
    await removeSimulatedSite(db, { ownerId: user.ownerId, actor: user.actor });
    revalidatePath('/');
    return { status: 'removed' as const };
  },
);

const add = userAction('addDevice', { needs: 'admin', schema: deviceInput }, async ({ db, user, input }) => {
  const { ownerId, actor } = user;
  const row = await createDevice(db, { ownerId, actor, input });
  revalidatePath('/settings', 'layout');
  return { status: 'created' as const, id: row.id };
});

const changed = z.strictObject({ id: z.guid(), etag: z.string().max(64), patch: devicePatch });

const change = userAction('saveDevice', { needs: 'admin', schema: changed }, async ({ db, user, input }) => {
  const { ownerId, actor } = user;
  const { id, etag, patch } = input;
  const row = await updateDevice(db, { ownerId, actor, id, ifMatch: etag, patch });
  revalidatePath('/settings', 'layout');
  return { status: 'saved' as const, etag: etagOf(serialiseDevice(row)) };
});

const byId = z.strictObject({ id: z.guid() });

const remove = userAction(
  'removeDevice',
  { needs: 'admin', schema: byId },
  async ({ db, user, input }): Promise<Removed> => {
    const { ownerId, actor } = user;
    await deleteDevice(db, { ownerId, actor, id: input.id });
    revalidatePath('/settings', 'layout');
    return { status: 'removed', versionId: await newestVersionId(db, ownerId, 'device', input.id) };
  },
);

/** Deletes the simulated devices and what they measured, once a real battery is there. */
export async function removeSimulatedSiteAction(): Promise<{ status: 'removed' } | Refusal> {
  return removeSite(undefined);
}

/** As POST /api/devices. */
export async function addDevice(input: unknown): Promise<{ status: 'created'; id: string } | Refusal> {
  return add(input);
}

/** `{id, etag, patch}`, the patch as PUT /api/devices/{id}. */
export async function saveDevice(input: unknown): Promise<{ status: 'saved'; etag: string } | Refusal> {
  return change(input);
}

/** `{id}`. What names the device by its key has none until another one takes the key, or it is brought back. */
export async function removeDevice(input: unknown): Promise<Removed | Refusal> {
  return remove(input);
}
