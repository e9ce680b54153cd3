import 'server-only';
import { getDatabase } from '@/db/client';
import type { SessionHolder } from '@/lib/auth/sessions';
import { AppError } from '@/lib/errors';
import type { Stored } from '@/lib/settings-versions/stored';
import { getPreferences } from './queries';
import type { PreferencesValues } from './schema';
import { storedPreferences } from './serialise';

export interface BatterySettings {
  readonly stored: Stored<PreferencesValues>;
}

/** What /settings/battery shows first. @throws AppError not_found before the defaults were written. */
export async function loadBatterySettings(user: SessionHolder): Promise<BatterySettings> {
  const row = await getPreferences(getDatabase().db, user.ownerId);
  if (row === null) throw new AppError('not_found', 'There are no preferences yet; run the migration.');
  return { stored: storedPreferences(row) };
}
