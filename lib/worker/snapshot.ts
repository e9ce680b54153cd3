import type {
  LoadObservation,
  LoadState,
  MaybeReading,
  MeasuringRole,
  Sky,
  Snapshot,
  ZoneObservation,
} from '@/lib/core/types';
import type { Device } from '@/lib/drivers/types';
import type { SiteConfig } from './config';
import type { OpenedDevice } from './devices';
import { type LoadLink, loadLinks } from './links';
import { ageOf, type Kept, type Poller, type SourceReadings } from './poll';
import type { StateWatch } from './state-watch';

/** Where the kernel must not look further back, ms (control.md §7: the longest maximum ages). */
const OLDEST_VOLTAGE_MS = 5 * 60_000;
const OLDEST_OTHER_MS = 15 * 60_000;
/** A switch that has not answered for three polls is unknown; never sooner than this, never later than a voltage. */
const SHORTEST_SWITCH_AGE_MS = 30_000;

export interface Moment {
  /** Epoch ms. */
  readonly now: number;
  readonly monotonicMs: number;
}

export interface SnapshotInput extends Moment {
  readonly config: SiteConfig;
  readonly tickSeconds: number;
  readonly devices: readonly OpenedDevice[];
  readonly poller: Pick<Poller, 'readings'>;
  readonly states: StateWatch;
  readonly sky: (pv: MaybeReading) => Sky;
  /** Nothing that is off may be started now, whatever the reason. */
  readonly holdStarts: boolean;
}

/** A device that serves a measuring role, with what is known of it. */
export interface Source {
  readonly settings: OpenedDevice['settings'];
  readonly device: OpenedDevice['device'];
  readonly readings: Readonly<SourceReadings> | null;
}

export type Sources = Readonly<Record<MeasuringRole, Source | null>>;

/** Who measures what; null where no device has the role. */
export function sourcesOf(devices: readonly OpenedDevice[], poller: Pick<Poller, 'readings'>): Sources {
  const source = (role: MeasuringRole): Source | null => {
    const found = devices.find(({ settings }) => settings.roles.includes(role));
    if (!found) return null;
    const { settings, device } = found;
    return { settings, device, readings: poller.readings(settings.key) };
  };
  return {
    battery: source('battery'),
    pv: source('pv'),
    load: source('load'),
    grid: source('grid'),
    temperature: source('temperature'),
  };
}

/** Whether what a source says of a role comes from a model rather than from a meter. */
export function isSimulated(source: Source | null, role: MeasuringRole): boolean {
  if (!source) return false;
  const { device, settings } = source;
  return device ? device.simulated || device.simulatedRoles.includes(role) : settings.driver === 'simulated';
}

/** The bank's temperature: its own sensor, else the device that has the role. */
export function batteryTemperature(sources: Sources): Kept | null {
  return (
    sources.battery?.readings?.batteryTemperatureC ?? sources.temperature?.readings?.temperatureC ?? null
  );
}

/** What the kernel gets to see now. Readings older than it could ever use are left out. */
export function buildSnapshot(input: SnapshotInput): Snapshot {
  const { config, now, devices, poller } = input;
  const sources = sourcesOf(devices, poller);
  const { date, minute } = config.localTime(now);
  const voltage = (kept: Kept | null | undefined) => reading(kept, input, OLDEST_VOLTAGE_MS);
  const other = (kept: Kept | null | undefined) => reading(kept, input, OLDEST_OTHER_MS);
  const battery = sources.battery?.readings;
  const pvW = other(sources.pv?.readings?.pvW);
  const stage = battery?.chargeStage;

  const loads: Record<string, LoadObservation> = {};
  for (const link of loadLinks(config)) {
    const observed = observe(link, input);
    if (observed) loads[link.loadId] = observed;
  }
  const zones: Record<string, ZoneObservation> = {};
  for (const { id, temperatureSensorId } of config.kernel.zones) {
    const sensor = temperatureSensorId === null ? null : poller.readings(temperatureSensorId);
    zones[id] = { temperatureC: other(sensor?.temperatureC) };
  }
  return {
    now,
    localDate: date,
    localMinute: minute,
    tickSeconds: input.tickSeconds,
    battery: {
      packVoltageV: voltage(battery?.packVoltageV),
      currentA: other(battery?.currentA),
      powerW: other(battery?.batteryPowerW),
      temperatureC: other(batteryTemperature(sources)),
      reportedSocPct: other(battery?.reportedSocPct),
      chargeStage:
        stage && input.monotonicMs - stage.receivedMs <= OLDEST_VOLTAGE_MS ? stage.stage : 'unknown',
    },
    power: {
      pvW,
      loadW: other(sources.load?.readings?.loadW),
      gridW: other(sources.grid?.readings?.gridW),
    },
    sky: input.sky(pvW),
    loads,
    zones,
  };
}

