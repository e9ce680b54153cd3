import type { MeasuringRole } from '@/lib/core/types';
import { DRIVER_CATALOG, isDriverKey, type SwitchPlace } from '@/lib/drivers/catalog';
import {
  type Device,
  type DriverContext,
  DriverError,
  type DriverLog,
  type SiteFacts,
} from '@/lib/drivers/types';
import { within } from './within';

/** A device as its owner has set it up. */
export interface DeviceSettings {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly driver: string;
  /** Secrets in clear. */
  readonly connection: unknown;
  /** What it switches in the field (`switchOf`); null = nothing that lasts. */
  readonly switches: SwitchPlace | null;
  /** Why its connection settings cannot be used. */
  readonly problem: string | null;
  readonly roles: readonly MeasuringRole[];
  /** Whether it may be switched; where a device was, whether what is on there by us may be switched off. */
  readonly controlEnabled: boolean;
  /** What its driver kept at its last save. */
  readonly driverState: unknown;
  /** Which device was reached so, and until when; null = it is set up. */
  readonly former: FormerPlace | null;
}

interface FormerPlace {
  readonly deviceId: string;
  /** Epoch ms. */
  readonly until: number;
  /** When its first off was intended, epoch ms; null = not yet. */
  readonly triedSince: number | null;
}

/** Where a device was that is gone, or reached another way by now: opened once more, to switch off what was left on. */
export type FormerDevice = DeviceSettings & { readonly former: NonNullable<DeviceSettings['former']> };

export interface OpenedDevice {
  readonly settings: DeviceSettings;
  /** Null while it is being opened or cannot be. */
  readonly device: Device | null;
  /** Why it could not be opened. */
  readonly error: string | null;
}

export interface DevicePoolOptions {
  readonly open: (settings: DeviceSettings, context: DriverContext) => Promise<Device>;
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly openTimeoutMs: number;
  readonly log: DriverLog;
  /** Told of every device that was closed, so that what was read of it is forgotten. */
  readonly onClosed: (key: string) => void;
}

export interface DevicePool {
  /**
   * Opens, closes and opens again what has changed, in the background. Waits `patienceMs` at most for what is worth it:
   * the first openings, those that take the place of an open device, and former devices.
   */
  sync(settings: readonly DeviceSettings[], site: SiteFacts, patienceMs: number): Promise<void>;
  /** What is set up. */
  list(): readonly OpenedDevice[];
  former(): readonly OpenedDevice[];
  get(key: string): OpenedDevice | null;
  /** State of each open device that differs from what `saved` was last told. */
  unsavedStates(): Map<string, unknown>;
  saved(states: ReadonlyMap<string, unknown>): void;
  closeAll(): Promise<void>;
}

interface Entry {
  settings: DeviceSettings;
  identity: string;
  device: Device | null;
  error: string | null;
  busy: Promise<void> | null;
  retryAtMs: number;
  failures: number;
  savedState: string;
  wanted: boolean;
}

const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;
const CLOSE_TIMEOUT_MS = 5_000;

/** What a device is opened with: with another it is another. */
function identityOf({ driver, connection }: DeviceSettings, site: SiteFacts): string {
  const facts = isDriverKey(driver) ? DRIVER_CATALOG[driver].siteFacts.map((name) => site[name]) : null;
  return JSON.stringify([driver, connection, facts]);
}

