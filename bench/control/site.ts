import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import {
  DEFAULT_MINER,
  DEFAULT_PREFERENCES,
  DEFAULT_ZONE,
  SEED_MINERS,
  SEED_ZONES,
} from '@/lib/core/defaults';
import type { HvacZone, KernelConfig, MinerProfile, Preferences } from '@/lib/core/types';
import { zoneInput } from '@/lib/hvac/schema';
import { minerInput } from '@/lib/miners/schema';
import { preferencesPatch } from '@/lib/preferences/schema';

/** A house that policies are compared on: plain data, so that it travels to another process. */
export interface BenchSite {
  readonly name: string;
  readonly timeZone: string;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  readonly pvArrayW: number;
  readonly capacityAh: number;
  readonly config: KernelConfig;
}

/** Length of a tick, s: the worker's default. */
export const TICK_SECONDS = 10;
const FAIL_SAFE_SECONDS = 300;

interface Parts {
  readonly name: string;
  readonly preferences: Preferences;
  readonly miners: readonly MinerProfile[];
  readonly zones: readonly HvacZone[];
  readonly timeZone: string;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
}

function benchSite({ name, preferences, miners, zones, ...place }: Parts): BenchSite {
  return {
    name,
    ...place,
    pvArrayW: preferences.pvArrayWatts ?? DEFAULT_PREFERENCES.pvArrayWatts,
    capacityAh: preferences.batteryCapacityAh ?? DEFAULT_PREFERENCES.batteryCapacityAh,
    config: {
      preferences,
      miners,
      zones,
      overrides: [],
      controlMode: 'automatic',
      resistance: null,
      polls: { voltageSeconds: TICK_SECONDS, otherSeconds: TICK_SECONDS },
      failSafeSeconds: FAIL_SAFE_SECONDS,
      canBlockCharging: true,
    },
  };
}

/** The owner's site of the data model with a bank of `capacityAh`, where the winter freezes if `latitudeDeg` says so. */
export function seedSite(capacityAh: number, latitudeDeg: number): BenchSite {
  const zones = SEED_ZONES.map((seed): HvacZone => {
    const heats = SEED_MINERS.findIndex(({ name }) => name === seed.heatingMinerName);
    return {
      ...seed,
      id: `zone-${seed.zoneName}`,
      heatingMinerId: heats < 0 ? null : `miner-${heats + 1}`,
    };
  });
  return benchSite({
    name: `Solar Shack, ${capacityAh} Ah`,
    preferences: { ...DEFAULT_PREFERENCES, batteryCapacityAh: capacityAh },
    miners: SEED_MINERS.map((seed, i) => ({
      ...seed,
      id: `miner-${i + 1}`,
      zoneId: `zone-${seed.zoneName}`,
    })),
    zones,
    timeZone: DEFAULT_PREFERENCES.timezone,
    latitudeDeg,
    longitudeDeg: DEFAULT_PREFERENCES.locationLon,
  });
}

const siteFile = z.strictObject({
  name: z.string().trim().min(1).max(80).default('your site'),
  preferences: preferencesPatch.default({}),
  miners: z
    .array(minerInput.extend({ id: z.guid().optional() }))
    .min(1)
    .max(20),
  zones: z
    .array(zoneInput.extend({ id: z.guid().optional() }))
    .max(10)
    .default([]),
});

/**
 * A site from a JSON file: `preferences`, `miners` and `zones` as the REST API takes them, miners and zones with an
 * `id` where one names the other. Every load is taken to have a device. Rejects naming the field.
 */
export async function readSite(path: string): Promise<BenchSite> {
  const parsed = siteFile.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new RangeError(`${path}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`);
  }
  const { name, preferences, miners, zones } = parsed.data;
  const { timezone, locationLat, locationLon, ...rest } = camelCased(preferences) as Partial<
    typeof DEFAULT_PREFERENCES
  >;
  return benchSite({
    name,
    preferences: { ...DEFAULT_PREFERENCES, ...rest },
    miners: miners.map((miner, i) => ({
      ...DEFAULT_MINER,
      ...(camelCased(miner) as Pick<MinerProfile, Required>),
      id: miner.id ?? `miner-${i + 1}`,
      deviceIdentifier: miner.device_identifier ?? miner.name,
    })),
    zones: zones.map((zone, i) => ({
      ...DEFAULT_ZONE,
      ...(camelCased(zone) as Pick<HvacZone, 'zoneName'>),
      id: zone.id ?? `zone-${i + 1}`,
    })),
    timeZone: timezone ?? DEFAULT_PREFERENCES.timezone,
    latitudeDeg: locationLat ?? DEFAULT_PREFERENCES.locationLat,
    longitudeDeg: locationLon ?? DEFAULT_PREFERENCES.locationLon,
  });
}
type Required = 'name' | 'powerDrawWatts' | 'startVoltage' | 'stopVoltage' | 'emergencyStopVoltage';

function camelCased(wire: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(wire).map(([key, value]) => [
      key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
