import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { Database } from '@/db/client';
import { createDevice, updateDevice } from '@/lib/devices/mutations';
import { getDevice, getRemovedDevice } from '@/lib/devices/queries';
import { deviceInput, devicePatch } from '@/lib/devices/schema';
import { serialiseDevice } from '@/lib/devices/serialise';
import { AppError } from '@/lib/errors';
import { createZone, updateZone } from '@/lib/hvac/mutations';
import { getZone } from '@/lib/hvac/queries';
import { zoneInput, zonePatch } from '@/lib/hvac/schema';
import { serialiseZone } from '@/lib/hvac/serialise';
import { createMiner, orderMiners, updateMiner } from '@/lib/miners/mutations';
import { getMiner, listMiners } from '@/lib/miners/queries';
import { minerInput, minerPatch } from '@/lib/miners/schema';
import { serialiseMiner } from '@/lib/miners/serialise';
import { updatePreferences } from '@/lib/preferences/mutations';
import { getPreferences } from '@/lib/preferences/queries';
import { preferencesPatch } from '@/lib/preferences/schema';
import { serialisePreferences } from '@/lib/preferences/serialise';
import { setRetention } from '@/lib/retention/mutations';
import { getRetention } from '@/lib/retention/queries';
import { retentionPatch } from '@/lib/retention/schema';
import { serialiseRetention } from '@/lib/retention/serialise';
import { parseInput } from '@/lib/validate';
import type { Author, Edit } from './change';
import { canComeBackWhole, findRemoval, getVersion, type SettingsVersion, versionsBeside } from './queries';

type Wire = Readonly<Record<string, unknown>>;

/** `after`: as the change left it; `before`: as it was until then, which brings back what was deleted. */
export type RestoredState = 'before' | 'after';

interface Restoration extends Edit {
  readonly versionId: number;
  readonly state: RestoredState;
}

const isRecord = (value: unknown): value is Wire =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What of a kept state a write can set: fields that the schema knows, where they differ from what is stored. */
function writable(schema: z.ZodObject, kept: Wire, stored: Wire = {}): Wire {
  const names = Object.keys(schema.shape).filter(
    (name) => Object.hasOwn(kept, name) && !isDeepStrictEqual(kept[name], stored[name]),
  );
  return Object.fromEntries(names.map((name) => [name, kept[name]]));
}

/** The fields to change. @throws AppError conflict when there are none; invalid when today's rules refuse one. */
function patchTo<Schema extends z.ZodObject>(schema: Schema, kept: Wire, stored: Wire): z.output<Schema> {
  const patch = writable(schema, kept, stored);
  if (Object.keys(patch).length === 0)
    throw new AppError('conflict', 'It is as it was then already: there is nothing to restore.');
  return parseInput(schema, patch);
}

/**
 * Makes settings what a version says, as a new version and checked like any other write: today's rules may refuse an
 * old state. A row that is gone comes back under its id. Secrets of devices are in no version: those that are stored
 * stay, and those of a device that is gone come back by the version that deleted it, while they are kept.
 * @throws AppError not_found, conflict, invalid, stale.
 */
export async function restoreVersion(db: Database, edit: Restoration): Promise<void> {
  const version = await getVersion(db, edit.ownerId, edit.versionId);
  if (version === null) throw new AppError('not_found', 'There is no such version.');
  const { entity, entityId: id } = version;
  const kept = version[edit.state];
  if (entity === 'miner_order') {
    await restoreOrder(db, edit, kept);
    return;
  }
  if (!isRecord(kept)) {
    throw new AppError(
      'conflict',
      edit.state === 'before'
        ? 'There was nothing before it was created; delete it instead.'
        : 'It was deleted then; restore the state before.',
    );
  }
  await restoreRow(db, edit, { entity, id, kept, versionId: version.id });
}

const namesRow = (wire: Wire, id: string): boolean => wire.zone_id === id || wire.heating_miner_id === id;

