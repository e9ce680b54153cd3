import { check, index, integer, jsonb, snakeCase, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, instant, oneOf } from './columns';
import { users } from './users';

export const COMMAND_STATES = [
  'intended',
  'sent',
  'acknowledged',
  'observed',
  'ramping',
  'refused',
  'unreachable',
  'reverted',
] as const;

/** The ledger: each step is stored with its time before the next is tried. */
export const commands = snakeCase.table(
  'commands',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    loadId: text().notNull(),
    deviceKey: text().notNull(),
    desired: jsonb().$type<{ state: 'on' | 'off'; fanSpeed?: number }>().notNull(),
    state: text({ enum: COMMAND_STATES }).notNull().default('intended'),
    attempts: integer().notNull().default(0),
    intendedAt: createdAt(),
    sentAt: instant(),
    acknowledgedAt: instant(),
    endedAt: instant(),
    error: text(),
    /** Who asked: the kernel's verdict, or the owner. */
    cause: text().notNull(),
  },
  (table) => [
    index('idx_commands_user').on(table.userId, table.intendedAt.desc()),
    index('idx_commands_open').on(table.userId, table.deviceKey, table.endedAt),
    check('valid_command_state', oneOf('state', COMMAND_STATES)),
  ],
);
