import { and, arrayContains, asc, eq, exists, inArray, or, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { type DeviceRow, devices, removedDevices, settingsVersions, telemetry, users } from '@/db/schema';
import type { MeasuringRole } from '@/lib/core/types';
import { DRIVER_CATALOG, DRIVER_KEYS } from '@/lib/drivers/catalog';

/** All of the owner's devices, by key. Connections hold sealed secrets. */
export async function listDevices(db: Executor, ownerId: string): Promise<DeviceRow[]> {
  return db.select().from(devices).where(eq(devices.userId, ownerId)).orderBy(asc(devices.key));
}

/** One of the owner's devices, or null. */
export async function getDevice(db: Executor, ownerId: string, id: string): Promise<DeviceRow | null> {
  const [row] = await db
    .select()
    .from(devices)
    .where(and(eq(devices.userId, ownerId), eq(devices.id, id)));
  return row ?? null;
}

export interface RemovedDevice extends Pick<DeviceRow, 'connection' | 'driverState'> {
  readonly versionId: number;
  readonly at: Date;
}

/** What was put aside when that version deleted a device; null where it is kept no longer. */
export async function getRemovedDevice(
  db: Executor,
  ownerId: string,
  versionId: number,
): Promise<RemovedDevice | null> {
  const { connection, driverState } = removedDevices;
  const [row] = await db
    .select({ versionId: removedDevices.versionId, connection, driverState, at: settingsVersions.at })
    .from(removedDevices)
    .innerJoin(settingsVersions, eq(settingsVersions.id, removedDevices.versionId))
    .where(and(eq(settingsVersions.userId, ownerId), eq(removedDevices.versionId, versionId)));
  return row ?? null;
}

/** The measuring roles that a device had when that version deleted it, and has no more since it came back. */
export async function rolesNotTakenBack(
  db: Executor,
  ownerId: string,
  versionId: number,
): Promise<MeasuringRole[]> {
  const [row] = await db
    .select({
      before: sql<MeasuringRole[] | null>`${settingsVersions.before} -> 'roles'`,
      roles: devices.roles,
    })
    .from(settingsVersions)
    .innerJoin(
      devices,
      and(eq(devices.userId, ownerId), eq(sql`${devices.id}::text`, settingsVersions.entityId)),
    )
    .where(and(eq(settingsVersions.userId, ownerId), eq(settingsVersions.id, versionId)));
  return row?.before?.filter((role) => !row.roles.includes(role)) ?? [];
}

const REAL_DRIVERS = DRIVER_KEYS.filter((key) => DRIVER_CATALOG[key].hardware);

/** Whether a real battery is measured while simulated devices or history remain: then the owner is asked to part with them. */
export async function simulatedSiteIsLeftOver(db: Executor, ownerId: string): Promise<boolean> {
  const mine = eq(devices.userId, ownerId);
  const realBattery = db
    .select({ one: sql`1` })
    .from(devices)
    .where(and(mine, inArray(devices.driver, REAL_DRIVERS), arrayContains(devices.roles, ['battery'])));
  const simulatedDevice = db
    .select({ one: sql`1` })
    .from(devices)
    .where(and(mine, eq(devices.driver, 'simulated')));
  const simulatedHistory = db
    .select({ one: sql`1` })
    .from(telemetry)
    .where(and(eq(telemetry.userId, ownerId), eq(telemetry.simulated, true)));
  const rows = await db
    .select({ id: users.id })
    .from(users)
    .where(
      and(eq(users.id, ownerId), exists(realBattery), or(exists(simulatedDevice), exists(simulatedHistory))),
    );
  return rows.length > 0;
}
