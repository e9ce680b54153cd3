import { eq } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { hvacZones, minerProfiles } from '@/db/schema';
import { type Ability, DRIVER_CATALOG, isDriverKey } from '@/lib/drivers/catalog';
import { listDevices } from './queries';

export interface DeviceUse {
  readonly id: string;
  readonly field: 'device_identifier' | 'heater_device_id' | 'exhaust_fan_device_id';
  /** In words: "Primary S21+", "the heater of Heat Room". */
  readonly name: string;
}

/** A device as a form offers it. */
export interface DeviceChoice {
  /** Its key. */
  readonly value: string;
  readonly label: string;
  readonly abilities: readonly Ability[];
  /** What it switches, by the miner or zone whose it is and the field that says so. */
  readonly usedBy: readonly DeviceUse[];
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
      ...miners
        .filter((miner) => miner.key === key)
        .map(({ id, name: of }) => ({ id, field: 'device_identifier' as const, name: of })),
      ...zones
        .filter(({ heater }) => heater === key)
        .map(({ id, name: of }) => ({
          id,
          field: 'heater_device_id' as const,
          name: `the heater of ${of}`,
        })),
      ...zones
        .filter(({ fan }) => fan === key)
        .map(({ id, name: of }) => ({
          id,
          field: 'exhaust_fan_device_id' as const,
          name: `the fan of ${of}`,
        })),
    ],
  }));
}
