'use server';

import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import type { Database } from '@/db/client';
import { type Refusal, userAction } from '@/lib/action';
import { copyName } from '@/lib/copy-name';
import { AppError } from '@/lib/errors';
import { type SaveRequest, type SaveResult, saveAction } from '@/lib/save-action';
import { newestVersionId } from '@/lib/settings-versions/queries';
import { createZone, deleteZone, updateZone } from './mutations';
import { getZone, listZones } from './queries';
import { newZone, type ZoneValues, zonePatch } from './schema';
import { storedZone } from './serialise';

/** `versionId`: what undoes it. */
type Removed = { readonly status: 'removed'; readonly versionId: number };
type Created = { readonly status: 'created'; readonly id: string };

async function readZone(db: Database, ownerId: string, id: string | undefined) {
  const row = id === undefined ? null : await getZone(db, ownerId, id);
  if (row === null) throw new AppError('not_found', 'This zone is not there any more.');
  return row;
}

const save = saveAction('saveZone', {
  schema: zonePatch,
  write: async (db, { id, ...edit }) => {
    if (id === undefined) throw new AppError('not_found', 'There is no such zone.');
    return storedZone(await updateZone(db, { ...edit, id }));
  },
  read: async (db, { ownerId, id }) => storedZone(await readZone(db, ownerId, id)),
});

/** Any fields of one zone, checked with the rest of the stored row as PUT /api/hvac/zones/{id} does. */
export async function saveZone(request: SaveRequest): Promise<SaveResult<ZoneValues>> {
  return save(request);
}

const add = userAction('addZone', { needs: 'admin', schema: newZone }, async ({ db, user, input }) => {
  const { ownerId, actor } = user;
  const row = await createZone(db, { ownerId, actor, input });
  revalidatePath('/settings', 'layout');
  return { status: 'created' as const, id: row.id };
});

/** A zone by name, without temperatures and devices: nothing is switched in it yet. */
export async function addZone(input: z.input<typeof newZone>): Promise<Created | Refusal> {
  return add(input);
}

const byId = z.strictObject({ id: z.guid() });

const duplicate = userAction(
  'duplicateZone',
  { needs: 'admin', schema: byId },
  async ({ db, user, input }) => {
    const { ownerId, actor } = user;
    const { values } = storedZone(await readZone(db, ownerId, input.id));
    const taken = (await listZones(db, ownerId)).map(({ zoneName }) => zoneName);
    const row = await createZone(db, {
      ownerId,
      actor,
      // Two zones on one device would switch it against each other.
      input: {
        ...values,
        zone_name: copyName(values.zone_name, taken),
        exhaust_fan_device_id: null,
        heater_device_id: null,
        heating_miner_id: null,
        enabled: false,
      },
    });
    revalidatePath('/settings', 'layout');
    return { status: 'created' as const, id: row.id };
  },
);

/** The same settings under another name, without devices and not enabled. */
export async function duplicateZone(input: z.input<typeof byId>): Promise<Created | Refusal> {
  return duplicate(input);
}

const remove = userAction('removeZone', { needs: 'admin', schema: byId }, async ({ db, user, input }) => {
  const { ownerId, actor } = user;
  await deleteZone(db, { ownerId, actor, id: input.id, ifMatch: null });
  revalidatePath('/settings', 'layout');
  return { status: 'removed' as const, versionId: await newestVersionId(db, ownerId, 'zone', input.id) };
});

/** Deletes a zone; what is kept of its settings can bring it back. */
export async function removeZone(input: z.input<typeof byId>): Promise<Removed | Refusal> {
  return remove(input);
}
