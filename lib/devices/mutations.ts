import { and, eq, gt, inArray, lt, ne, sql } from 'drizzle-orm';
import type { Database, Executor } from '@/db/client';
import {
  commands,
  controlState,
  type DeviceRow,
  decisions,
  devices,
  removedDevices,
  resistanceEvidence,
  settingsVersions,
  telemetry,
  telemetry1d,
  telemetry1m,
  telemetry15m,
  users,
} from '@/db/schema';
import type { MeasuringRole } from '@/lib/core/types';
import { DAY_MS } from '@/lib/core/units';
import { DRIVER_CATALOG, type DriverKey, isDriverKey, isSameSwitch, switchOf } from '@/lib/drivers/catalog';
import { AppError } from '@/lib/errors';
import { type Author, changeSettings, type Edit, single } from '@/lib/settings-versions/change';
import { requireMatch } from '@/lib/settings-versions/guard';
import { followDeviceKey } from '@/lib/settings-versions/links';
import { recordChange } from '@/lib/settings-versions/record';
import { lockRollUps } from '@/lib/telemetry/rollup';
import { keepUntilOff, permitOffs } from './former-connections';
import { type RemovedDevice, simulatedSiteIsLeftOver } from './queries';
import { connectionToStore, requireCapable } from './rules';
import type { DeviceInput, DevicePatch } from './schema';
import { serialiseDevice } from './serialise';

const owned = (ownerId: string, id: string) => and(eq(devices.userId, ownerId), eq(devices.id, id));

/** One change of devices at a time per owner: a role moves between rows, some of which the other change would not see yet. */
async function lockDevices(tx: Executor, ownerId: string): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, ownerId)).for('no key update');
}

async function lockDevice(tx: Executor, ownerId: string, id: string): Promise<DeviceRow> {
  await lockDevices(tx, ownerId);
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
    .for('update');
  for (const other of others) {
    const roles = other.roles.filter((role) => !taking.roles.includes(role));
    if (roles.length === other.roles.length) continue;
    const row = single(
      await tx
        .update(devices)
        .set({ roles, updatedAt: sql`clock_timestamp()` })
        .where(eq(devices.id, other.id))
        .returning(),
    );
    await recordChange(tx, author, {
      entity: 'device',
      entityId: row.id,
      before: serialiseDevice(other),
      after: serialiseDevice(row),
    });
  }
}

/**
 * Nothing is switched by surprise: with real hardware the site decides and shows, until the owner says otherwise. What
 * was said before `removedAt` was said with the device that comes back.
 */
async function becomeAdvisory(
  tx: Executor,
  author: Author,
  { driver, removedAt }: { driver: DriverKey; removedAt?: Date },
): Promise<void> {
  if (!DRIVER_CATALOG[driver].hardware) return;
  await tx
    .update(controlState)
    .set({
      controlMode: 'advisory',
      modeSince: sql`now()`,
      modeBy: `${author.actor}: a real device was added`,
    })
    .where(
      and(
        eq(controlState.userId, author.ownerId),
        eq(controlState.controlMode, 'automatic'),
        removedAt && gt(controlState.modeSince, removedAt),
      ),
    );
}

/** Those of `roles` that no device holds. */
async function freeRoles(
  tx: Executor,
  ownerId: string,
  roles: readonly MeasuringRole[],
): Promise<MeasuringRole[]> {
  const rows = await tx.select({ roles: devices.roles }).from(devices).where(eq(devices.userId, ownerId));
  const held = new Set(rows.flatMap((row) => row.roles));
  return roles.filter((role) => !held.has(role));
}

/**
 * Adds a device, which takes its measuring roles from whoever holds them; real hardware makes the site advisory. One
 * that comes back, `id` under the id it had and `removed` with what it held when it was deleted, takes a role from nobody.
 * @throws AppError invalid, conflict (the key is taken).
 */
export async function createDevice(
  db: Executor,
  change: Author & { input: DeviceInput; id?: string; removed?: RemovedDevice | null },
): Promise<DeviceRow> {
  const { ownerId, input, removed } = change;
  requireCapable(input.driver, input);
  const connection = connectionToStore(input.driver, input.connection, removed?.connection);
  const create = async (tx: Executor) => {
    await lockDevices(tx, ownerId);
    const row = single(
      await tx
        .insert(devices)
        .values({
          ...(change.id ? { id: change.id } : {}),
          userId: ownerId,
          key: input.key,
          name: input.name,
          driver: input.driver,
          connection,
          roles: change.id ? await freeRoles(tx, ownerId, input.roles) : input.roles,
          controlEnabled: input.control_enabled,
          driverState: removed?.driverState ?? null,
        })
        .returning(),
    );
    if (row.controlEnabled) await permitOffs(tx, row);
    if (removed) await tx.delete(removedDevices).where(eq(removedDevices.versionId, removed.versionId));
    await takeRoles(tx, change, row);
    await becomeAdvisory(tx, change, { driver: input.driver, removedAt: removed?.at });
    const after = serialiseDevice(row);
    await recordChange(tx, change, { entity: 'device', entityId: row.id, before: null, after });
    return row;
  };
  return changeSettings(db, create, { duplicate: () => keyTaken(input.key) });
}

