import { and, eq } from 'drizzle-orm';
import type { Database, Executor } from '@/db/client';
import { fromWireNames } from '@/db/naming';
import { type HvacZoneRow, hvacZones, minerProfiles } from '@/db/schema';
import { AppError, type FieldIssue } from '@/lib/errors';
import {
  isDuplicate,
  type Ordering,
  orderingIssues,
  requireMatch,
  requireNoIssues,
} from '@/lib/settings-versions/guard';
import { recordChange } from '@/lib/settings-versions/record';
import type { ZoneInput, ZonePatch } from './schema';
import { serialiseZone } from './serialise';

interface Author {
  readonly ownerId: string;
  readonly actor: string;
  readonly ifMatch?: string | null;
}

/** Each pair on its own: a null in the middle lets no bad pair through. */
const ORDERINGS: readonly Ordering[] = [
  { lower: 'temp_too_cold', upper: 'temp_cold_ok' },
  { lower: 'temp_cold_ok', upper: 'temp_hot_ok' },
  { lower: 'temp_hot_ok', upper: 'temp_too_hot' },
  { lower: 'temp_too_cold', upper: 'temp_hot_ok' },
  { lower: 'temp_too_cold', upper: 'temp_too_hot' },
  { lower: 'temp_cold_ok', upper: 'temp_too_hot' },
];

/** Charging is permitted again this far above its limit (control.md §5), so heating must not end below it. */
const CHARGE_RELEASE_MARGIN_C = 2;

const owned = (ownerId: string, id: string) => and(eq(hvacZones.userId, ownerId), eq(hvacZones.id, id));

function chargeLimitIssues(next: Readonly<Record<string, unknown>>): FieldIssue[] {
  const coldOk = next.temp_cold_ok;
  const limit = next.block_charging_below_temp;
  if (typeof coldOk !== 'number' || typeof limit !== 'number' || coldOk >= limit + CHARGE_RELEASE_MARGIN_C)
    return [];
  return [
    {
      path: 'temp_cold_ok',
      code: 'ordering',
      message:
        `temp_cold_ok (${coldOk} °C) must be at least block_charging_below_temp (${limit} °C) + ${CHARGE_RELEASE_MARGIN_C} °C: ` +
        'heating would end before charging is permitted again.',
      values: { temp_cold_ok: coldOk, block_charging_below_temp: limit },
    },
  ];
}

async function minerIssues(
  tx: Executor,
  ownerId: string,
  minerId: string | null | undefined,
): Promise<FieldIssue[]> {
  if (minerId === null || minerId === undefined) return [];
  const [miner] = await tx
    .select({ id: minerProfiles.id })
    .from(minerProfiles)
    .where(and(eq(minerProfiles.userId, ownerId), eq(minerProfiles.id, minerId)));
  if (miner !== undefined) return [];
  return [
    {
      path: 'heating_miner_id',
      code: 'unknown_miner',
      message: `heating_miner_id ${minerId} names no miner of yours.`,
      values: { heating_miner_id: minerId },
    },
  ];
}

function nameTaken(name: string | undefined): AppError {
  return new AppError('conflict', `A zone named "${name}" exists already.`, {
    issues: [
      { path: 'zone_name', code: 'duplicate', message: 'exists already', values: { zone_name: name } },
    ],
  });
}

async function lock(tx: Executor, ownerId: string, id: string): Promise<HvacZoneRow> {
  const [row] = await tx.select().from(hvacZones).where(owned(ownerId, id)).for('update');
  if (row === undefined) throw new AppError('not_found', 'There is no such zone.');
  return row;
}

/** @throws AppError invalid, conflict (the name is taken). */
export async function createZone(db: Database, change: Author & { input: ZoneInput }): Promise<HvacZoneRow> {
  const { ownerId, actor, input } = change;
  try {
    return await db.transaction(async (tx) => {
      requireNoIssues([
        ...orderingIssues(input, ORDERINGS, { changed: input, unit: '°C' }),
        ...chargeLimitIssues(input),
        ...(await minerIssues(tx, ownerId, input.heating_miner_id)),
      ]);
      const values = fromWireNames(hvacZones, input) as typeof hvacZones.$inferInsert;
      const [row] = await tx
        .insert(hvacZones)
        .values({ ...values, userId: ownerId })
        .returning();
      if (row === undefined) throw new Error('An insert returned no row.');
      await recordChange(tx, {
        ownerId,
        actor,
        entity: 'zone',
        entityId: row.id,
        before: null,
        after: serialiseZone(row),
      });
      return row;
    });
  } catch (error) {
    throw isDuplicate(error) ? nameTaken(input.zone_name) : error;
  }
}

/** @throws AppError invalid, conflict, stale, not_found. */
export async function updateZone(
  db: Database,
  change: Author & { id: string; patch: ZonePatch },
): Promise<HvacZoneRow> {
  const { ownerId, actor, id, patch } = change;
  try {
    return await db.transaction(async (tx) => {
      const stored = serialiseZone(await lock(tx, ownerId, id));
      requireMatch(stored, change.ifMatch);
      const next = { ...stored, ...patch };
      requireNoIssues([
        ...orderingIssues(next, ORDERINGS, { changed: patch, unit: '°C' }),
        ...chargeLimitIssues(next),
        ...(await minerIssues(tx, ownerId, patch.heating_miner_id)),
      ]);
      const [row] = await tx
        .update(hvacZones)
        .set(fromWireNames(hvacZones, patch))
        .where(owned(ownerId, id))
        .returning();
      if (row === undefined) throw new Error('An update returned no row.');
      await recordChange(tx, {
        ownerId,
        actor,
        entity: 'zone',
        entityId: id,
        before: stored,
        after: serialiseZone(row),
      });
      return row;
    });
  } catch (error) {
    throw isDuplicate(error) ? nameTaken(patch.zone_name) : error;
  }
}

/** Removes a zone; its miners lose that link. @throws AppError stale, not_found. */
export async function deleteZone(db: Database, change: Author & { id: string }): Promise<void> {
  const { ownerId, actor, id } = change;
  await db.transaction(async (tx) => {
    const stored = serialiseZone(await lock(tx, ownerId, id));
    requireMatch(stored, change.ifMatch);
    await tx
      .update(minerProfiles)
      .set({ zoneId: null })
      .where(and(eq(minerProfiles.userId, ownerId), eq(minerProfiles.zoneId, id)));
    await tx.delete(hvacZones).where(owned(ownerId, id));
    await recordChange(tx, { ownerId, actor, entity: 'zone', entityId: id, before: stored, after: null });
  });
}
