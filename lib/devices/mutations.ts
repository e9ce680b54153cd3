import { and, eq, ne, sql } from 'drizzle-orm';
import type { Database, Executor } from '@/db/client';
import {
  controlState,
  type DeviceRow,
  decisions,
  devices,
  hvacZones,
  minerProfiles,
  telemetry,
} from '@/db/schema';
import type { MeasuringRole } from '@/lib/core/types';
import { DRIVER_CATALOG, type DriverKey, isDriverKey } from '@/lib/drivers/catalog';
import { AppError } from '@/lib/errors';
import { isDuplicate, requireMatch } from '@/lib/settings-versions/guard';
import { recordChange } from '@/lib/settings-versions/record';
import { simulatedSiteIsLeftOver } from './queries';
import { connectionToStore, requireCapable } from './rules';
import type { DeviceInput, DevicePatch } from './schema';
import { serialiseDevice } from './serialise';

interface Author {
  readonly ownerId: string;
  readonly actor: string;
  readonly ifMatch?: string | null;
}

const owned = (ownerId: string, id: string) => and(eq(devices.userId, ownerId), eq(devices.id, id));

async function lock(tx: Executor, ownerId: string, id: string): Promise<DeviceRow> {
  const [row] = await tx.select().from(devices).where(owned(ownerId, id)).for('update');
  if (row === undefined) throw new AppError('not_found', 'There is no such device.');
  return row;
}

function keyTaken(key: string | undefined): AppError {
  return new AppError('conflict', `A device with the key "${key}" exists already.`, {
    issues: [{ path: 'key', code: 'duplicate', message: 'exists already', values: { key } }],
  });
}

/** One device per role: whoever else holds one of `roles` loses it. */
async function takeRoles(
  tx: Executor,
  author: Author,
  taking: { id: string; roles: readonly MeasuringRole[] },
): Promise<void> {
  if (taking.roles.length === 0) return;
  const others = await tx
    .select()
    .from(devices)
    .where(and(eq(devices.userId, author.ownerId), ne(devices.id, taking.id)))
    .orderBy(devices.id)
    .for('update');
  for (const other of others) {
    const left = other.roles.filter((role) => !taking.roles.includes(role));
    if (left.length === other.roles.length) continue;
    await tx
      .update(devices)
      .set({ roles: left, updatedAt: sql`clock_timestamp()` })
      .where(eq(devices.id, other.id));
    const before = serialiseDevice(other);
    await recordChange(tx, {
      ...author,
      entity: 'device',
      entityId: other.id,
      before,
      after: { ...before, roles: left },
    });
  }
}

/** Nothing is switched by surprise: with real hardware the site decides and shows, until the owner says otherwise. */
async function becomeAdvisory(tx: Executor, author: Author, driver: DriverKey): Promise<void> {
  if (!DRIVER_CATALOG[driver].hardware) return;
  await tx
    .update(controlState)
    .set({
      controlMode: 'advisory',
      modeSince: sql`now()`,
      modeBy: `${author.actor}: a real device was added`,
    })
    .where(and(eq(controlState.userId, author.ownerId), eq(controlState.controlMode, 'automatic')));
}

/**
 * Adds a device; it takes its measuring roles from whoever holds them, and real hardware makes the site advisory.
 * @throws AppError invalid, conflict (the key is taken).
 */
export async function createDevice(
  db: Database,
  change: Author & { input: DeviceInput },
): Promise<DeviceRow> {
  const { ownerId, actor, input } = change;
  requireCapable(input.driver, input);
  const connection = connectionToStore(input.driver, input.connection);
  try {
    return await db.transaction(async (tx) => {
      const [row] = await tx
        .insert(devices)
        .values({
          userId: ownerId,
          key: input.key,
          name: input.name,
          driver: input.driver,
          connection,
          roles: input.roles,
          controlEnabled: input.control_enabled,
        })
        .returning();
      if (row === undefined) throw new Error('An insert returned no row.');
      await takeRoles(tx, change, row);
      await becomeAdvisory(tx, change, input.driver);
      await recordChange(tx, {
        ownerId,
        actor,
        entity: 'device',
        entityId: row.id,
        before: null,
        after: serialiseDevice(row),
      });
      return row;
    });
  } catch (error) {
    throw isDuplicate(error) ? keyTaken(input.key) : error;
  }
}

