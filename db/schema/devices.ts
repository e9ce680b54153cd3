import { sql } from 'drizzle-orm';
import { boolean, check, jsonb, snakeCase, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { MeasuringRole } from '@/lib/core/types';
import { createdAt, instant, updatedAt } from './columns';
import { users } from './users';

export const devices = snakeCase.table(
  'devices',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Short name, unique per owner: what miners and zones point at. */
    key: text().notNull(),
    name: text().notNull(),
    driver: text().notNull(),
    /** Settings as the driver's schema knows them; secret fields hold ciphertext. */
    connection: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    roles: text().array().$type<MeasuringRole>().notNull().default([]),
    controlEnabled: boolean().notNull().default(false),
    lastSeenAt: instant(),
    lastError: text(),
    /** What the driver needs to continue after a restart. */
    driverState: jsonb().$type<unknown>(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    unique('devices_user_id_key_key').on(table.userId, table.key),
    check('valid_device_key', sql`${table.key} ~ '^[a-z0-9][a-z0-9_-]{0,62}$'`),
  ],
);

export type DeviceRow = typeof devices.$inferSelect;
