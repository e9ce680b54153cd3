import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Database, Executor } from '@/db/client';
import { fromWireNames } from '@/db/naming';
import { type MinerProfileRow, minerProfiles } from '@/db/schema';
import { AppError } from '@/lib/errors';
import { type Author, changeSettings, type Edit, single } from '@/lib/settings-versions/change';
import { requireEtag, requireMatch, requireNoIssues } from '@/lib/settings-versions/guard';
import { forgetMiner, zoneLinkIssues, zonesHeatedBy } from '@/lib/settings-versions/links';
import { recordChange } from '@/lib/settings-versions/record';
import { minerIssues } from './rules';
import type { MinerInput, MinerPatch } from './schema';
import { orderEtag, serialiseMiner } from './serialise';

/** One place in the priority order per miner up to the last level, which the rest share by name. */
const LOWEST_LEVEL = 10;

const owned = (ownerId: string, id: string) =>
  and(eq(minerProfiles.userId, ownerId), eq(minerProfiles.id, id));

const noSuchMiner = () => new AppError('not_found', 'There is no such miner.');

async function lockMiner(tx: Executor, ownerId: string, id: string): Promise<MinerProfileRow> {
  const [row] = await tx.select().from(minerProfiles).where(owned(ownerId, id)).for('update');
  if (row === undefined) throw noSuchMiner();
  return row;
}

function nameTaken(name: string | undefined): AppError {
  return new AppError('conflict', `A miner named "${name}" exists already.`, {
    issues: [{ path: 'name', code: 'duplicate', message: 'exists already', values: { name } }],
  });
}

/** `id` brings one back under the id it had. @throws AppError invalid, conflict (the name is taken). */
export async function createMiner(
  db: Executor,
  change: Author & { input: MinerInput; id?: string },
): Promise<MinerProfileRow> {
  const { ownerId, input } = change;
  const create = async (tx: Executor) => {
    requireNoIssues([...minerIssues(input, input), ...(await zoneLinkIssues(tx, ownerId, input.zone_id))]);
    const values = fromWireNames(minerProfiles, input) as typeof minerProfiles.$inferInsert;
    const row = single(
      await tx
        .insert(minerProfiles)
        .values({ ...values, ...(change.id ? { id: change.id } : {}), userId: ownerId })
        .returning(),
    );
    const after = serialiseMiner(row);
    await recordChange(tx, change, { entity: 'miner', entityId: row.id, before: null, after });
    return row;
  };
  return changeSettings(db, create, { duplicate: () => nameTaken(input.name) });
}

/** @throws AppError invalid, conflict, stale, not_found. */
export async function updateMiner(
  db: Executor,
  change: Edit & { id: string; patch: MinerPatch },
): Promise<MinerProfileRow> {
  const { ownerId, id, patch } = change;
  const update = async (tx: Executor) => {
    const before = serialiseMiner(await lockMiner(tx, ownerId, id));
    requireMatch(before, change.ifMatch);
    requireNoIssues([
      ...minerIssues({ ...before, ...patch }, patch),
      ...(await zoneLinkIssues(tx, ownerId, patch.zone_id)),
    ]);
    const values = fromWireNames(minerProfiles, patch);
    const row = single(await tx.update(minerProfiles).set(values).where(owned(ownerId, id)).returning());
    const after = serialiseMiner(row);
    await recordChange(tx, change, { entity: 'miner', entityId: id, before, after });
    return row;
  };
  return changeSettings(db, update, { duplicate: () => nameTaken(patch.name) });
}

/** Removes a miner; a zone that was heated by it loses that link. @throws AppError stale, not_found. */
export async function deleteMiner(db: Executor, change: Edit & { id: string }): Promise<void> {
  const { ownerId, id } = change;
  await changeSettings(db, async (tx) => {
    // Two single statements: sent together, they are done one after the other or not at all.
    const [[gone], zones] = await Promise.all([
      tx.delete(minerProfiles).where(owned(ownerId, id)).returning(),
      zonesHeatedBy(tx, ownerId, id),
    ]);
    if (gone === undefined) throw noSuchMiner();
    const before = serialiseMiner(gone);
    requireMatch(before, change.ifMatch);
    await forgetMiner(tx, change, zones);
    await recordChange(tx, change, { entity: 'miner', entityId: id, before, after: null });
  });
}

function requireEachOnce(ids: readonly string[], stored: readonly string[]): void {
  const given = new Set(ids);
  const missing = stored.filter((id) => !given.has(id));
  const unknown = ids.filter((id) => !stored.includes(id));
  if (given.size === ids.length && missing.length === 0 && unknown.length === 0) return;
  const message = 'ids must name each of your miners once.';
  const values = { missing, unknown, given: ids.length, miners: stored.length };
  throw new AppError('invalid', message, {
    issues: [{ path: 'ids', code: 'incomplete_order', message, values }],
  });
}

const places = (rows: readonly MinerProfileRow[]) =>
  rows.map((row) => ({ id: row.id, priority_level: row.priorityLevel }));

/**
 * Sets the priorities by a list of all ids, first served first: level = min(position, 10).
 * @throws AppError invalid when an id is missing, unknown or there twice; stale when `ifMatch` is of another order.
 */
export async function orderMiners(
  db: Database,
  change: Edit & { ids: readonly string[] },
): Promise<MinerProfileRow[]> {
  const { ownerId } = change;
  const ids = change.ids.map((id) => id.toLowerCase());
  const mine = eq(minerProfiles.userId, ownerId);
  return changeSettings(db, async (tx) => {
    // Locked by id, which no change of order moves: two orders at once wait instead of blocking each other.
    const before = await tx.select().from(minerProfiles).where(mine).orderBy(minerProfiles.id).for('update');
    requireEtag(orderEtag(before), change.ifMatch);
    requireEachOnce(
      ids,
      before.map((row) => row.id),
    );
    for (let level = 1; level <= Math.min(ids.length, LOWEST_LEVEL); level++) {
      const group = level === LOWEST_LEVEL ? ids.slice(level - 1) : ids.slice(level - 1, level);
      await tx
        .update(minerProfiles)
        .set({ priorityLevel: level })
        .where(and(mine, inArray(minerProfiles.id, group)));
    }
    const after = await tx
      .select()
      .from(minerProfiles)
      .where(mine)
      .orderBy(asc(minerProfiles.priorityLevel), asc(minerProfiles.name), asc(minerProfiles.id));
    await recordChange(tx, change, {
      entity: 'miner_order',
      entityId: ownerId,
      before: places(before),
      after: places(after),
    });
    return after;
  });
}
