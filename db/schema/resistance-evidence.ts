import { boolean, primaryKey, real, snakeCase, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns';
import { users } from './users';

/** Steps of the battery current from which its resistance is estimated. Battery + = charging. */
export const resistanceEvidence = snakeCase.table(
  'resistance_evidence',
  {
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    ts: instant().notNull(),
    /** Current before the step, A; + = charging; null: from before it was kept. */
    fromA: real(),
    deltaA: real().notNull(),
    deltaV: real().notNull(),
    batteryTemperatureC: real(),
    /** The load of ours that switched, by its id; else `natural`. */
    cause: text().notNull(),
    simulated: boolean().notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.ts] })],
);

export type ResistanceEvidenceRow = typeof resistanceEvidence.$inferSelect;
