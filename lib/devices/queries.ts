import { and, asc, eq, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { type DeviceRow, devices, telemetry } from '@/db/schema';

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

/** Whether a real battery is measured while simulated devices or history remain: then the owner is asked to part with them. */
export async function simulatedSiteIsLeftOver(db: Executor, ownerId: string): Promise<boolean> {
  const [row] = await db
    .select({
      leftOver: sql<boolean>`
        exists (select 1 from ${devices} where user_id = ${ownerId} and driver not in ('simulated', 'recording') and 'battery' = any(roles))
        and (exists (select 1 from ${devices} where user_id = ${ownerId} and driver = 'simulated')
          or exists (select 1 from ${telemetry} where user_id = ${ownerId} and simulated))`,
    })
    .from(sql`(select 1) as one`);
  return row?.leftOver ?? false;
}
