import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  snakeCase,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { COMMAND_STATES, type Desired } from '@/lib/core/commands/types';
import { createdAt, instant, oneOf } from './columns';
import { users } from './users';

/** The ledger: each step is stored with its time before the next is tried. */
export const commands = snakeCase.table(
  'commands',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    loadId: text().notNull(),
    loadName: text().notNull().default(''),
    deviceKey: text().notNull(),
    desired: jsonb().$type<Desired>().notNull(),
    state: text({ enum: COMMAND_STATES }).notNull().default('intended'),
    attempts: integer().notNull().default(0),
    intendedAt: createdAt(),
    sentAt: instant(),
    acknowledgedAt: instant(),
    observedAt: instant(),
    retryAt: instant(),
    endedAt: instant(),
    error: text(),
    /** Who asked: the kernel's verdict, or the owner. */
    cause: text().notNull(),
    simulated: boolean().notNull().default(false),
  },
  (table) => [
    index('idx_commands_user').on(table.userId, table.intendedAt, table.id),
    index('idx_commands_load').on(table.userId, table.loadId, table.intendedAt),
    // One command at a time per load, whoever writes.
    uniqueIndex('idx_commands_open').on(table.userId, table.loadId).where(sql`${table.endedAt} is null`),
    check('valid_command_state', oneOf('state', COMMAND_STATES)),
  ],
);

export type CommandRow = typeof commands.$inferSelect;
