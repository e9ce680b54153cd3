import { eq } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { controlState } from '@/db/schema';
import { readEnvironment } from '@/lib/env';
import { readDisk } from '@/lib/health/queries';
import { type CurrentStatus, statusAt } from './current';
import type { StatusTick } from './types';

/** How the site stands, by the worker's newest tick aged to now; null before the first tick. */
export async function getStatus(
  db: Executor,
  ownerId: string,
  now: number = Date.now(),
): Promise<CurrentStatus | null> {
  const [row] = await db
    .select({
      tick: controlState.lastTick,
      controlMode: controlState.controlMode,
      modeSince: controlState.modeSince,
      modeBy: controlState.modeBy,
      workerHeartbeatAt: controlState.workerHeartbeatAt,
    })
    .from(controlState)
    .where(eq(controlState.userId, ownerId));
  if (row === undefined || row.tick === null) return null;
  const disk = await readDisk(readEnvironment().dataDirectory);
  return statusAt(
    {
      // Written by the worker of this version as a StatusTick; nobody else writes the column.
      tick: row.tick as StatusTick,
      controlMode: row.controlMode,
      modeSince: row.modeSince.getTime(),
      modeBy: row.modeBy,
      workerHeartbeatAt: row.workerHeartbeatAt?.getTime() ?? null,
      freeBytes: disk?.freeBytes ?? null,
    },
    now,
  );
}
