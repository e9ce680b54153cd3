import { and, eq } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { fromWireNames } from '@/db/naming';
import { type HvacZoneRow, hvacZones } from '@/db/schema';
import { AppError } from '@/lib/errors';
import { type Author, changeSettings, type Edit, single } from '@/lib/settings-versions/change';
import { requireMatch, requireNoIssues } from '@/lib/settings-versions/guard';
import { forgetZone, minerLinkIssues, minersIn } from '@/lib/settings-versions/links';
import { recordChange } from '@/lib/settings-versions/record';
import { zoneIssues } from './rules';
import type { ZoneInput, ZonePatch } from './schema';
import { serialiseZone } from './serialise';

const owned = (ownerId: string, id: string) => and(eq(hvacZones.userId, ownerId), eq(hvacZones.id, id));

function nameTaken(name: string | undefined): AppError {
  return new AppError('conflict', `A zone named "${name}" exists already.`, {
    issues: [
      { path: 'zone_name', code: 'duplicate', message: 'exists already', values: { zone_name: name } },
    ],
  });
}

const noSuchZone = () => new AppError('not_found', 'There is no such zone.');

async function lockZone(tx: Executor, ownerId: string, id: string): Promise<HvacZoneRow> {
  const [row] = await tx.select().from(hvacZones).where(owned(ownerId, id)).for('update');
  if (row === undefined) throw noSuchZone();
  return row;
}

/** `id` brings one back under the id it had. @throws AppError invalid, conflict (the name is taken). */
export async function createZone(
  db: Executor,
  change: Author & { input: ZoneInput; id?: string },
): Promise<HvacZoneRow> {
  const { ownerId, input } = change;
  const create = async (tx: Executor) => {
    requireNoIssues([
      ...zoneIssues(input, input),
      ...(await minerLinkIssues(tx, ownerId, input.heating_miner_id)),
    ]);
    const values = fromWireNames(hvacZones, input) as typeof hvacZones.$inferInsert;
    const row = single(
      await tx
        .insert(hvacZones)
        .values({ ...values, ...(change.id ? { id: change.id } : {}), userId: ownerId })
        .returning(),
    );
    const after = serialiseZone(row);
    await recordChange(tx, change, { entity: 'zone', entityId: row.id, before: null, after });
    return row;
  };
  return changeSettings(db, create, { duplicate: () => nameTaken(input.zone_name) });
}

/** @throws AppError invalid, conflict, stale, not_found. */
export async function updateZone(
  db: Executor,
  change: Edit & { id: string; patch: ZonePatch },
): Promise<HvacZoneRow> {
  const { ownerId, id, patch } = change;
  const update = async (tx: Executor) => {
    const before = serialiseZone(await lockZone(tx, ownerId, id));
    requireMatch(before, change.ifMatch);
    const next = { ...before, ...patch };
    requireNoIssues([
      ...zoneIssues(next, patch),
      ...(await minerLinkIssues(tx, ownerId, patch.heating_miner_id)),
    ]);
    const values = fromWireNames(hvacZones, patch);
    const row = single(await tx.update(hvacZones).set(values).where(owned(ownerId, id)).returning());
    const after = serialiseZone(row);
    await recordChange(tx, change, { entity: 'zone', entityId: id, before, after });
    return row;
  };
  return changeSettings(db, update, { duplicate: () => nameTaken(patch.zone_name) });
}

/** Removes a zone; its miners lose that link. @throws AppError stale, not_found. */
export async function deleteZone(db: Executor, change: Edit & { id: string }): Promise<void> {
  const { ownerId, id } = change;
  await changeSettings(db, async (tx) => {
    // Two single statements: sent together, they are done one after the other or not at all.
    const [[gone], miners] = await Promise.all([
      tx.delete(hvacZones).where(owned(ownerId, id)).returning(),
      minersIn(tx, ownerId, id),
    ]);
    if (gone === undefined) throw noSuchZone();
    const before = serialiseZone(gone);
    requireMatch(before, change.ifMatch);
    await forgetZone(tx, change, miners);
    await recordChange(tx, change, { entity: 'zone', entityId: id, before, after: null });
  });
}