/** The columns that the patch gives a stored device. @throws AppError invalid. */
function patchedColumns(stored: DeviceRow, patch: DevicePatch) {
  const driver = patch.driver ?? stored.driver;
  if (!isDriverKey(driver))
    throw new AppError('invalid', `driver "${driver}" is not known to this version; choose another.`);
  const sameDriver = driver === stored.driver;
  const columns = {
    key: patch.key ?? stored.key,
    name: patch.name ?? stored.name,
    driver,
    roles: patch.roles ?? stored.roles,
    controlEnabled: patch.control_enabled ?? stored.controlEnabled,
  };
  requireCapable(driver, { roles: columns.roles, control_enabled: columns.controlEnabled });
  if (!sameDriver) {
    const connection = connectionToStore(driver, patch.connection ?? {});
    return { ...columns, connection, driverState: null, lastError: null };
  }
  const connection = patch.connection
    ? connectionToStore(driver, patch.connection, stored.connection)
    : stored.connection;
  return { ...columns, connection };
}

/** @throws AppError invalid, conflict, stale, not_found. */
export async function updateDevice(
  db: Executor,
  change: Edit & { id: string; patch: DevicePatch },
): Promise<DeviceRow> {
  const { ownerId, id, patch } = change;
  const update = async (tx: Executor) => {
    const stored = await lockDevice(tx, ownerId, id);
    const before = serialiseDevice(stored);
    requireMatch(before, change.ifMatch);
    const columns = patchedColumns(stored, patch);
    const row = single(
      await tx
        .update(devices)
        .set({ ...columns, updatedAt: sql`clock_timestamp()` })
        .where(owned(ownerId, id))
        .returning(),
    );
    if (!isSameSwitch(switchOf(row), switchOf(stored))) await keepUntilOff(tx, stored);
    if (row.controlEnabled && !stored.controlEnabled) await permitOffs(tx, row);
    if (row.key !== stored.key) await followDeviceKey(tx, change, { from: stored.key, to: row.key });
    await takeRoles(tx, change, row);
    if (row.driver !== stored.driver) await becomeAdvisory(tx, change, { driver: columns.driver });
    const after = serialiseDevice(row);
    await recordChange(tx, change, { entity: 'device', entityId: id, before, after });
    return row;
  };
  return changeSettings(db, update, { duplicate: () => keyTaken(patch.key) });
}

/** Removes a device; what no version tells of it is put aside for a while. @throws AppError stale, not_found. */
export async function deleteDevice(db: Executor, change: Edit & { id: string }): Promise<void> {
  const { ownerId, id } = change;
  await changeSettings(db, async (tx) => {
    const row = await lockDevice(tx, ownerId, id);
    const before = serialiseDevice(row);
    requireMatch(before, change.ifMatch);
    await keepUntilOff(tx, row);
    await tx.delete(devices).where(owned(ownerId, id));
    const versionId = await recordChange(tx, change, { entity: 'device', entityId: id, before, after: null });
    const { connection, driverState } = row;
    await tx.insert(removedDevices).values({ versionId, connection, driverState });
  });
}

/** After this a device that had a secret is brought back no more. */
const REMOVED_KEPT_MS = 7 * DAY_MS;

/** Lets go of what was put aside of devices that were deleted a week before `now`. */
export async function forgetRemovedDevices(db: Database, ownerId: string, now: number): Promise<void> {
  const old = db
    .select({ id: settingsVersions.id })
    .from(settingsVersions)
    .where(
      and(eq(settingsVersions.userId, ownerId), lt(settingsVersions.at, new Date(now - REMOVED_KEPT_MS))),
    );
  await db.delete(removedDevices).where(inArray(removedDevices.versionId, old));
}

/**
 * Once a real battery is measured: the simulated devices go, and with them all simulated history.
 * @throws AppError conflict while the battery is still simulated.
 */
export async function removeSimulatedSite(db: Database, author: Author): Promise<void> {
  const { ownerId } = author;
  await changeSettings(db, async (tx) => {
    await lockDevices(tx, ownerId);
    if (!(await simulatedSiteIsLeftOver(tx, ownerId))) {
      throw new AppError('conflict', 'There is no simulated site to remove beside a real battery.');
    }
    await lockRollUps(tx, ownerId);
    const removed = await tx
      .delete(devices)
      .where(and(eq(devices.userId, ownerId), eq(devices.driver, 'simulated')))
      .returning();
    for (const row of removed) {
      const before = serialiseDevice(row);
      await recordChange(tx, author, { entity: 'device', entityId: row.id, before, after: null });
    }
    const history = [
      telemetry,
      telemetry1m,
      telemetry15m,
      telemetry1d,
      decisions,
      commands,
      resistanceEvidence,
    ];
    for (const table of history) {
      await tx.delete(table).where(and(eq(table.userId, ownerId), eq(table.simulated, true)));
    }
  });
}
