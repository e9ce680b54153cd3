import {
  bigint,
  boolean,
  check,
  index,
  jsonb,
  snakeCase,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { type Explanation, LOAD_KINDS, VERDICTS } from '@/lib/core/types';
import { instant, oneOf } from './columns';
import { users } from './users';

/** Each change of a verdict with its full explanation. */
export const decisions = snakeCase.table(
  'decisions',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    ts: instant().notNull(),
    loadId: text().notNull(),
    loadName: text().notNull(),
    kind: text({ enum: LOAD_KINDS }).notNull(),
    verdict: text({ enum: VERDICTS }).notNull(),
    previousVerdict: text({ enum: VERDICTS }),
    bindingGate: text(),
    sentence: text().notNull(),
    explanation: jsonb().$type<Explanation>().notNull(),
    configVersion: bigint({ mode: 'number' }).notNull(),
    kernelVersion: text().notNull(),
    simulated: boolean().notNull(),
  },
  (table) => [
    index('idx_decisions_user_ts').on(table.userId, table.ts, table.id),
    // Unique, so that writing a change again after a lost answer does not double it.
    uniqueIndex('idx_decisions_load').on(table.userId, table.loadId, table.ts),
    check('valid_verdict', oneOf('verdict', VERDICTS)),
  ],
);

export type DecisionRow = typeof decisions.$inferSelect;
