import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { type DeviceTestRow, deviceTests } from '@/db/schema';
import { getDevice } from '@/lib/devices/queries';
import { connectionToStore } from '@/lib/devices/rules';
import { callWorker } from '@/lib/errands/call';
import { AppError } from '@/lib/errors';
import { single } from '@/lib/settings-versions/change';
import type { DeviceTestInput } from './schema';
import type { DeviceTestResult } from './types';

/** A test is of the moment: nobody asks for an older one. */
const KEPT_MINUTES = 10;

/**
 * Asks the worker to try a connection. One test at a time per owner: an earlier one is cancelled.
 * @throws AppError invalid (as for a device), not_found.
 */
export async function requestDeviceTest(
  db: Database,
  { ownerId, input }: { readonly ownerId: string; readonly input: DeviceTestInput },
): Promise<DeviceTestRow> {
  return db.transaction(async (tx) => {
    const device = input.device_id === undefined ? null : await getDevice(tx, ownerId, input.device_id);
    if (input.device_id !== undefined && device === null)
      throw new AppError('not_found', 'There is no such device.');
    const stored = device?.driver === input.driver ? device.connection : {};
    const connection = connectionToStore(input.driver, input.connection, stored);
    const mine = eq(deviceTests.userId, ownerId);
    await tx
      .delete(deviceTests)
      .where(and(mine, lt(deviceTests.requestedAt, sql`now() - make_interval(mins => ${KEPT_MINUTES})`)));
    await tx
      .update(deviceTests)
      .set({ state: 'cancelled', endedAt: sql`now()` })
      .where(and(mine, inArray(deviceTests.state, ['requested', 'running'])));
    const values = { userId: ownerId, driver: input.driver, connection };
    const row = single(await tx.insert(deviceTests).values(values).returning());
    await callWorker(tx, ownerId);
    return row;
  });
}

/** Ends a test that is under way; one that has ended stays as it is. @throws AppError not_found. */
export async function cancelDeviceTest(db: Database, ownerId: string, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const mine = and(eq(deviceTests.userId, ownerId), eq(deviceTests.id, id));
    const [there] = await tx.select({ id: deviceTests.id }).from(deviceTests).where(mine).for('update');
    if (there === undefined) throw new AppError('not_found', 'There is no such test.');
    await tx
      .update(deviceTests)
      .set({ state: 'cancelled', endedAt: sql`now()` })
      .where(and(mine, inArray(deviceTests.state, ['requested', 'running'])));
    await callWorker(tx, ownerId);
  });
}

/** Takes the tests that wait, for this worker to carry out. */
export async function beginDeviceTests(db: Database, ownerId: string): Promise<DeviceTestRow[]> {
  return db
    .update(deviceTests)
    .set({ state: 'running' })
    .where(and(eq(deviceTests.userId, ownerId), eq(deviceTests.state, 'requested')))
    .returning();
}

/** Which of these tests are still wanted. */
export async function stillWanted(db: Database, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ id: deviceTests.id })
    .from(deviceTests)
    .where(and(inArray(deviceTests.id, [...ids]), eq(deviceTests.state, 'running')));
  return new Set(rows.map(({ id }) => id));
}

/** Stores how a test ended, unless it was cancelled meanwhile. */
export async function endDeviceTest(
  db: Database,
  id: string,
  end: { readonly result: DeviceTestResult | null; readonly error: string | null },
): Promise<void> {
  await db
    .update(deviceTests)
    .set({ ...end, state: end.error === null ? 'passed' : 'failed', endedAt: sql`now()` })
    .where(and(eq(deviceTests.id, id), eq(deviceTests.state, 'running')));
}

/** Tests that a worker began and, being killed, did not end. */
export async function failAbandonedTests(db: Database, ownerId: string): Promise<void> {
  await db
    .update(deviceTests)
    .set({ state: 'failed', endedAt: sql`now()`, error: 'CommandCenter was stopped meanwhile. Try again.' })
    .where(and(eq(deviceTests.userId, ownerId), eq(deviceTests.state, 'running')));
}
