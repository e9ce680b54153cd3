import type { Storage } from './queries';

export function serialiseStorage(storage: Storage) {
  return {
    database_bytes: storage.databaseBytes,
    free_bytes: storage.freeBytes,
    days_left: storage.daysLeft,
    tiers: storage.tiers.map(({ tier, bytes, oldestAt, keepDays, bytesPerDay }) => ({
      tier,
      bytes,
      oldest_at: oldestAt === null ? null : new Date(oldestAt).toISOString(),
      keep_days: keepDays,
      bytes_per_day: Math.round(bytesPerDay),
    })),
  };
}

export type WireStorage = ReturnType<typeof serialiseStorage>;
