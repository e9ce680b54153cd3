import { and, asc, eq, gt, inArray, isNull, max, min } from 'drizzle-orm';
import type { Database, Executor } from '@/db/client';
import {
  commands,
  controlState,
  devices,
  formerConnections,
  hvacZones,
  minerProfiles,
  overrides,
  settingsVersions,
  userPreferences,
} from '@/db/schema';
import { getBackupAlert } from '@/lib/backup/queries';
import { formerKey } from '@/lib/core/commands/former';
import { leftId } from '@/lib/core/commands/load-ids';
import type { ChargeBlockAnswer } from '@/lib/core/commands/types';
import { curveProblem } from '@/lib/core/curve';
import { kernelMiner, kernelPreferences, kernelZone } from '@/lib/core/kernel-fields';
import { isZoneAbbreviation } from '@/lib/core/time-zone';
import type { AlertCondition, KernelConfig } from '@/lib/core/types';
import { switchOf } from '@/lib/drivers/catalog';
import type { SiteFacts } from '@/lib/drivers/types';
import type { DeviceSettings, FormerDevice } from './devices';
import { type LocalTime, localClock } from './local-time';

/** Everything the owner has set up, as the worker uses it. */
export interface SiteConfig {
  /** The kernel's configuration but for what only the running worker knows: poll intervals, resistance. */
  readonly kernel: Omit<KernelConfig, 'polls' | 'resistance'>;
  /** Id of the newest settings version; 0 before the first. */
  readonly version: number;
  readonly timeZone: string;
  readonly localTime: (atMs: number) => LocalTime;
  readonly facts: SiteFacts;
  /** False: the place in the facts is a stand-in, and no sun can be computed from it. */
  readonly placeKnown: boolean;
  /** Since when the control mode holds, epoch ms. */
  readonly modeSince: number;
  /** What the owner said of a charge block that outlived automatic control. */
  readonly chargeBlockAnswer: ChargeBlockAnswer | null;
  readonly devices: readonly DeviceSettings[];
  /** Where devices were that may have been left on there by us. */
  readonly former: readonly FormerDevice[];
  /** When the miners that were last seen running had started, epoch ms, by miner id. */
  readonly runningSince: Readonly<Record<string, number>>;
  /** Settings that had to be read another way than they stand. */
  readonly notices: readonly AlertCondition[];
}

/** A stored setting that nothing can be decided by; says which and why. */
export class ConfigProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigProblem';
  }
}

/** Loads stop once the newest good voltage is older than this (control.md §7). */
const FAIL_SAFE_SECONDS = 300;
/** Where the owner's site is unknown the sun cannot be computed; a bank's size only shapes a simulation. */
const UNKNOWN_CAPACITY_AH = 300;

/** When the first off to each former connection was intended, by the key under which it is told off. */
async function firstOffs(
  tx: Executor,
  ownerId: string,
  former: readonly { readonly id: string }[],
): Promise<ReadonlyMap<string, Date | null>> {
  if (former.length === 0) return new Map();
  const loadIds = former.flatMap(({ id }) => [leftId(formerKey(id), false), leftId(formerKey(id), true)]);
  const offs = await tx
    .select({ deviceKey: commands.deviceKey, since: min(commands.intendedAt) })
    .from(commands)
    .where(and(eq(commands.userId, ownerId), inArray(commands.loadId, loadIds)))
    .groupBy(commands.deviceKey);
  return new Map(offs.map(({ deviceKey, since }) => [deviceKey, since]));
}

