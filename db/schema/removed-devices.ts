import { bigint, jsonb, snakeCase } from 'drizzle-orm/pg-core';
import { settingsVersions } from './settings-versions';

/** What no version holds of a device that was deleted: short-lived, so that the deletion can be undone whole. (What it has left on is in former_connections.) */
export const removedDevices = snakeCase.table('removed_devices', {
  /** The change that deleted it. */
  versionId: bigint({ mode: 'number' })
    .primaryKey()
    .references(() => settingsVersions.id, { onDelete: 'cascade' }),
  /** As in devices: secret fields hold ciphertext. */
  connection: jsonb().$type<Record<string, unknown>>().notNull(),
  driverState: jsonb().$type<unknown>(),
});
