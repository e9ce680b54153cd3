'use server';

import type { z } from 'zod';
import type { Refusal } from '@/lib/action';
import { type ById, type Created, type Removed, rowActions } from '@/lib/row-actions';
import type { SaveRequest, SaveResult } from '@/lib/save-action';
import { createMiner, deleteMiner, updateMiner } from './mutations';
import { getMiner, listMiners } from './queries';
import { type MinerValues, minerPatch, newMiner } from './schema';
import { storedMiner } from './serialise';

/** Voltages of a new miner for a 16S LiFePO4 bank: start, stop, emergency. The owner sees them before enabling it. */
const NEW_MINER_VOLTAGES = { start_voltage: 52, stop_voltage: 50, emergency_stop_voltage: 47 };

const actions = rowActions({
  entity: 'miner',
  patch: minerPatch,
  newRow: newMiner,
  begin: (asked) => ({ ...NEW_MINER_VOLTAGES, ...asked, enabled: false }),
  get: getMiner,
  stored: storedMiner,
  namesOf: async (db, ownerId) => (await listMiners(db, ownerId)).map(({ name }) => name),
  nameOf: ({ name }) => name,
  // Two miners on one switch would be switched against each other.
  copyOf: (values, name) => ({ ...values, name, device_identifier: null, enabled: false }),
  create: createMiner,
  update: updateMiner,
  remove: deleteMiner,
});

/** Any fields of one miner, checked with the rest of the stored row as PUT /api/miners/{id} does. */
export async function saveMiner(request: SaveRequest): Promise<SaveResult<MinerValues>> {
  return actions.save(request);
}

/** A miner by name and draw, switched off in its settings until the owner has seen the rest. */
export async function addMiner(input: z.input<typeof newMiner>): Promise<Created | Refusal> {
  return actions.add(input);
}

/** The same settings under another name, without a device and not enabled. */
export async function duplicateMiner(input: ById): Promise<Created | Refusal> {
  return actions.duplicate(input);
}

/** Deletes a miner; what is kept of its settings can bring it back. */
export async function removeMiner(input: ById): Promise<Removed | Refusal> {
  return actions.remove(input);
}
