import { check, integer, jsonb, snakeCase, text, uuid } from 'drizzle-orm/pg-core';
import { CHARGE_BLOCK_ANSWERS } from '@/lib/core/commands/types';
import { CONTROL_MODES } from '@/lib/core/types';
import { instant, oneOf } from './columns';
import { users } from './users';

export const controlState = snakeCase.table(
  'control_state',
  {
    userId: uuid()
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    controlMode: text({ enum: CONTROL_MODES }).notNull().default('automatic'),
    modeSince: instant().notNull().defaultNow(),
    modeBy: text().notNull().default('first start'),
    /** What the owner chose about a charge block that outlived automatic control; null = not asked or not answered. */
    chargeBlockAnswer: text({ enum: CHARGE_BLOCK_ANSWERS }),
    chargeBlockAnswerBy: text(),
    /** The kernel's memory; its shape belongs to the kernel. */
    memory: jsonb().$type<unknown>(),
    memorySchemaVersion: integer(),
    memoryAt: instant(),
    /** History of the run-time monitor, of the same tick as the memory: its shape belongs to lib/core/invariants. */
    guard: jsonb().$type<unknown>(),
    /** The newest StatusTick of lib/status/types. */
    lastTick: jsonb().$type<unknown>(),
    workerHeartbeatAt: instant(),
    workerId: text(),
  },
  () => [
    check('valid_control_mode', oneOf('control_mode', CONTROL_MODES)),
    check('valid_charge_block_answer', oneOf('charge_block_answer', CHARGE_BLOCK_ANSWERS)),
  ],
);

export type ControlStateRow = typeof controlState.$inferSelect;
