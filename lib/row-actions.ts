import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import type { Database } from '@/db/client';
import { type Refusal, userAction } from './action';
import { copyName } from './copy-name';
import { AppError } from './errors';
import { type Save, saveAction } from './save-action';
import type { Author, Edit } from './settings-versions/change';
import { newestVersionId } from './settings-versions/queries';
import type { Stored } from './settings-versions/stored';

export type Created = { readonly status: 'created'; readonly id: string };
/** `versionId`: what undoes it. */
export type Removed = { readonly status: 'removed'; readonly versionId: number };

const byId = z.strictObject({ id: z.guid() });
export type ById = z.input<typeof byId>;

/** A kind of settings rows that stand in a list, each with a page of its own. */
interface RowKind<Row, Values, Input, Patch extends z.ZodType, New extends z.ZodType> {
  readonly entity: 'miner' | 'zone';
  /** What the API takes as a partial update. */
  readonly patch: Patch;
  /** What is asked for a new row, and what it begins with. */
  readonly newRow: New;
  readonly begin: (asked: z.output<New>) => Input;
  readonly get: (db: Database, ownerId: string, id: string) => Promise<Row | null>;
  readonly stored: (row: Row) => Stored<Values>;
  readonly namesOf: (db: Database, ownerId: string) => Promise<readonly string[]>;
  readonly nameOf: (values: Values) => string;
  /** The same settings under another name, without what two rows must not share. */
  readonly copyOf: (values: Values, name: string) => Input;
  readonly create: (db: Database, change: Author & { input: Input }) => Promise<{ readonly id: string }>;
  readonly update: (db: Database, change: Edit & { id: string; patch: z.output<Patch> }) => Promise<Row>;
  readonly remove: (db: Database, change: Edit & { id: string }) => Promise<void>;
}

interface RowActions<Values> {
  readonly save: Save<Values>;
  readonly add: (input: unknown) => Promise<Created | Refusal>;
  readonly duplicate: (input: unknown) => Promise<Created | Refusal>;
  readonly remove: (input: unknown) => Promise<Removed | Refusal>;
}

/** The server actions of a row's page: as the API does each, and every settings page is rendered anew afterwards. */
export function rowActions<Row, Values, Input, Patch extends z.ZodType, New extends z.ZodType>(
  kind: RowKind<Row, Values, Input, Patch, New>,
): RowActions<Values> {
  const { entity } = kind;
  const read = async (db: Database, ownerId: string, id: string | undefined): Promise<Stored<Values>> => {
    const row = id === undefined ? null : await kind.get(db, ownerId, id);
    if (row === null) throw new AppError('not_found', `This ${entity} is not there any more.`);
    return kind.stored(row);
  };
  const create = async (db: Database, { ownerId, actor }: Author, input: Input): Promise<Created> => {
    const { id } = await kind.create(db, { ownerId, actor, input });
    revalidatePath('/settings', 'layout');
    return { status: 'created', id };
  };

  return {
    save: saveAction(`${entity}: save`, {
      schema: kind.patch,
      write: async (db, { id, ...edit }) => {
        if (id === undefined) throw new AppError('not_found', `There is no such ${entity}.`);
        return kind.stored(await kind.update(db, { ...edit, id }));
      },
      read: (db, { ownerId, id }) => read(db, ownerId, id),
    }),
    add: userAction(`${entity}: add`, { needs: 'admin', schema: kind.newRow }, ({ db, user, input }) =>
      create(db, user, kind.begin(input)),
    ),
    duplicate: userAction(
      `${entity}: duplicate`,
      { needs: 'admin', schema: byId },
      async ({ db, user, input }) => {
        const { values } = await read(db, user.ownerId, input.id);
        const taken = await kind.namesOf(db, user.ownerId);
        return create(db, user, kind.copyOf(values, copyName(kind.nameOf(values), taken)));
      },
    ),
    remove: userAction(
      `${entity}: remove`,
      { needs: 'admin', schema: byId },
      async ({ db, user, input }): Promise<Removed> => {
        const { ownerId, actor } = user;
        await kind.remove(db, { ownerId, actor, id: input.id, ifMatch: null });
        revalidatePath('/settings', 'layout');
        return { status: 'removed', versionId: await newestVersionId(db, ownerId, entity, input.id) };
      },
    ),
  };
}
