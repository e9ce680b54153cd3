import { and, desc, eq, gt } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { hvacZones, minerProfiles, settingsVersions, userPreferences } from '@/db/schema';
import { curveProblem } from '@/lib/core/curve';
import { kernelMiner, kernelPreferences, kernelZone } from '@/lib/core/kernel-fields';
import type { HvacZone, KernelConfig, MinerProfile, Preferences } from '@/lib/core/types';
import { fromSnakeCase } from '@/lib/wire-case';

/** The kernel's part of the stored settings. */
export type KernelSettings = Pick<KernelConfig, 'preferences' | 'miners' | 'zones'>;

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);

/** As the worker reads them: a curve that is none is left out. */
export function readable(preferences: Preferences): Preferences {
  const { voltageCurve, voltageAt0Percent, voltageAt100Percent } = preferences;
  const isBad =
    voltageCurve !== null && curveProblem(voltageCurve, voltageAt0Percent, voltageAt100Percent) !== null;
  return isBad ? { ...preferences, voltageCurve: null } : preferences;
}

/** The settings as they stand; null before the defaults were written. */
export async function settingsNow(db: Executor, ownerId: string): Promise<KernelSettings | null> {
  const [row] = await db.select().from(userPreferences).where(eq(userPreferences.userId, ownerId));
  if (row === undefined) return null;
  const miners = await db.select().from(minerProfiles).where(eq(minerProfiles.userId, ownerId));
  const zones = await db.select().from(hvacZones).where(eq(hvacZones.userId, ownerId));
  return {
    preferences: readable(kernelPreferences(row)),
    miners: miners.map(kernelMiner).sort(byId),
    zones: zones.map(kernelZone).sort(byId),
  };
}

interface Undone {
  readonly entity: string;
  readonly entityId: string;
  readonly before: unknown;
}

/** The settings as they were at each of the versions asked for: the changes made since, taken back one by one. */
export async function settingsAt(
  db: Executor,
  ownerId: string,
  versions: ReadonlySet<number>,
): Promise<ReadonlyMap<number, KernelSettings>> {
  const found = new Map<number, KernelSettings>();
  let settings = await settingsNow(db, ownerId);
  if (settings === null) return found;
  const wanted = [...versions].sort((a, b) => b - a);
  const oldest = wanted.at(-1) ?? 0;
  const changes = await db
    .select()
    .from(settingsVersions)
    .where(and(eq(settingsVersions.userId, ownerId), gt(settingsVersions.id, oldest)))
    .orderBy(desc(settingsVersions.id));
  let next = 0;
  for (const version of wanted) {
    for (let change = changes[next]; change !== undefined && change.id > version; change = changes[++next]) {
      settings = without(settings, change);
    }
    found.set(version, { ...settings, preferences: readable(settings.preferences) });
  }
  return found;
}

function without(settings: KernelSettings, { entity, entityId, before }: Undone): KernelSettings {
  switch (entity) {
    case 'preferences':
      return before === null
        ? settings
        : { ...settings, preferences: kernelPreferences(stored<Preferences>(before)) };
    case 'miner':
      return { ...settings, miners: restored(settings.miners, entityId, before, kernelMiner) };
    case 'zone':
      return { ...settings, zones: restored(settings.zones, entityId, before, kernelZone) };
    case 'miner_order': {
      const places = new Map(
        stored<Pick<MinerProfile, 'id' | 'priorityLevel'>[]>(before).map((place) => [
          place.id,
          place.priorityLevel,
        ]),
      );
      const miners = settings.miners.map((miner) => ({
        ...miner,
        priorityLevel: places.get(miner.id) ?? miner.priorityLevel,
      }));
      return { ...settings, miners };
    }
    default:
      return settings;
  }
}

function restored<Row extends MinerProfile | HvacZone>(
  rows: readonly Row[],
  id: string,
  before: unknown,
  fields: (row: Row) => Row,
): readonly Row[] {
  const others = rows.filter((row) => row.id !== id);
  if (before === null) return others;
  return [...others, fields(stored<Row>(before))].sort(byId);
}

/** A row that `recordChange` was given, as the API spelled it. */
function stored<T>(wire: unknown): T {
  return fromSnakeCase(wire) as T;
}
