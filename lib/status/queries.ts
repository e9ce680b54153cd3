import { eq } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { controlState } from '@/db/schema';
import { readEnvironment } from '@/lib/env';
import { readDisk } from '@/lib/health/queries';
import { type CurrentStatus, isWorkerAlive, statusAt } from './current';
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
  // Written by the worker of this version as a StatusTick; nobody else writes the column.
  const tick = row.tick as StatusTick;
  const workerHeartbeatAt = row.workerHeartbeatAt?.getTime() ?? null;
  // A worker that records has room to do so.
  const disk = isWorkerAlive(workerHeartbeatAt, tick.tickSeconds, now)
    ? null
    : await readDisk(readEnvironment().dataDirectory);
  return statusAt(
    {
      tick,
      controlMode: row.controlMode,
      modeSince: row.modeSince.getTime(),
      modeBy: row.modeBy,
      workerHeartbeatAt,
      freeBytes: disk?.freeBytes ?? null,
    },
    now,
  );
}
