import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { commands, hvacZones, minerProfiles } from '@/db/schema';
import { renamedLoadId } from '@/lib/core/commands/rename';
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

async function relinkMiners(
  tx: Executor,
  author: Author,
  change: { link: MinerLink; from: string; to: string | null },
): Promise<void> {
  const { link, from, to } = change;
  const rows = await tx
    .select()
    .from(minerProfiles)
    .where(and(eq(minerProfiles.userId, author.ownerId), eq(minerProfiles[link], from)))
    .orderBy(minerProfiles.id)
    .for('update');
  for (const before of rows) {
    const where = eq(minerProfiles.id, before.id);
    const after = single(
      await tx
        .update(minerProfiles)
        .set({ [link]: to })
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
  change: { link: ZoneLink; from: string; to: string | null },
): Promise<void> {
  const { link, from, to } = change;
  const rows = await tx
    .select()
    .from(hvacZones)
    .where(and(eq(hvacZones.userId, author.ownerId), eq(hvacZones[link], from)))
    .orderBy(hvacZones.id)
    .for('update');
  for (const before of rows) {
    const where = eq(hvacZones.id, before.id);
    const after = single(
      await tx
        .update(hvacZones)
        .set({ [link]: to })
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

/** The miners of a zone that goes lose their link to it. */
export async function forgetZone(tx: Executor, author: Author, zoneId: string): Promise<void> {
  await relinkMiners(tx, author, { link: 'zoneId', from: zoneId, to: null });
}

/** The zones that a miner heated lose it. */
export async function forgetMiner(tx: Executor, author: Author, minerId: string): Promise<void> {
  await relinkZones(tx, author, { link: 'heatingMinerId', from: minerId, to: null });
}

/** What named a device by its old key names it by the new one. */
export async function followDeviceKey(
  tx: Executor,
  author: Author,
  keys: { readonly from: string; readonly to: string },
): Promise<void> {
  await relinkMiners(tx, author, { link: 'deviceIdentifier', ...keys });
  for (const link of ['exhaustFanDeviceId', 'heaterDeviceId', 'temperatureSensorId'] as const) {
    await relinkZones(tx, author, { link, ...keys });
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