function reading(kept: Kept | null | undefined, moment: Moment, oldestMs: number): MaybeReading {
  if (!kept) return null;
  const ageMs = ageOf(kept, moment.now, moment.monotonicMs);
  return ageMs > oldestMs ? null : { value: kept.value, sampleAt: kept.sampleAt, ageMs };
}

/** What is known of a load; null for one that no device is linked to, which nothing can be said about. */
function observe(link: LoadLink, input: SnapshotInput): LoadObservation | null {
  if (link.deviceKey === null) return null;
  const opened = input.devices.find(({ settings }) => settings.key === link.deviceKey);
  // A key that names no device draws nothing we know of: unlike a silent device it holds no power back.
  if (!opened) return nothingSeen(link, 'off', false);
  const { settings, device } = opened;
  const mayControl = settings.controlEnabled && (device === null || canSwitch(link, device));
  const readings = input.poller.readings(settings.key);
  if (!device || !readings) return nothingSeen(link, 'unknown', mayControl);

  const oldestMs = oldestSwitchMs(device, input.tickSeconds);
  const fresh = (sample: Kept | SourceReadings['switch']) =>
    sample !== null && ageOf(sample, input.now, input.monotonicMs) <= oldestMs;
  const reachable = readings.error === null;
  const { switch: seen, fanSpeed } = readings;

  if (link.kind === 'fan' && device.capabilities.fan) {
    if (!fanSpeed || !fresh(fanSpeed)) return nothingSeen(link, 'unknown', mayControl);
    const state = fanSpeed.value > 0 ? 'on' : 'off';
    return {
      kind: 'fan',
      state,
      sinceMs: input.states.since(link.loadId, state, fanSpeed.sampleAt),
      powerW: null,
      insideMeasuredLoad: false,
      reachable,
      controllable: mayControl,
      fanSpeed: fanSpeed.value,
    };
  }
  if (!seen || !fresh(seen)) return nothingSeen(link, 'unknown', mayControl);
  return {
    kind: link.kind,
    state: seen.state,
    sinceMs: input.states.since(link.loadId, seen.state, seen.sampleAt),
    powerW: reading(seen.powerW, input, OLDEST_OTHER_MS),
    insideMeasuredLoad: seen.insideMeasuredLoad,
    reachable,
    // A fan protects: starting it is never held back.
    controllable: mayControl && !(input.holdStarts && link.kind !== 'fan' && seen.state === 'off'),
  };
}

/** How old the state of a switch may be and still be believed, ms. */
export function oldestSwitchMs({ pollSeconds }: Pick<Device, 'pollSeconds'>, tickSeconds: number): number {
  const threePolls = 3000 * Math.max(pollSeconds, tickSeconds);
  return Math.min(OLDEST_VOLTAGE_MS, Math.max(SHORTEST_SWITCH_AGE_MS, threePolls));
}

/** Whether the device has what it takes to switch the load. */
export function canSwitch({ kind }: LoadLink, { capabilities }: Device): boolean {
  return capabilities.switch !== undefined || (kind === 'fan' && capabilities.fan !== undefined);
}

function nothingSeen(link: LoadLink, state: LoadState, controllable: boolean): LoadObservation {
  return {
    kind: link.kind,
    state,
    sinceMs: null,
    powerW: null,
    insideMeasuredLoad: false,
    reachable: false,
    controllable,
    ...(link.kind === 'fan' && { fanSpeed: null }),
  };
}
