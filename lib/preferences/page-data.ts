import 'server-only';
import { getDatabase } from '@/db/client';
import type { SessionHolder } from '@/lib/auth/sessions';
import { OWNER_ID } from '@/lib/core/defaults';
import { kernelMiner, kernelZone } from '@/lib/core/kernel-fields';
import type { HvacZone, MinerProfile } from '@/lib/core/types';
import { AppError } from '@/lib/errors';
import { listZones } from '@/lib/hvac/queries';
import { listMiners } from '@/lib/miners/queries';
import { type BatteryResistance, readResistance } from '@/lib/resistance/current';
import type { Stored } from '@/lib/settings-versions/stored';
import { getPreferences } from './queries';
import { isPlaceUnset } from './rules';
import type { PreferencesValues } from './schema';
import { defaultPreferences, storedPreferences } from './serialise';

export interface BatterySettings {
  readonly stored: Stored<PreferencesValues>;
  readonly defaults: PreferencesValues;
  /** What is judged together with the battery's thresholds. */
  readonly miners: readonly MinerProfile[];
  readonly zones: readonly HvacZone[];
  readonly resistance: BatteryResistance;
}

/** What /settings/battery shows first. @throws AppError not_found before the defaults were written. */
export async function loadBatterySettings(user: SessionHolder): Promise<BatterySettings> {
  const { db } = getDatabase();
  const [row, miners, zones] = await Promise.all([
    getPreferences(db, user.ownerId),
    listMiners(db, user.ownerId),
    listZones(db, user.ownerId),
  ]);
  if (row === null) throw new AppError('not_found', 'There are no preferences yet; run the migration.');
  return {
    stored: storedPreferences(row),
    defaults: defaultPreferences(),
    miners: miners.map(kernelMiner),
    zones: zones.map(kernelZone),
    resistance: await readResistance(db, user.ownerId),
  };
}

/** The time zone that a site was made with, while nobody has said where it is; else null. */
export async function loadNewSiteZone(): Promise<string | null> {
  const row = await getPreferences(getDatabase().db, OWNER_ID);
  return row !== null && isPlaceUnset(row) ? row.timezone : null;
}