/** Keeps exactly the devices open that the owner has set up. */
export function createDevicePool(options: DevicePoolOptions): DevicePool {
  const entries = new Map<string, Entry>();
  const shared = new Map<string, unknown>();

  const openEntry = async (entry: Entry, site: SiteFacts): Promise<void> => {
    const { settings, identity } = entry;
    if (settings.problem !== null) {
      entry.error = settings.problem;
      return;
    }
    const context: DriverContext = {
      now: options.now,
      log: options.log,
      site,
      savedState: settings.driverState,
      shared,
    };
    const opening = options.open(settings, context);
    try {
      const device = await within(options.openTimeoutMs, () => opening);
      if (!entry.wanted || entry.identity !== identity) {
        await closeQuietly(device);
        return;
      }
      entry.device = device;
      entry.error = null;
      entry.failures = 0;
      entry.savedState = JSON.stringify(settings.driverState ?? null);
    } catch (error) {
      // One that opens after its time is not wanted any more.
      opening.then(closeQuietly, () => {});
      entry.failures += 1;
      entry.retryAtMs =
        options.monotonicMs() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (entry.failures - 1));
      entry.error =
        error instanceof DriverError
          ? error.message
          : `${settings.key} could not be opened (${settings.driver})`;
      if (entry.failures === 1)
        options.log.warn({ device: settings.key, reason: entry.error }, 'device not opened');
    }
  };

  const closeQuietly = async (device: Device): Promise<void> => {
    try {
      await within(CLOSE_TIMEOUT_MS, () => device.close());
    } catch {
      options.log.warn({ device: device.key }, 'device did not close cleanly');
    }
    options.onClosed(device.key);
  };

  /** Runs one job per entry at a time. */
  const run = (entry: Entry, job: () => Promise<void>): void => {
    const busy = (entry.busy ?? Promise.resolve()).then(job).finally(() => {
      if (entry.busy === busy) entry.busy = null;
    });
    entry.busy = busy;
  };

  const shut = (entry: Entry): void => {
    const { device } = entry;
    entry.device = null;
    if (device) run(entry, () => closeQuietly(device));
  };

  return {
    async sync(settings, site, patienceMs) {
      const isFirst = entries.size === 0;
      const awaited: Entry[] = [];
      const keys = new Set(settings.map(({ key }) => key));
      for (const [key, entry] of entries) {
        if (keys.has(key)) continue;
        entry.wanted = false;
        shut(entry);
        entries.delete(key);
      }
      for (const wanted of settings) {
        const identity = identityOf(wanted, site);
        const known = entries.get(wanted.key);
        if (!known) {
          const entry: Entry = {
            settings: wanted,
            identity,
            device: null,
            error: null,
            busy: null,
            retryAtMs: 0,
            failures: 0,
            savedState: '',
            wanted: true,
          };
          entries.set(wanted.key, entry);
          run(entry, () => openEntry(entry, site));
          if (isFirst || wanted.former) awaited.push(entry);
          continue;
        }
        if (known.identity !== identity) {
          const state = known.device?.saveState() ?? wanted.driverState;
          if (known.device) awaited.push(known);
          shut(known);
          known.identity = identity;
          known.settings = { ...wanted, driverState: state };
          known.error = null;
          known.failures = 0;
          run(known, () => openEntry(known, site));
          continue;
        }
        known.settings = wanted;
        if (!known.device && !known.busy && options.monotonicMs() >= known.retryAtMs) {
          run(known, () => openEntry(known, site));
        }
      }
      const openings = awaited.flatMap(({ busy }) => busy ?? []);
      if (openings.length > 0) await within(patienceMs, () => Promise.allSettled(openings)).catch(() => {});
    },
    list: () => [...entries.values()].filter(({ settings }) => !settings.former),
    former: () => [...entries.values()].filter(({ settings }) => settings.former),
    get: (key) => entries.get(key) ?? null,
    unsavedStates() {
      const states = new Map<string, unknown>();
      for (const [key, { device, savedState }] of entries) {
        const state = device?.saveState() ?? null;
        if (state !== null && JSON.stringify(state) !== savedState) states.set(key, state);
      }
      return states;
    },
    saved(states) {
      for (const [key, state] of states) {
        const entry = entries.get(key);
        if (entry) entry.savedState = JSON.stringify(state);
      }
    },
    async closeAll() {
      const closing = [...entries.values()];
      entries.clear();
      for (const entry of closing) {
        entry.wanted = false;
        shut(entry);
      }
      await Promise.allSettled(closing.map((entry) => entry.busy ?? Promise.resolve()));
      shared.clear();
    },
  };
}
