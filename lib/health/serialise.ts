import type { Health } from './queries';

const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

/** For who is signed in: what is ready, how old each source's newest reading is, and how much room there is. */
export function serialiseHealth(
  health: Health,
  disk: { freeBytes: number; totalBytes: number } | null,
  now: number,
) {
  return {
    status: health.ready ? 'ok' : 'not ok',
    database: { ready: health.database.ready, size_bytes: health.database.sizeBytes },
    migrations: health.migrations,
    worker: {
      alive: health.worker.alive,
      heartbeat_at: iso(health.worker.heartbeatAt),
      last_tick_at: iso(health.worker.lastTickAt),
    },
    sources: health.sources.map((source) => ({
      key: source.key,
      name: source.name,
      driver: source.driver,
      simulated: source.simulated,
      roles: source.roles,
      last_seen_at: iso(source.lastSeenAt),
      age_ms: source.lastSeenAt === null ? null : Math.max(0, now - source.lastSeenAt),
      error: source.error,
    })),
    disk: disk && { free_bytes: disk.freeBytes, total_bytes: disk.totalBytes },
  };
}
