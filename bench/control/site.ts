import { DEFAULT_PREFERENCES, SEED_MINERS, SEED_ZONES } from '@/lib/core/defaults';
import type { HvacZone, KernelConfig, MinerProfile, Preferences } from '@/lib/core/types';
import { INVERTER } from '@/lib/drivers/site-physics/site';

/** A house that policies are compared on: plain data, so that it travels to another process. */
export interface BenchSite {
  readonly name: string;
  readonly timeZone: string;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  readonly pvArrayW: number;
  readonly capacityAh: number;
  /** What the inverter can serve, W AC. */
  readonly inverterW: number;
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

/** What the owner has not told of array, bank and inverter is that of the seed's site. */
export function benchSite({ name, preferences, miners, zones, ...place }: Parts): BenchSite {
  return {
    name,
    ...place,
    pvArrayW: preferences.pvArrayWatts ?? DEFAULT_PREFERENCES.pvArrayWatts,
    capacityAh: preferences.batteryCapacityAh ?? DEFAULT_PREFERENCES.batteryCapacityAh,
    inverterW: preferences.inverterMaxWatts ?? INVERTER.maxAcW,
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
