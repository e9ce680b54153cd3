'use server';

import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import type { Database } from '@/db/client';
import { type Refusal, userAction } from '@/lib/action';
import { copyName } from '@/lib/copy-name';
import { AppError } from '@/lib/errors';
import { type SaveRequest, type SaveResult, saveAction } from '@/lib/save-action';
import { newestVersionId } from '@/lib/settings-versions/queries';
import { createMiner, deleteMiner, updateMiner } from './mutations';
import { getMiner, listMiners } from './queries';
import { type MinerValues, minerPatch, newMiner } from './schema';
import { storedMiner } from './serialise';

/** `versionId`: what undoes it. */
type Removed = { readonly status: 'removed'; readonly versionId: number };
type Created = { readonly status: 'created'; readonly id: string };

async function readMiner(db: Database, ownerId: string, id: string | undefined) {
  const row = id === undefined ? null : await getMiner(db, ownerId, id);
  if (row === null) throw new AppError('not_found', 'This miner is not there any more.');
  return row;
}

const save = saveAction('saveMiner', {
  schema: minerPatch,
  write: async (db, { id, ...edit }) => {
    if (id === undefined) throw new AppError('not_found', 'There is no such miner.');
    return storedMiner(await updateMiner(db, { ...edit, id }));
  },
  read: async (db, { ownerId, id }) => storedMiner(await readMiner(db, ownerId, id)),
});

/** Any fields of one miner, checked with the rest of the stored row as PUT /api/miners/{id} does. */
export async function saveMiner(request: SaveRequest): Promise<SaveResult<MinerValues>> {
  return save(request);
}

/** Voltages of a new miner for a 16S LiFePO4 bank: start, stop, emergency. The owner sees them before enabling it. */
const NEW_MINER_VOLTAGES = { start_voltage: 52, stop_voltage: 50, emergency_stop_voltage: 47 };

const add = userAction('addMiner', { needs: 'admin', schema: newMiner }, async ({ db, user, input }) => {
  const { ownerId, actor } = user;
  const row = await createMiner(db, {
    ownerId,
    actor,
    input: { ...NEW_MINER_VOLTAGES, ...input, enabled: false },
  });
  revalidatePath('/settings', 'layout');
  return { status: 'created' as const, id: row.id };
});

/** A miner by name and draw, switched off in its settings until the owner has seen the rest. */
export async function addMiner(input: z.input<typeof newMiner>): Promise<Created | Refusal> {
  return add(input);
}

const byId = z.strictObject({ id: z.guid() });

const duplicate = userAction(
  'duplicateMiner',
  { needs: 'admin', schema: byId },
  async ({ db, user, input }) => {
    const { ownerId, actor } = user;
    const { values } = storedMiner(await readMiner(db, ownerId, input.id));
    const taken = (await listMiners(db, ownerId)).map(({ name }) => name);
    const row = await createMiner(db, {
      ownerId,
      actor,
      // Two miners on one switch would be switched against each other.
      input: { ...values, name: copyName(values.name, taken), device_identifier: null, enabled: false },
    });
    revalidatePath('/settings', 'layout');
    return { status: 'created' as const, id: row.id };
  },
);

/** The same settings under another name, without a device and not enabled. */
export async function duplicateMiner(input: z.input<typeof byId>): Promise<Created | Refusal> {
  return duplicate(input);
}

const remove = userAction('removeMiner', { needs: 'admin', schema: byId }, async ({ db, user, input }) => {
  const { ownerId, actor } = user;
  await deleteMiner(db, { ownerId, actor, id: input.id, ifMatch: null });
  revalidatePath('/settings', 'layout');
  return { status: 'removed' as const, versionId: await newestVersionId(db, ownerId, 'miner', input.id) };
});

/** Deletes a miner; what is kept of its settings can bring it back. */
export async function removeMiner(input: z.input<typeof byId>): Promise<Removed | Refusal> {
  return remove(input);
}
