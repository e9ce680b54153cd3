import { bigint, check, index, jsonb, snakeCase, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, oneOf } from './columns';
import { users } from './users';

export const SETTINGS_ENTITIES = [
  'preferences',
  'miner',
  'zone',
  'device',
  'miner_order',
  'retention',
] as const;

/** Every change of settings; the newest id is the configuration version. Device secrets are not in it. */
export const settingsVersions = snakeCase.table(
  'settings_versions',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    at: createdAt(),
    actor: text().notNull(),
    entity: text({ enum: SETTINGS_ENTITIES }).notNull(),
    entityId: text().notNull(),
    /** Null: it was created. */
    before: jsonb().$type<unknown>(),
    /** Null: it was deleted. */
    after: jsonb().$type<unknown>(),
  },
  (table) => [
    index('idx_settings_versions_user').on(table.userId, table.id),
    check('valid_settings_entity', oneOf('entity', SETTINGS_ENTITIES)),
  ],
);
