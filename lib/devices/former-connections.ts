import { and, eq, inArray, notLike } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { commands, type DeviceRow, formerConnections } from '@/db/schema';
import { commandOf, NEWEST_OF_LOAD } from '@/lib/commands/row';
import { formerKey, moveTo } from '@/lib/core/commands/former';
import { chargeLoadId } from '@/lib/core/commands/load-ids';
import { switchOf } from '@/lib/drivers/catalog';
import { single } from '@/lib/settings-versions/change';

/**
 * For a device that is deleted, or reached another way than it was (`row`): how to reach it is kept, and its commands with
 * it, so that what may be on there by us is told off there (lib/worker/former-connections.ts), and that nothing which has
 * its key afterwards is told off or judged by them.
 */
export async function keepUntilOff(tx: Executor, row: DeviceRow): Promise<void> {
  const { id: deviceId, userId, key, name, driver, connection, controlEnabled } = row;
  if (switchOf(row) === null) return;
  const newestOfLoads = tx
    .selectDistinctOn([commands.loadId], { id: commands.id })
    .from(commands)
    .where(and(eq(commands.userId, userId), notLike(commands.loadId, chargeLoadId('%'))))
    .orderBy(...NEWEST_OF_LOAD);
  // Locked: nothing is sent by one of them any more (writeCommands).
  const rows = await tx
    .select()
    .from(commands)
    .where(and(inArray(commands.id, newestOfLoads), eq(commands.deviceKey, key)))
    .for('update');
  if (rows.length === 0) return;
  const kept = single(
    await tx
      .insert(formerConnections)
      .values({ userId, deviceId, name, driver, connection, isToldOff: controlEnabled })
      .returning({ id: formerConnections.id }),
  );
  for (const command of rows.map(commandOf)) {
    const { deviceKey, state, error, endedAt } = moveTo(formerKey(kept.id), command, Date.now());
    await tx
      .update(commands)
      .set({ deviceKey, state, error, retryAt: null, endedAt: endedAt === null ? null : new Date(endedAt) })
      .where(eq(commands.id, command.id));
  }
}

/** Control of a device is enabled again: what it has left on elsewhere may be switched off too. */
export async function permitOffs(
  tx: Executor,
  { userId, id }: Pick<DeviceRow, 'userId' | 'id'>,
): Promise<void> {
  await tx
    .update(formerConnections)
    .set({ isToldOff: true })
    .where(and(eq(formerConnections.userId, userId), eq(formerConnections.deviceId, id)));
}
