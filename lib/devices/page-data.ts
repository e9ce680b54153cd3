import 'server-only';
import { getDatabase } from '@/db/client';
import type { DeviceRow } from '@/db/schema';
import type { SessionHolder } from '@/lib/auth/sessions';
import type { MeasuringRole } from '@/lib/core/types';
import { DRIVER_CATALOG, DRIVER_KEYS, type DriverKey, isDriverKey } from '@/lib/drivers/catalog';
import { listZones } from '@/lib/hvac/queries';
import { listMiners } from '@/lib/miners/queries';
import { idParams } from '@/lib/route';
import { etagOf } from '@/lib/settings-versions/etag';
import { type ConnectionForm, connectionForm } from './connection-form';
import { getDevice, listDevices } from './queries';
import { isSealed } from './secrets';
import { serialiseDevice } from './serialise';

export interface ListedDevice {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly kind: string;
  readonly roles: readonly MeasuringRole[];
  readonly controlEnabled: boolean;
  readonly simulated: boolean;
  /** As the worker stored it; the page's event stream knows it fresher. */
  readonly lastSeenAt: number | null;
  readonly lastError: string | null;
}

const kindOf = (driver: string) => (isDriverKey(driver) ? DRIVER_CATALOG[driver].label : driver);

function listed(row: DeviceRow): ListedDevice {
  const { id, key, name, driver, roles, controlEnabled, lastSeenAt, lastError } = row;
  return {
    id,
    key,
    name,
    kind: kindOf(driver),
    roles,
    controlEnabled,
    simulated: isDriverKey(driver) && DRIVER_CATALOG[driver].simulated,
    lastSeenAt: lastSeenAt?.getTime() ?? null,
    lastError,
  };
}

/** All devices by key. */
export async function loadDevices(user: SessionHolder): Promise<readonly ListedDevice[]> {
  return (await listDevices(getDatabase().db, user.ownerId)).map(listed);
}

/** A driver as the form offers it. */
export interface KindChoice {
  readonly driver: DriverKey;
  readonly label: string;
  readonly description: string;
  readonly roles: readonly MeasuringRole[];
  readonly controllable: boolean;
  readonly hardware: boolean;
  readonly connection: ConnectionForm;
}

const kindChoice = (driver: DriverKey): KindChoice => {
  const { label, description, roles, controllable, hardware } = DRIVER_CATALOG[driver];
  return { driver, label, description, roles, controllable, hardware, connection: connectionForm(driver) };
};

export interface DeviceFormData {
  readonly kinds: readonly KindChoice[];
  /** Who holds each measuring role now, by role: the device's name. */
  readonly holders: Readonly<Partial<Record<MeasuringRole, string>>>;
  readonly takenKeys: readonly string[];
}

function formData(rows: readonly DeviceRow[], but: string | null): DeviceFormData {
  const others = rows.filter(({ id }) => id !== but);
  return {
    kinds: DRIVER_KEYS.map(kindChoice),
    holders: Object.fromEntries(others.flatMap(({ roles, name }) => roles.map((role) => [role, name]))),
    takenKeys: others.map(({ key }) => key),
  };
}

/** What /settings/devices/new shows. */
export async function loadNewDevice(user: SessionHolder): Promise<DeviceFormData> {
  return formData(await listDevices(getDatabase().db, user.ownerId), null);
}

export interface StoredDevice extends ListedDevice {
  readonly driver: string;
  /** Without secrets. */
  readonly connection: Readonly<Record<string, unknown>>;
  /** Names of the secrets that are stored. */
  readonly secretsSet: readonly string[];
  readonly etag: string;
  /** What names it, in words: "Miner Primary S21+ is switched by it". */
  readonly usedBy: readonly string[];
}

async function usersOf(ownerId: string, key: string): Promise<string[]> {
  const { db } = getDatabase();
  const [miners, zones] = await Promise.all([listMiners(db, ownerId), listZones(db, ownerId)]);
  return [
    ...miners
      .filter((miner) => miner.deviceIdentifier === key)
      .map(({ name }) => `${name} is switched by it`),
    ...zones.flatMap(({ zoneName, ...zone }) => [
      ...(zone.temperatureSensorId === key ? [`${zoneName} takes its temperature from it`] : []),
      ...(zone.heaterDeviceId === key ? [`${zoneName} is heated by it`] : []),
      ...(zone.exhaustFanDeviceId === key ? [`${zoneName} is cooled by it`] : []),
    ]),
  ];
}

/** What a device's page shows first; null when there is no such device. */
export async function loadDevice(
  user: SessionHolder,
  id: string,
): Promise<(DeviceFormData & { readonly device: StoredDevice }) | null> {
  if (!idParams.safeParse({ id }).success) return null;
  const { db } = getDatabase();
  const [row, rows] = await Promise.all([getDevice(db, user.ownerId, id), listDevices(db, user.ownerId)]);
  if (row === null) return null;
  const settings = Object.entries(row.connection);
  const device: StoredDevice = {
    ...listed(row),
    driver: row.driver,
    connection: Object.fromEntries(settings.filter(([, value]) => !isSealed(value))),
    secretsSet: settings.flatMap(([name, value]) => (isSealed(value) ? [name] : [])),
    etag: etagOf(serialiseDevice(row)),
    usedBy: await usersOf(user.ownerId, row.key),
  };
  return { ...formData(rows, id), device };
}
