import { sql } from 'drizzle-orm';
import { check, snakeCase, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, instant, oneOf, updatedAt } from './columns';

export const USER_ROLES = ['admin', 'user'] as const;

export const users = snakeCase.table(
  'users',
  {
    id: uuid().primaryKey().defaultRandom(),
    email: text().notNull(),
    /** Argon2id; null until the first-run page sets a password. */
    passwordHash: text(),
    role: text({ enum: USER_ROLES }).notNull().default('admin'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    lastLogin: instant(),
  },
  (table) => [
    uniqueIndex('idx_users_email').on(sql`lower(${table.email})`),
    check('valid_email', sql`${table.email} ~* '^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$'`),
    check('valid_role', oneOf('role', USER_ROLES)),
  ],
);

export type User = typeof users.$inferSelect;
