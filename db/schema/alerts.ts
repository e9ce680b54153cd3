import { sql } from 'drizzle-orm';
import { index, snakeCase, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns';
import { users } from './users';

export const ALERT_SEVERITIES = ['info', 'warning', 'critical'] as const;

/** Raised once and cleared once: at most one open row per key. */
export const alerts = snakeCase.table(
  'alerts',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    key: text().notNull(),
    severity: text({ enum: ALERT_SEVERITIES }).notNull(),
    text: text().notNull(),
    raisedAt: instant().notNull(),
    clearedAt: instant(),
    /** Seen by the owner: it stays until it is cleared, but asks for nobody's eye. */
    acknowledgedAt: instant(),
    acknowledgedBy: text(),
  },
  (table) => [
    uniqueIndex('idx_alerts_open').on(table.userId, table.key).where(sql`${table.clearedAt} is null`),
    index('idx_alerts_user').on(table.userId, table.raisedAt),
  ],
);

export type AlertRow = typeof alerts.$inferSelect;
