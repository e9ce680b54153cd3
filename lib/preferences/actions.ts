'use server';

import { AppError } from '@/lib/errors';
import { type SaveRequest, type SaveResult, saveAction } from '@/lib/save-action';
import { updatePreferences } from './mutations';
import { getPreferences } from './queries';
import { type PreferencesValues, preferencesPatch } from './schema';
import { storedPreferences } from './serialise';

const save = saveAction('savePreferences', {
  schema: preferencesPatch,
  write: async (db, edit) => storedPreferences(await updatePreferences(db, edit)),
  read: async (db, { ownerId }) => {
    const row = await getPreferences(db, ownerId);
    if (row === null) throw new AppError('not_found', 'There are no preferences any more.');
    return storedPreferences(row);
  },
});

/** Any fields of the preferences, checked with the rest of the stored row as PUT /api/preferences does. */
export async function savePreferences(request: SaveRequest): Promise<SaveResult<PreferencesValues>> {
  return save(request);
}
