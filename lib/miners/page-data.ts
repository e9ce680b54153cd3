import 'server-only';
import { getDatabase } from '@/db/client';
import type { SessionHolder } from '@/lib/auth/sessions';
import { type DeviceChoice, deviceChoices } from '@/lib/devices/choices';
import { listZones } from '@/lib/hvac/queries';
import { idParams } from '@/lib/route';
import type { Stored } from '@/lib/settings-versions/stored';
import { getMiner, listMiners } from './queries';
import type { MinerValues } from './schema';
import { orderEtag, storedMiner } from './serialise';

export interface ListedMiner {
  readonly id: string;
  readonly name: string;
  readonly model: string | null;
  readonly power_draw_watts: number;
  readonly priority_level: number;
  readonly enabled: boolean;
}

/** All miners in the order in which they are served, and the ETag of that order. */
export async function loadMiners(
  user: SessionHolder,
): Promise<{ readonly miners: readonly ListedMiner[]; readonly etag: string }> {
  const rows = await listMiners(getDatabase().db, user.ownerId);
  const miners = rows.map(({ id, name, model, powerDrawWatts, priorityLevel, enabled }) => ({
    id,
    name,
    model,
    power_draw_watts: powerDrawWatts,
    priority_level: priorityLevel,
    enabled,
  }));
  return { miners, etag: orderEtag(rows) };
}

export interface MinerSettings {
  readonly id: string;
  readonly stored: Stored<MinerValues>;
  readonly zones: readonly { readonly id: string; readonly name: string }[];
  /** Devices that can switch it. */
  readonly devices: readonly DeviceChoice[];
}

/** What a miner's page shows first; null when there is no such miner. */
export async function loadMiner(user: SessionHolder, id: string): Promise<MinerSettings | null> {
  if (!idParams.safeParse({ id }).success) return null;
  const { db } = getDatabase();
  const [row, zones, devices] = await Promise.all([
    getMiner(db, user.ownerId, id),
    listZones(db, user.ownerId),
    deviceChoices(db, user.ownerId),
  ]);
  if (row === null) return null;
  return {
    id,
    stored: storedMiner(row),
    zones: zones.map((zone) => ({ id: zone.id, name: zone.zoneName })),
    devices,
  };
}
