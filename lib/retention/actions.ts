'use server';

import { type SaveRequest, type SaveResult, saveAction } from '@/lib/save-action';
import { toStored } from '@/lib/settings-versions/stored';
import { setRetention } from './mutations';
import { getRetention } from './queries';
import { retentionPatch } from './schema';
import { serialiseRetention, type WireRetention } from './serialise';

const save = saveAction('saveRetention', {
  schema: retentionPatch,
  write: async (db, edit) => toStored(retentionPatch, serialiseRetention(await setRetention(db, edit))),
  read: async (db, { ownerId }) =>
    toStored(retentionPatch, serialiseRetention(await getRetention(db, ownerId))),
});

/** How long each tier of history is kept, checked as PUT /api/telemetry/retention does. */
export async function saveRetention(request: SaveRequest): Promise<SaveResult<WireRetention>> {
  return save(request);
}
