import { check, index, jsonb, snakeCase, text, uuid } from 'drizzle-orm/pg-core';
import { instant, oneOf } from './columns';
import { users } from './users';

export const DEVICE_TEST_STATES = ['requested', 'running', 'passed', 'failed', 'cancelled'] as const;

/** A live try of connection settings: a row which the worker carries out, for only it talks to hardware. Short-lived. */
export const deviceTests = snakeCase.table(
  'device_tests',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    requestedAt: instant().notNull().defaultNow(),
    driver: text().notNull(),
    /** As in devices: secret fields hold ciphertext. */
    connection: jsonb().$type<Record<string, unknown>>().notNull(),
    state: text({ enum: DEVICE_TEST_STATES }).notNull().default('requested'),
    endedAt: instant(),
    /** What answered, as lib/device-tests/types.ts has it. */
    result: jsonb().$type<unknown>(),
    error: text(),
  },
  (table) => [
    index('idx_device_tests_user').on(table.userId, table.requestedAt),
    check('valid_device_test_state', oneOf('state', DEVICE_TEST_STATES)),
  ],
);

export type DeviceTestRow = typeof deviceTests.$inferSelect;
