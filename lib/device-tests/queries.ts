import { and, eq } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { type DeviceTestRow, deviceTests } from '@/db/schema';

export async function getDeviceTest(
  db: Executor,
  ownerId: string,
  id: string,
): Promise<DeviceTestRow | null> {
  const [row] = await db
    .select()
    .from(deviceTests)
    .where(and(eq(deviceTests.userId, ownerId), eq(deviceTests.id, id)));
  return row ?? null;
}