/** What names this device keeps naming it. */
async function renameKey(tx: Executor, ownerId: string, keys: { from: string; to: string }): Promise<void> {
  const { from, to } = keys;
  await tx
    .update(minerProfiles)
    .set({ deviceIdentifier: to })
    .where(and(eq(minerProfiles.userId, ownerId), eq(minerProfiles.deviceIdentifier, from)));
  for (const field of ['exhaustFanDeviceId', 'heaterDeviceId', 'temperatureSensorId'] as const) {
    await tx
      .update(hvacZones)
      .set({ [field]: to })
      .where(and(eq(hvacZones.userId, ownerId), eq(hvacZones[field], from)));
  }
}

/** @throws AppError invalid, conflict, stale, not_found. */
export async function updateDevice(
  db: Database,
  change: Author & { id: string; patch: DevicePatch },
): Promise<DeviceRow> {
  const { ownerId, actor, id, patch } = change;
  try {
    return await db.transaction(async (tx) => {
      const before = await lock(tx, ownerId, id);
      const stored = serialiseDevice(before);
      requireMatch(stored, change.ifMatch);
      const driver = patch.driver ?? before.driver;
      if (!isDriverKey(driver))
        throw new AppError('invalid', `driver "${driver}" is not known to this version.`);
      const roles = patch.roles ?? before.roles;
      requireCapable(driver, { roles, control_enabled: patch.control_enabled ?? before.controlEnabled });
      const sameDriver = driver === before.driver;
      // Without new settings the stored ones must still suit the driver.
      const given = patch.connection ?? (sameDriver ? null : {});
      const connection =
        given === null
          ? before.connection
          : connectionToStore(driver, given, sameDriver ? before.connection : {});
      const [row] = await tx
        .update(devices)
        .set({
          key: patch.key,
          name: patch.name,
          driver,
          connection,
          roles,
          controlEnabled: patch.control_enabled,
          updatedAt: sql`clock_timestamp()`,
          ...(sameDriver ? {} : { driverState: null, lastError: null }),
        })
        .where(owned(ownerId, id))
        .returning();
      if (row === undefined) throw new Error('An update returned no row.');
      if (row.key !== before.key) await renameKey(tx, ownerId, { from: before.key, to: row.key });
      await takeRoles(tx, change, row);
      if (!sameDriver) await becomeAdvisory(tx, change, driver);
      await recordChange(tx, {
        ownerId,
        actor,
        entity: 'device',
        entityId: id,
        before: stored,
        after: serialiseDevice(row),
      });
      return row;
    });
  } catch (error) {
    throw isDuplicate(error) ? keyTaken(patch.key) : error;
  }
}

/** @throws AppError stale, not_found. */
export async function deleteDevice(db: Database, change: Author & { id: string }): Promise<void> {
  const { ownerId, actor, id } = change;
  await db.transaction(async (tx) => {
    const stored = serialiseDevice(await lock(tx, ownerId, id));
    requireMatch(stored, change.ifMatch);
    await tx.delete(devices).where(owned(ownerId, id));
    await recordChange(tx, { ownerId, actor, entity: 'device', entityId: id, before: stored, after: null });
  });
}

/**
 * Once a real battery is measured: the simulated devices go, and with them all simulated history.
 * @throws AppError conflict while the battery is still simulated.
 */
export async function removeSimulatedSite(db: Database, author: Author): Promise<void> {
  const { ownerId, actor } = author;
  await db.transaction(async (tx) => {
    if (!(await simulatedSiteIsLeftOver(tx, ownerId))) {
      throw new AppError('conflict', 'There is no simulated site to remove beside a real battery.');
    }
    const removed = await tx
      .delete(devices)
      .where(and(eq(devices.userId, ownerId), eq(devices.driver, 'simulated')))
      .returning();
    for (const row of removed) {
      await recordChange(tx, {
        ownerId,
        actor,
        entity: 'device',
        entityId: row.id,
        before: serialiseDevice(row),
        after: null,
      });
    }
    await tx.delete(telemetry).where(and(eq(telemetry.userId, ownerId), eq(telemetry.simulated, true)));
    await tx.delete(decisions).where(and(eq(decisions.userId, ownerId), eq(decisions.simulated, true)));
  });
}
