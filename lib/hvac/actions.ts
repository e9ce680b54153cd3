'use server';

import type { z } from 'zod';
import type { Refusal } from '@/lib/action';
import { type ById, type Created, type Removed, rowActions } from '@/lib/row-actions';
import type { SaveRequest, SaveResult } from '@/lib/save-action';
import { createZone, deleteZone, updateZone } from './mutations';
import { getZone, listZones } from './queries';
import { newZone, type ZoneValues, zonePatch } from './schema';
import { storedZone } from './serialise';

const actions = rowActions({
  entity: 'zone',
  patch: zonePatch,
  newRow: newZone,
  begin: (asked) => asked,
  get: getZone,
  stored: storedZone,
  namesOf: async (db, ownerId) => (await listZones(db, ownerId)).map(({ zoneName }) => zoneName),
  nameOf: ({ zone_name }) => zone_name,
  // Two zones on one device would switch it against each other.
  copyOf: (values, name) => ({
    ...values,
    zone_name: name,
    exhaust_fan_device_id: null,
    heater_device_id: null,
    heating_miner_id: null,
    enabled: false,
  }),
  create: createZone,
  update: updateZone,
  remove: deleteZone,
});

/** Any fields of one zone, checked with the rest of the stored row as PUT /api/hvac/zones/{id} does. */
export async function saveZone(request: SaveRequest): Promise<SaveResult<ZoneValues>> {
  return actions.save(request);
}

/** A zone by name, without temperatures and devices: nothing is switched in it yet. */
export async function addZone(input: z.input<typeof newZone>): Promise<Created | Refusal> {
  return actions.add(input);
}

/** The same settings under another name, without devices and not enabled. */
export async function duplicateZone(input: ById): Promise<Created | Refusal> {
  return actions.duplicate(input);
}

/** Deletes a zone; what is kept of its settings can bring it back. */
export async function removeZone(input: ById): Promise<Removed | Refusal> {
  return actions.remove(input);
}
