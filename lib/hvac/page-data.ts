import 'server-only';
import { getDatabase } from '@/db/client';
import type { SessionHolder } from '@/lib/auth/sessions';
import { type DeviceChoice, deviceChoices } from '@/lib/devices/choices';
import { listMiners } from '@/lib/miners/queries';
import { idParams } from '@/lib/route';
import type { Stored } from '@/lib/settings-versions/stored';
import { getZone, listZones } from './queries';
import type { ZoneValues } from './schema';
import { storedZone } from './serialise';

export interface ListedZone {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
}

/** All zones by name. */
export async function loadZones(user: SessionHolder): Promise<readonly ListedZone[]> {
  const rows = await listZones(getDatabase().db, user.ownerId);
  return rows.map(({ id, zoneName, enabled }) => ({ id, name: zoneName, enabled }));
}

export interface ZoneSettings {
  readonly id: string;
  readonly stored: Stored<ZoneValues>;
  readonly miners: readonly { readonly id: string; readonly name: string }[];
  readonly devices: readonly DeviceChoice[];
}

/** What a zone's page shows first; null when there is no such zone. */
export async function loadZone(user: SessionHolder, id: string): Promise<ZoneSettings | null> {
  if (!idParams.safeParse({ id }).success) return null;
  const { db } = getDatabase();
  const [row, miners, devices] = await Promise.all([
    getZone(db, user.ownerId, id),
    listMiners(db, user.ownerId),
    deviceChoices(db, user.ownerId),
  ]);
  if (row === null) return null;
  return {
    id,
    stored: storedZone(row),
    miners: miners.map(({ id: minerId, name }) => ({ id: minerId, name })),
    devices,
  };
}
