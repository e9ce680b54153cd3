import { asc, eq } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { hvacZones, minerProfiles, userPreferences } from '@/db/schema';
import { listDevices } from '@/lib/devices/queries';
import { serialiseDevice } from '@/lib/devices/serialise';
import { zoneInput } from '@/lib/hvac/schema';
import { serialiseZone } from '@/lib/hvac/serialise';
import { minerInput } from '@/lib/miners/schema';
import { serialiseMiner } from '@/lib/miners/serialise';
import { preferencesPatch } from '@/lib/preferences/schema';
import { serialisePreferences } from '@/lib/preferences/serialise';
import { getRetention } from '@/lib/retention/queries';
import { serialiseRetention } from '@/lib/retention/serialise';

type Wire = Record<string, unknown>;

/** The owner's configuration under the names of the file, and the ids of what it holds. */
export interface StoredConfiguration {
  readonly preferences: Wire;
  readonly retention: Wire;
  readonly zones: readonly Wire[];
  readonly miners: readonly Wire[];
  readonly devices: readonly Wire[];
  readonly ids: {
    readonly zones: ReadonlyMap<string, string>;
    readonly miners: ReadonlyMap<string, string>;
    readonly devices: ReadonlyMap<string, string>;
  };
}

const DEVICE_FIELDS = ['key', 'name', 'driver', 'connection', 'roles', 'control_enabled'];

const pick = (wire: Wire, names: readonly string[]): Wire =>
  Object.fromEntries(names.map((name) => [name, wire[name] ?? null]));

export async function readConfiguration(db: Executor, ownerId: string): Promise<StoredConfiguration> {
  const [preferences] = await db.select().from(userPreferences).where(eq(userPreferences.userId, ownerId));
  const zones = await db
    .select()
    .from(hvacZones)
    .where(eq(hvacZones.userId, ownerId))
    .orderBy(asc(hvacZones.zoneName));
  const miners = await db
    .select()
    .from(minerProfiles)
    .where(eq(minerProfiles.userId, ownerId))
    .orderBy(asc(minerProfiles.priorityLevel), asc(minerProfiles.name));
  const devices = await listDevices(db, ownerId);
  const zoneName = new Map(zones.map(({ id, zoneName: name }) => [id, name]));
  const minerName = new Map(miners.map(({ id, name }) => [id, name]));
  const { zone_id: _zone, ...minerFields } = minerInput.shape;
  const { heating_miner_id: _miner, ...zoneFields } = zoneInput.shape;
  return {
    preferences: preferences
      ? pick(serialisePreferences(preferences), Object.keys(preferencesPatch.shape))
      : {},
    retention: serialiseRetention(await getRetention(db, ownerId)),
    zones: zones.map((row) => ({
      ...pick(serialiseZone(row), Object.keys(zoneFields)),
      heating_miner: minerName.get(row.heatingMinerId ?? '') ?? null,
    })),
    miners: miners.map((row) => ({
      ...pick(serialiseMiner(row), Object.keys(minerFields)),
      zone: zoneName.get(row.zoneId ?? '') ?? null,
    })),
    devices: devices.map((row) => pick(serialiseDevice(row), DEVICE_FIELDS)),
    ids: {
      zones: new Map(zones.map((row) => [row.zoneName, row.id])),
      miners: new Map(miners.map((row) => [row.name, row.id])),
      devices: new Map(devices.map((row) => [row.key, row.id])),
    },
  };
}
