import { index, jsonb, snakeCase, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns';
import { users } from './users';

/**
 * How a device was reached that was deleted, or is reached another way, while it could be switched: kept until what the
 * worker has left on there is seen off. Short-lived.
 */
export const formerConnections = snakeCase.table(
  'former_connections',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** As it was in devices: secret fields of the connection hold ciphertext. */
    key: text().notNull(),
    name: text().notNull(),
    driver: text().notNull(),
    connection: jsonb().$type<Record<string, unknown>>().notNull(),
    removedAt: instant().notNull().defaultNow(),
  },
  (table) => [index('idx_former_connections_user').on(table.userId)],
);

export type FormerConnectionRow = typeof formerConnections.$inferSelect;
