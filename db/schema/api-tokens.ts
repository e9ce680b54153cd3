import { check, index, snakeCase, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, instant, oneOf } from './columns';
import { users } from './users';

export const TOKEN_SCOPES = ['read', 'control', 'admin'] as const;

export const apiTokens = snakeCase.table(
  'api_tokens',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    scope: text({ enum: TOKEN_SCOPES }).notNull(),
    /** SHA-256 of the token. */
    tokenHash: text().notNull().unique('api_tokens_token_hash_key'),
    createdAt: createdAt(),
    lastUsedAt: instant(),
    expiresAt: instant(),
    revokedAt: instant(),
  },
  (table) => [
    index('idx_api_tokens_user').on(table.userId),
    check('valid_token_scope', oneOf('scope', TOKEN_SCOPES)),
  ],
);
