import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Database, Executor } from '@/db/client';
import { fromWireNames } from '@/db/naming';
import { hvacZones, type MinerProfileRow, minerProfiles } from '@/db/schema';
import { AppError, type FieldIssue } from '@/lib/errors';
import {
  isDuplicate,
  type Ordering,
  orderingIssues,
  requireMatch,
  requireNoIssues,
} from '@/lib/settings-versions/guard';
import { recordChange } from '@/lib/settings-versions/record';
import type { MinerInput, MinerPatch } from './schema';
import { serialiseMiner } from './serialise';

interface Author {
  readonly ownerId: string;
  readonly actor: string;
  readonly ifMatch?: string | null;
}

const ORDERINGS: readonly Ordering[] = [
  { lower: 'emergency_stop_voltage', upper: 'stop_voltage' },
  { lower: 'stop_voltage', upper: 'start_voltage' },
];

/** One place in the priority order per miner up to the last level, which the rest share by name. */
const LOWEST_LEVEL = 10;

const owned = (ownerId: string, id: string) =>
  and(eq(minerProfiles.userId, ownerId), eq(minerProfiles.id, id));

async function lock(tx: Executor, ownerId: string, id: string): Promise<MinerProfileRow> {
  const [row] = await tx.select().from(minerProfiles).where(owned(ownerId, id)).for('update');
  if (row === undefined) throw new AppError('not_found', 'There is no such miner.');
  return row;
}

async function zoneIssues(
  tx: Executor,
  ownerId: string,
  zoneId: string | null | undefined,
): Promise<FieldIssue[]> {
  if (zoneId === null || zoneId === undefined) return [];
  const [zone] = await tx
    .select({ id: hvacZones.id })
    .from(hvacZones)
    .where(and(eq(hvacZones.userId, ownerId), eq(hvacZones.id, zoneId)));
  if (zone !== undefined) return [];
  return [
    {
      path: 'zone_id',
      code: 'unknown_zone',
      message: `zone_id ${zoneId} names no zone of yours.`,
      values: { zone_id: zoneId },
    },
  ];
}

function nameTaken(name: string | undefined): AppError {
  return new AppError('conflict', `A miner named "${name}" exists already.`, {
    issues: [{ path: 'name', code: 'duplicate', message: 'exists already', values: { name } }],
  });
}

/** @throws AppError invalid, conflict (the name is taken). */
export async function createMiner(
  db: Database,
  change: Author & { input: MinerInput },
): Promise<MinerProfileRow> {
  const { ownerId, actor, input } = change;
  try {
    return await db.transaction(async (tx) => {
      requireNoIssues([
        ...orderingIssues(input, ORDERINGS, { changed: input, unit: 'V' }),
        ...(await zoneIssues(tx, ownerId, input.zone_id)),
      ]);
      const values = fromWireNames(minerProfiles, input) as typeof minerProfiles.$inferInsert;
      const [row] = await tx
        .insert(minerProfiles)
        .values({ ...values, userId: ownerId })
        .returning();
      if (row === undefined) throw new Error('An insert returned no row.');
      await recordChange(tx, {
        ownerId,
        actor,
        entity: 'miner',
        entityId: row.id,
        before: null,
        after: serialiseMiner(row),
      });
      return row;
    });
  } catch (error) {
    throw isDuplicate(error) ? nameTaken(input.name) : error;
  }
}

/** @throws AppError invalid, conflict, stale, not_found. */
export async function updateMiner(
  db: Database,
  change: Author & { id: string; patch: MinerPatch },
): Promise<MinerProfileRow> {
  const { ownerId, actor, id, patch } = change;
  try {
    return await db.transaction(async (tx) => {
      const stored = serialiseMiner(await lock(tx, ownerId, id));
      requireMatch(stored, change.ifMatch);
      requireNoIssues([
        ...orderingIssues({ ...stored, ...patch }, ORDERINGS, { changed: patch, unit: 'V' }),
        ...(await zoneIssues(tx, ownerId, patch.zone_id)),
      ]);
      const [row] = await tx
        .update(minerProfiles)
        .set(fromWireNames(minerProfiles, patch))
        .where(owned(ownerId, id))
        .returning();
      if (row === undefined) throw new Error('An update returned no row.');
      await recordChange(tx, {
        ownerId,
        actor,
        entity: 'miner',
        entityId: id,
        before: stored,
        after: serialiseMiner(row),
      });
      return row;
    });
  } catch (error) {
    throw isDuplicate(error) ? nameTaken(patch.name) : error;
  }
}

/** Removes a miner; a zone that was heated by it loses that link. @throws AppError stale, not_found. */
export async function deleteMiner(db: Database, change: Author & { id: string }): Promise<void> {
  const { ownerId, actor, id } = change;
  await db.transaction(async (tx) => {
    const stored = serialiseMiner(await lock(tx, ownerId, id));
    requireMatch(stored, change.ifMatch);
    await tx
      .update(hvacZones)
      .set({ heatingMinerId: null })
      .where(and(eq(hvacZones.userId, ownerId), eq(hvacZones.heatingMinerId, id)));
    await tx.delete(minerProfiles).where(owned(ownerId, id));
    await recordChange(tx, { ownerId, actor, entity: 'miner', entityId: id, before: stored, after: null });
  });
}

/**
 * Sets the priorities by a list of all ids, first served first: level = min(position, 10).
 * @throws AppError invalid when an id is missing, unknown or there twice.
 */
export async function orderMiners(
  db: Database,
  change: Author & { ids: readonly string[] },
): Promise<MinerProfileRow[]> {
  const { ownerId, actor } = change;
  const ids = change.ids.map((id) => id.toLowerCase());
  return db.transaction(async (tx) => {
    const before = await tx
      .select({ id: minerProfiles.id, priorityLevel: minerProfiles.priorityLevel })
      .from(minerProfiles)
      .where(eq(minerProfiles.userId, ownerId))
      .orderBy(asc(minerProfiles.priorityLevel), asc(minerProfiles.name))
      .for('update');
    const given = new Set(ids);
    const missing = before.filter((row) => !given.has(row.id)).map((row) => row.id);
    const stored = new Set(before.map((row) => row.id));
    const unknown = ids.filter((id) => !stored.has(id));
    if (given.size !== ids.length || missing.length > 0 || unknown.length > 0) {
      const message = 'ids must name each of your miners once.';
      throw new AppError('invalid', message, {
        issues: [
          {
            path: 'ids',
            code: 'incomplete_order',
            message,
            values: { missing, unknown, given: ids.length, miners: before.length },
          },
        ],
      });
    }
    for (let level = 1; level <= Math.min(ids.length, LOWEST_LEVEL); level++) {
      const group = level === LOWEST_LEVEL ? ids.slice(level - 1) : ids.slice(level - 1, level);
      await tx
        .update(minerProfiles)
        .set({ priorityLevel: level })
        .where(and(eq(minerProfiles.userId, ownerId), inArray(minerProfiles.id, group)));
    }
    await recordChange(tx, {
      ownerId,
      actor,
      entity: 'miner_order',
      entityId: ownerId,
      before: before.map((row) => row.id),
      after: ids,
    });
    return tx
      .select()
      .from(minerProfiles)
      .where(eq(minerProfiles.userId, ownerId))
      .orderBy(asc(minerProfiles.priorityLevel), asc(minerProfiles.name), asc(minerProfiles.id));
  });
}
