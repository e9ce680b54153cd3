import { and, asc, desc, eq } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { decisions, hvacZones, minerProfiles } from '@/db/schema';
import { fanLoadId, heaterLoadId, minerLoadId } from '@/lib/core/loads';
import type { LoadKind } from '@/lib/core/types';

export interface NamedLoad {
  readonly id: string;
  readonly name: string;
  readonly kind: LoadKind;
  /** What it draws by its settings; null = nobody said, or it is gone. */
  readonly ratedW: number | null;
}

export interface LoadNames {
  /** Every miner in order of priority, then the heaters and fans asked for, then what is in the settings no more. */
  readonly loads: readonly NamedLoad[];
  readonly zoneName: (zoneId: string) => string;
}

/** Names for the load ids of history; a deleted one keeps the name it was decided under last. */
export async function nameLoads(db: Executor, ownerId: string, ids: readonly string[]): Promise<LoadNames> {
  const miners = await db
    .select({ id: minerProfiles.id, name: minerProfiles.name, ratedW: minerProfiles.powerDrawWatts })
    .from(minerProfiles)
    .where(eq(minerProfiles.userId, ownerId))
    .orderBy(asc(minerProfiles.priorityLevel), asc(minerProfiles.name));
  const zones = await db
    .select({ id: hvacZones.id, name: hvacZones.zoneName, heaterW: hvacZones.heaterPowerWatts })
    .from(hvacZones)
    .where(eq(hvacZones.userId, ownerId))
    .orderBy(asc(hvacZones.zoneName));
  const asked = new Set(ids);
  const known: NamedLoad[] = [
    ...miners.map(({ id, name, ratedW }) => ({ id: minerLoadId(id), name, kind: 'miner' as const, ratedW })),
    ...zones.map(({ id, name, heaterW }) => ({
      id: heaterLoadId(id),
      name: `${name} heater`,
      kind: 'heater' as const,
      ratedW: heaterW,
    })),
    ...zones.map(({ id, name }) => ({
      id: fanLoadId(id),
      name: `${name} fan`,
      kind: 'fan' as const,
      ratedW: null,
    })),
  ].filter(({ id, kind }) => kind === 'miner' || asked.has(id));
  const gone = ids.filter((id) => !known.some((load) => load.id === id)).sort();
  return {
    loads: [...known, ...(await Promise.all(gone.map((id) => nameGone(db, ownerId, id))))],
    zoneName: (zoneId) => zones.find(({ id }) => id === zoneId)?.name ?? 'Deleted zone',
  };
}

async function nameGone(db: Executor, ownerId: string, id: string): Promise<NamedLoad> {
  const [last] = await db
    .select({ name: decisions.loadName })
    .from(decisions)
    .where(and(eq(decisions.userId, ownerId), eq(decisions.loadId, id)))
    .orderBy(desc(decisions.ts))
    .limit(1);
  const kind = id.startsWith('miner:') ? 'miner' : id.startsWith('heater:') ? 'heater' : 'fan';
  return { id, name: `${last?.name ?? kind} (deleted)`, kind, ratedW: null };
}
