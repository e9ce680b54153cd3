import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import type { Database } from '@/db/client';
import { type Refusal, userAction } from './action';
import { AppError } from './errors';
import type { Edit } from './settings-versions/change';
import type { Stored } from './settings-versions/stored';
import { parseInput } from './validate';

const saveRequest = z.strictObject({
  /** Where there are several rows. */
  id: z.guid().optional(),
  /** The fields that changed. */
  patch: z.record(z.string(), z.unknown()),
  /** The version that they were changed on. */
  etag: z.string().max(64),
});
export type SaveRequest = z.infer<typeof saveRequest>;

/** `stale`: somebody changed the row meanwhile, nothing was written, and this is what it holds now. */
export type SaveResult<Values> = ({ readonly status: 'saved' | 'stale' } & Stored<Values>) | Refusal;

export type Save<Values> = (request: SaveRequest) => Promise<SaveResult<Values>>;

interface SaveOptions<Schema extends z.ZodType, Values> {
  /** What the API takes as a partial update. */
  readonly schema: Schema;
  readonly write: (
    db: Database,
    edit: Edit & { readonly id: string | undefined; readonly patch: z.output<Schema> },
  ) => Promise<Stored<Values>>;
  /** For a stale save. @throws AppError not_found. */
  readonly read: (db: Database, row: { ownerId: string; id: string | undefined }) => Promise<Stored<Values>>;
}

/**
 * The save of a settings form: session, permission, the API's own schema, then the mutation that the API uses, with the
 * ETag as If-Match. Every settings page is rendered anew afterwards.
 */
export function saveAction<Schema extends z.ZodType, Values>(
  name: string,
  { schema, write, read }: SaveOptions<Schema, Values>,
): Save<Values> {
  const action = userAction(name, { needs: 'admin', schema: saveRequest }, async ({ db, user, input }) => {
    const { ownerId, actor } = user;
    const { id, etag } = input;
    const patch = parseInput(schema, input.patch);
    try {
      const saved = await write(db, { ownerId, actor, ifMatch: etag, id, patch });
      revalidatePath('/settings', 'layout');
      return { status: 'saved' as const, ...saved };
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'stale')) throw error;
      return { status: 'stale' as const, ...(await read(db, { ownerId, id })) };
    }
  });
  return action;
}
