import { eq } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { hvacZones, minerProfiles } from '@/db/schema';
import { type Ability, DRIVER_CATALOG, isDriverKey } from '@/lib/drivers/catalog';
import { listDevices } from './queries';

/** A device as a form offers it. */
export interface DeviceChoice {
  /** Its key. */
  readonly value: string;
  readonly label: string;
  readonly abilities: readonly Ability[];
  /** The miners and zones of which it switches something. */
  readonly usedBy: readonly { readonly id: string; readonly name: string }[];
}

/** The owner's devices by name and key, with what they can do and whom they serve. */
export async function deviceChoices(db: Executor, ownerId: string): Promise<readonly DeviceChoice[]> {
  const [rows, miners, zones] = await Promise.all([
    listDevices(db, ownerId),
    db
      .select({ id: minerProfiles.id, name: minerProfiles.name, key: minerProfiles.deviceIdentifier })
      .from(minerProfiles)
      .where(eq(minerProfiles.userId, ownerId)),
    db
      .select({
        id: hvacZones.id,
        name: hvacZones.zoneName,
        fan: hvacZones.exhaustFanDeviceId,
        heater: hvacZones.heaterDeviceId,
      })
      .from(hvacZones)
      .where(eq(hvacZones.userId, ownerId)),
  ]);
  return rows.map(({ key, name, driver, connection }) => ({
    value: key,
    label: name === key ? key : `${name} (${key})`,
    abilities: isDriverKey(driver) ? DRIVER_CATALOG[driver].abilities(connection) : [],
    usedBy: [
      ...miners.filter((miner) => miner.key === key),
      ...zones.filter(({ fan, heater }) => fan === key || heater === key),
    ].map((user) => ({ id: user.id, name: user.name })),
  }));
}
