import { boolean, index, jsonb, snakeCase, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns';
import { users } from './users';

/**
 * How a device was reached that was deleted, or is reached another way, while it may have been on by us: kept until it is
 * seen off there. Its commands have the device key `former:ID`. Short-lived. (What brings a deleted device back is in
 * removed_devices.)
 */
export const formerConnections = snakeCase.table(
  'former_connections',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The device, which may be there still, or again. */
    deviceId: uuid().notNull(),
    name: text().notNull(),
    driver: text().notNull(),
    /** As it was in devices: secret fields hold ciphertext. */
    connection: jsonb().$type<Record<string, unknown>>().notNull(),
    /** Whether we may switch it off there. Without it the owner is told what is on there by us. */
    isToldOff: boolean().notNull(),
    removedAt: instant().notNull().defaultNow(),
  },
  (table) => [index('idx_former_connections_user').on(table.userId)],
);

export type FormerConnectionRow = typeof formerConnections.$inferSelect;