/**
 * Undoes a deletion whole: the row comes back under its id, then the links to it that went with it.
 * @throws AppError not_found where that version deleted nothing; conflict where it cannot be whole, or is there again; as
 * restoreVersion.
 */
export async function undoRemoval(db: Database, author: Author, versionId: number): Promise<void> {
  const version = await getVersion(db, author.ownerId, versionId);
  if (version === null || version.after !== null || version.before === null)
    throw new AppError('not_found', 'Nothing was deleted by that.');
  const { entity, entityId } = version;
  if ((await findRemoval(db, author.ownerId, { entity, entityId })) === null)
    throw new AppError('conflict', 'It is there already.');
  if (!(await canComeBackWhole(db, author.ownerId, version)))
    throw new AppError('conflict', 'Its password is kept no longer. Add it again under the same key.');
  const beside = await versionsBeside(db, author.ownerId, versionId);
  const linked = beside.filter(({ before }) => isRecord(before) && namesRow(before, entityId));
  for (const { id } of [version, ...linked]) {
    await restoreVersion(db, { ...author, versionId: id, state: 'before' });
  }
}

async function restoreRow(
  db: Database,
  edit: Edit,
  then: {
    entity: Exclude<SettingsVersion['entity'], 'miner_order'>;
    id: string;
    kept: Wire;
    versionId: number;
  },
): Promise<void> {
  const { entity, id, kept, versionId } = then;
  const { ownerId, actor, ifMatch } = edit;
  const author = { ownerId, actor };
  switch (entity) {
    case 'preferences': {
      const row = await getPreferences(db, ownerId);
      if (row === null) throw new AppError('not_found', 'There are no preferences to restore.');
      const patch = patchTo(preferencesPatch, kept, serialisePreferences(row));
      await updatePreferences(db, { ...author, ifMatch, patch });
      return;
    }
    case 'miner': {
      const row = await getMiner(db, ownerId, id);
      if (row === null)
        await createMiner(db, { ...author, id, input: parseInput(minerInput, writable(minerInput, kept)) });
      else
        await updateMiner(db, {
          ...author,
          ifMatch,
          id,
          patch: patchTo(minerPatch, kept, serialiseMiner(row)),
        });
      return;
    }
    case 'zone': {
      const row = await getZone(db, ownerId, id);
      if (row === null)
        await createZone(db, { ...author, id, input: parseInput(zoneInput, writable(zoneInput, kept)) });
      else
        await updateZone(db, { ...author, ifMatch, id, patch: patchTo(zonePatch, kept, serialiseZone(row)) });
      return;
    }
    case 'device': {
      const row = await getDevice(db, ownerId, id);
      if (row === null)
        await createDevice(db, {
          ...author,
          id,
          input: parseInput(deviceInput, writable(deviceInput, kept)),
          removed: await getRemovedDevice(db, ownerId, versionId),
        });
      else
        await updateDevice(db, {
          ...author,
          ifMatch,
          id,
          patch: patchTo(devicePatch, kept, serialiseDevice(row)),
        });
      return;
    }
    case 'retention': {
      const stored = serialiseRetention(await getRetention(db, ownerId));
      await setRetention(db, { ...author, ifMatch, patch: patchTo(retentionPatch, kept, stored) });
      return;
    }
  }
}

const isPlace = (value: unknown): value is { id: string; priority_level: number } =>
  isRecord(value) && typeof value.id === 'string' && typeof value.priority_level === 'number';

/** The miners that are still there in the order of then; those that came since stay behind them in today's. */
async function restoreOrder(db: Database, { ownerId, actor }: Edit, kept: unknown): Promise<void> {
  if (!Array.isArray(kept) || !kept.every(isPlace))
    throw new AppError('conflict', 'This version holds no order of miners.');
  const today = (await listMiners(db, ownerId)).map(({ id }) => id);
  const then = kept.toSorted((a, b) => a.priority_level - b.priority_level).map(({ id }) => id);
  const known = then.filter((id) => today.includes(id));
  const ids = [...known, ...today.filter((id) => !known.includes(id))];
  await orderMiners(db, { ownerId, actor, ids });
}
