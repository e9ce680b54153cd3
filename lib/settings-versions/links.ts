import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { commands, type HvacZoneRow, hvacZones, type MinerProfileRow, minerProfiles } from '@/db/schema';
import { renamedLoadId } from '@/lib/core/commands/load-ids';
import type { FieldIssue } from '@/lib/errors';
import { serialiseZone } from '@/lib/hvac/serialise';
import { serialiseMiner } from '@/lib/miners/serialise';
import { type Author, single } from './change';
import { recordChange } from './record';

/**
 * What miners, zones and devices say about each other. There are no foreign keys between them (miners and zones name
 * each other, and a device may be named before it is there), so the links are kept here.
 */

/** Locked against deletion until the transaction ends, so that the link holds once it is written. */
export async function zoneLinkIssues(
  tx: Executor,
  ownerId: string,
  zoneId: string | null | undefined,
): Promise<FieldIssue[]> {
  if (zoneId === null || zoneId === undefined) return [];
  const found = await tx
    .select({ id: hvacZones.id })
    .from(hvacZones)
    .where(and(eq(hvacZones.userId, ownerId), eq(hvacZones.id, zoneId)))
    .for('key share');
  if (found.length > 0) return [];
  const message = `zone_id ${zoneId} names no zone of yours.`;
  return [{ path: 'zone_id', code: 'unknown_zone', message, values: { zone_id: zoneId } }];
}

/** As `zoneLinkIssues`, for the miner that heats a zone. */
export async function minerLinkIssues(
  tx: Executor,
  ownerId: string,
  minerId: string | null | undefined,
): Promise<FieldIssue[]> {
  if (minerId === null || minerId === undefined) return [];
  const found = await tx
    .select({ id: minerProfiles.id })
    .from(minerProfiles)
    .where(and(eq(minerProfiles.userId, ownerId), eq(minerProfiles.id, minerId)))
    .for('key share');
  if (found.length > 0) return [];
  const message = `heating_miner_id ${minerId} names no miner of yours.`;
  return [
    { path: 'heating_miner_id', code: 'unknown_miner', message, values: { heating_miner_id: minerId } },
  ];
}

type MinerLink = 'zoneId' | 'deviceIdentifier';
type ZoneLink = 'heatingMinerId' | 'exhaustFanDeviceId' | 'heaterDeviceId' | 'temperatureSensorId';

/** Miners that name `from`, locked; one statement, so that it can be sent together with others. */
function linkedMiners(tx: Executor, ownerId: string, link: MinerLink, from: string) {
  return tx
    .select()
    .from(minerProfiles)
    .where(and(eq(minerProfiles.userId, ownerId), eq(minerProfiles[link], from)))
    .orderBy(minerProfiles.id)
    .for('update');
}

/** Zones that name `from`, locked; one statement too. */
function linkedZones(tx: Executor, ownerId: string, link: ZoneLink, from: string) {
  return tx
    .select()
    .from(hvacZones)
    .where(and(eq(hvacZones.userId, ownerId), eq(hvacZones[link], from)))
    .orderBy(hvacZones.id)
    .for('update');
}

async function relinkMiners(
  tx: Executor,
  author: Author,
  rows: readonly MinerProfileRow[],
  change: { link: MinerLink; to: string | null },
): Promise<void> {
  for (const before of rows) {
    const where = eq(minerProfiles.id, before.id);
    const after = single(
      await tx
        .update(minerProfiles)
        .set({ [change.link]: change.to })
        .where(where)
        .returning(),
    );
    await recordChange(tx, author, {
      entity: 'miner',
      entityId: before.id,
      before: serialiseMiner(before),
      after: serialiseMiner(after),
    });
  }
}

async function relinkZones(
  tx: Executor,
  author: Author,
  rows: readonly HvacZoneRow[],
  change: { link: ZoneLink; to: string | null },
): Promise<void> {
  for (const before of rows) {
    const where = eq(hvacZones.id, before.id);
    const after = single(
      await tx
        .update(hvacZones)
        .set({ [change.link]: change.to })
        .where(where)
        .returning(),
    );
    await recordChange(tx, author, {
      entity: 'zone',
      entityId: before.id,
      before: serialiseZone(before),
      after: serialiseZone(after),
    });
  }
}

/** The miners of a zone that goes. */
export const minersIn = (tx: Executor, ownerId: string, zoneId: string) =>
  linkedMiners(tx, ownerId, 'zoneId', zoneId);

/** They lose their link to it. */
export const forgetZone = (tx: Executor, author: Author, miners: readonly MinerProfileRow[]) =>
  relinkMiners(tx, author, miners, { link: 'zoneId', to: null });

/** The zones that a miner which goes has heated. */
export const zonesHeatedBy = (tx: Executor, ownerId: string, minerId: string) =>
  linkedZones(tx, ownerId, 'heatingMinerId', minerId);

/** They lose it. */
export const forgetMiner = (tx: Executor, author: Author, zones: readonly HvacZoneRow[]) =>
  relinkZones(tx, author, zones, { link: 'heatingMinerId', to: null });

/** What named a device by its old key names it by the new one. */
export async function followDeviceKey(
  tx: Executor,
  author: Author,
  keys: { readonly from: string; readonly to: string },
): Promise<void> {
  const { from, to } = keys;
  const miners = await linkedMiners(tx, author.ownerId, 'deviceIdentifier', from);
  await relinkMiners(tx, author, miners, { link: 'deviceIdentifier', to });
  for (const link of ['exhaustFanDeviceId', 'heaterDeviceId', 'temperatureSensorId'] as const) {
    await relinkZones(tx, author, await linkedZones(tx, author.ownerId, link, from), { link, to });
  }
  await relinkCommands(tx, author, keys);
}

/** Without its commands nobody would know what was switched on there by us, or that its charging was blocked by us. */
async function relinkCommands(
  tx: Executor,
  { ownerId }: Author,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const mine = eq(commands.userId, ownerId);
  const loads = await tx
    .selectDistinct({ loadId: commands.loadId })
    .from(commands)
    .where(and(mine, eq(commands.deviceKey, from)));
  const loadIds = loads.map(({ loadId }) => loadId);
  const taken = loadIds.flatMap((loadId) => {
    const renamed = renamedLoadId(loadId, from, to);
    return renamed === loadId ? [] : [renamed];
  });
  if (taken.length > 0) {
    // Of a device that had that key, and is gone.
    await tx
      .update(commands)
      .set({ state: 'superseded', retryAt: null, endedAt: sql`now()` })
      .where(and(mine, inArray(commands.loadId, taken), isNull(commands.endedAt)));
  }
  for (const loadId of loadIds) {
    await tx
      .update(commands)
      .set({ loadId: renamedLoadId(loadId, from, to), deviceKey: to })
      .where(and(mine, eq(commands.loadId, loadId), eq(commands.deviceKey, from)));
  }
}
