import { sql } from 'drizzle-orm';
import { check, index, snakeCase, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns';
import { users } from './users';

export const overrides = snakeCase.table(
  'overrides',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    loadId: text().notNull(),
    state: text({ enum: ['on', 'off'] }).notNull(),
    startsAt: instant().notNull().defaultNow(),
    endsAt: instant().notNull(),
    endedAt: instant(),
    createdBy: text().notNull(),
    reason: text(),
  },
  (table) => [
    index('idx_overrides_open').on(table.userId, table.endsAt),
    check('valid_override_state', sql`${table.state} in ('on', 'off')`),
    check('valid_override_end', sql`${table.endsAt} > ${table.startsAt}`),
  ],
);

export type OverrideRow = typeof overrides.$inferSelect;
