import type { HvacZone, MinerProfile } from './types';
import { shortName } from './words';

type Place =
  | { readonly kind: 'miner'; readonly id: string; readonly field: 'deviceIdentifier' }
  | { readonly kind: 'zone'; readonly id: string; readonly field: 'heaterDeviceId' | 'exhaustFanDeviceId' };

/** A device that switches more than one load. */
export interface SharedDevice {
  /** Its key. */
  readonly device: string;
  /** In words: "Primary S21+", "the heater of Heat Room". */
  readonly uses: readonly string[];
  /** Where the last of them is set. */
  readonly about: Place;
}

interface Use {
  readonly device: string | null;
  readonly what: string;
  readonly about: Place;
}

const usesOf = (miners: readonly MinerProfile[], zones: readonly HvacZone[]): Use[] => [
  ...miners.map(
    ({ id, name, deviceIdentifier }): Use => ({
      device: deviceIdentifier,
      what: shortName(name),
      about: { kind: 'miner', id, field: 'deviceIdentifier' },
    }),
  ),
  ...zones.flatMap(({ id, zoneName, heaterDeviceId, exhaustFanDeviceId }): Use[] => [
    {
      device: heaterDeviceId,
      what: `the heater of ${zoneName}`,
      about: { kind: 'zone', id, field: 'heaterDeviceId' },
    },
    {
      device: exhaustFanDeviceId,
      what: `the fan of ${zoneName}`,
      about: { kind: 'zone', id, field: 'exhaustFanDeviceId' },
    },
  ]),
];

/** One switch for two loads: each switches off what the other switched on, and its draw is counted twice. */
export function sharedDevices(
  miners: readonly MinerProfile[],
  zones: readonly HvacZone[],
): readonly SharedDevice[] {
  const uses = usesOf(miners, zones);
  const devices = new Set(uses.flatMap(({ device }) => device ?? []));
  return [...devices].flatMap((device) => {
    const shared = uses.filter((use) => use.device === device);
    const last = shared.at(-1);
    if (last === undefined || shared.length < 2) return [];
    return { device, uses: shared.map(({ what }) => what), about: last.about };
  });
}