/** All settings of one owner as they stand at one moment. */
export async function readSettings(db: Database, ownerId: string, now: number) {
  return await db.transaction(
    async (tx) => {
      const [preferences] = await tx
        .select()
        .from(userPreferences)
        .where(eq(userPreferences.userId, ownerId));
      const miners = await tx
        .select()
        .from(minerProfiles)
        .where(eq(minerProfiles.userId, ownerId))
        .orderBy(asc(minerProfiles.id));
      const zones = await tx
        .select()
        .from(hvacZones)
        .where(eq(hvacZones.userId, ownerId))
        .orderBy(asc(hvacZones.id));
      const deviceRows = await tx
        .select()
        .from(devices)
        .where(eq(devices.userId, ownerId))
        .orderBy(asc(devices.key));
      const formerRows = await tx
        .select()
        .from(formerConnections)
        .where(eq(formerConnections.userId, ownerId))
        .orderBy(asc(formerConnections.removedAt));
      const triedSince = await firstOffs(tx, ownerId, formerRows);
      const openOverrides = await tx
        .select()
        .from(overrides)
        .where(
          and(eq(overrides.userId, ownerId), gt(overrides.endsAt, new Date(now)), isNull(overrides.endedAt)),
        )
        .orderBy(asc(overrides.id));
      const [state] = await tx
        .select({
          controlMode: controlState.controlMode,
          modeSince: controlState.modeSince,
          chargeBlockAnswer: controlState.chargeBlockAnswer,
        })
        .from(controlState)
        .where(eq(controlState.userId, ownerId));
      const [newest] = await tx
        .select({ id: max(settingsVersions.id).mapWith(Number) })
        .from(settingsVersions)
        .where(eq(settingsVersions.userId, ownerId));
      return {
        preferences: preferences ?? null,
        miners,
        zones,
        devices: deviceRows,
        former: formerRows.map((row) => ({ ...row, triedSince: triedSince.get(formerKey(row.id)) ?? null })),
        overrides: openOverrides,
        controlMode: state?.controlMode ?? null,
        modeSince: state?.modeSince ?? null,
        chargeBlockAnswer: state?.chargeBlockAnswer ?? null,
        version: newest?.id ?? 0,
        backupAlert: await getBackupAlert(tx, ownerId),
      };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}
export type StoredSettings = Awaited<ReturnType<typeof readSettings>>;
type StoredDevice = StoredSettings['devices'][number];
type StoredFormer = StoredSettings['former'][number];
/** The connection settings of a device, secrets in clear. */
export type ConnectionOf = (device: Pick<StoredDevice, 'connection'>) => unknown;

/** What the stored settings mean; throws a ConfigProblem for those that nothing can be decided by. */
export function buildConfig(stored: StoredSettings, connectionOf: ConnectionOf): SiteConfig {
  const row = stored.preferences;
  if (!row) throw new ConfigProblem('the preferences are missing');
  if (!stored.controlMode) throw new ConfigProblem('the control mode is missing');
  const notices: AlertCondition[] = stored.backupAlert ? [stored.backupAlert] : [];
  let preferences = kernelPreferences(row);
  const { voltageCurve, voltageAt0Percent, voltageAt100Percent } = preferences;
  const problem = voltageCurve && curveProblem(voltageCurve, voltageAt0Percent, voltageAt100Percent);
  if (problem) {
    preferences = { ...preferences, voltageCurve: null };
    notices.push({
      key: 'settings:voltage-curve',
      severity: 'warning',
      text: `${problem}. Until then the charge shown follows a straight line; decisions go by voltage and are not affected.`,
    });
  }
  let localTime: SiteConfig['localTime'];
  let { timezone } = row;
  try {
    localTime = localClock(timezone);
    if (isZoneAbbreviation(timezone)) {
      notices.push({
        key: 'settings:timezone-abbreviation',
        severity: 'warning',
        text: `The time zone "${timezone}" stands for several: schedules and days may follow different ones until it names a place, e.g. America/Los_Angeles.`,
      });
    }
  } catch {
    notices.push({
      key: 'settings:timezone',
      severity: 'warning',
      text: `The time zone "${timezone}" is not known: schedules follow UTC until it is corrected.`,
    });
    timezone = 'UTC';
    localTime = localClock(timezone);
  }
  return {
    kernel: {
      preferences,
      miners: stored.miners.map(kernelMiner),
      zones: stored.zones.map(kernelZone),
      overrides: stored.overrides.map(({ id, loadId, state, startsAt, endsAt }) => ({
        id,
        loadId,
        state,
        startsAt: startsAt.getTime(),
        endsAt: endsAt.getTime(),
      })),
      controlMode: stored.controlMode,
      failSafeSeconds: FAIL_SAFE_SECONDS,
      canBlockCharging: false,
    },
    version: stored.version,
    timeZone: timezone,
    localTime,
    facts: {
      timeZone: timezone,
      latitudeDeg: row.locationLat ?? 0,
      longitudeDeg: row.locationLon ?? 0,
      pvArrayW: row.pvArrayWatts ?? 0,
      batteryCapacityAh: row.batteryCapacityAh ?? UNKNOWN_CAPACITY_AH,
      batteryNominalV: row.batteryNominalVoltage,
    },
    placeKnown: row.locationLat !== null && row.locationLon !== null,
    modeSince: stored.modeSince?.getTime() ?? 0,
    chargeBlockAnswer: stored.chargeBlockAnswer,
    devices: stored.devices.map((device) => deviceSettings(device, connectionOf)),
    former: stored.former.map((row) => formerDevice(row, connectionOf)),
    runningSince: Object.fromEntries(
      stored.miners.flatMap(({ id, lastStartedAt, lastStoppedAt }) =>
        lastStartedAt && (!lastStoppedAt || lastStoppedAt < lastStartedAt)
          ? [[id, lastStartedAt.getTime()]]
          : [],
      ),
    ),
    notices,
  };
}

function deviceSettings(row: StoredDevice, connectionOf: ConnectionOf): DeviceSettings {
  const { id, key, name, driver, roles, controlEnabled, driverState } = row;
  const reach = reachOf(row, connectionOf);
  return { id, key, name, driver, ...reach, roles, controlEnabled, driverState, former: null };
}

/** Under a key of its own: another device may have its key by now. */
function formerDevice(row: StoredFormer, connectionOf: ConnectionOf): FormerDevice {
  const { id, deviceId, name, driver, removedAt, triedSince, isToldOff } = row;
  return {
    id,
    key: formerKey(id),
    name,
    driver,
    ...reachOf(row, connectionOf),
    roles: [],
    controlEnabled: isToldOff,
    driverState: null,
    former: { deviceId, until: removedAt.getTime(), triedSince: triedSince?.getTime() ?? null },
  };
}

function reachOf(
  row: StoredDevice | StoredFormer,
  connectionOf: ConnectionOf,
): Pick<DeviceSettings, 'connection' | 'switches' | 'problem'> {
  const switches = switchOf(row);
  try {
    return { connection: connectionOf(row), switches, problem: null };
  } catch {
    const remedy = 'key' in row ? `: enter them again.` : '.';
    const problem = `The stored secrets of ${row.name} cannot be read with the key of this data directory${remedy}`;
    return { connection: null, switches, problem };
  }
}

/** Keeps the object of before while nothing in it has changed: the kernel works a configuration out once per object. */
export function sameIfEqual<T>(before: T | null, after: T): T {
  return before !== null && JSON.stringify(before) === JSON.stringify(after) ? before : after;
}
