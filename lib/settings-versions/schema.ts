import { z } from 'zod';
import { SETTINGS_ENTITIES } from '@/db/schema';

/** Which history to show: of one kind of settings, of one row where `entity_id` is given, older than `before`. */
export const versionsPage = z.strictObject({
  entity: z.enum(SETTINGS_ENTITIES),
  entity_id: z.string().max(64).optional(),
  before: z.int().positive().optional(),
});
export type VersionsPage = z.infer<typeof versionsPage>;

/** The version that deleted something. */
export const undoRequest = z.strictObject({ version_id: z.int().positive() });

/** What to restore; `etag` is of the row as the page shows it, null where it is gone. */
export const restoreRequest = z.strictObject({
  id: z.int().positive(),
  state: z.enum(['before', 'after']),
  etag: z.string().max(64).nullable(),
});
export type RestoreRequest = z.infer<typeof restoreRequest>;
