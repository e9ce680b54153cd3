import { statfs } from 'node:fs/promises';
import { eq, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { knownMigrations } from '@/db/migrate';
import { controlState } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { withinMs } from '@/lib/deadline';
import { isWorkerAlive } from '@/lib/status/current';
import type { StatusSource, StatusTick } from '@/lib/status/types';

/** The launcher asks often, and a phone should not wait for a database that is away. */
const DATABASE_LIMIT_MS = 2_000;

export interface Health {
  readonly ready: boolean;
  readonly database: { readonly ready: boolean; readonly sizeBytes: number | null };
  readonly migrations: { readonly ready: boolean; readonly pending: readonly string[] };
  readonly worker: {
    readonly alive: boolean;
    readonly heartbeatAt: number | null;
    readonly lastTickAt: number | null;
  };
  readonly sources: readonly StatusSource[];
}

const DOWN: Health = {
  ready: false,
  database: { ready: false, sizeBytes: null },
  migrations: { ready: false, pending: [] },
  worker: { alive: false, heartbeatAt: null, lastTickAt: null },
  sources: [],
};

let names: readonly string[] | undefined;

async function pendingMigrations(db: Database): Promise<string[]> {
  const rows = await db.execute<{ name: string }>(sql`select name from drizzle.__drizzle_migrations`);
  const applied = new Set([...rows].map((row) => row.name));
  names ??= knownMigrations();
  return names.filter((name) => !applied.has(name));
}

async function readAll(db: Database, now: number): Promise<Health> {
  const [[size], pending, [state]] = await Promise.all([
    db.execute<{ bytes: number }>(sql`select pg_database_size(current_database())::float8 as bytes`),
    pendingMigrations(db),
    db
      .select({ tick: controlState.lastTick, heartbeatAt: controlState.workerHeartbeatAt })
      .from(controlState)
      .where(eq(controlState.userId, OWNER_ID)),
  ]);
  // Written by the worker of this version as a StatusTick.
  const tick = (state?.tick ?? null) as StatusTick | null;
  const heartbeatAt = state?.heartbeatAt?.getTime() ?? null;
  const alive = tick !== null && isWorkerAlive(heartbeatAt, tick.tickSeconds, now);
  return {
    ready: pending.length === 0 && alive,
    database: { ready: true, sizeBytes: size?.bytes ?? null },
    migrations: { ready: pending.length === 0, pending },
    worker: { alive, heartbeatAt, lastTickAt: tick?.at ?? null },
    sources: tick?.sources ?? [],
  };
}

/** Whether database, migrations and worker do their work; never throws: what cannot be asked is not ready. */
export async function readHealth(db: Database, now: number = Date.now()): Promise<Health> {
  try {
    return await withinMs(DATABASE_LIMIT_MS, readAll(db, now));
  } catch {
    return DOWN;
  }
}

/** Room on the disk that holds the data directory, bytes; null where it cannot be asked. */
export async function readDisk(directory: string): Promise<{ freeBytes: number; totalBytes: number } | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(directory);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return null;
  }
}
