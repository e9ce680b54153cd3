import type { ChargeStage, LoadState, MeasuringRole } from '@/lib/core/types';
import { type Device, DriverError, type MaybeMeasured, type Measured } from '@/lib/drivers/types';
import { type Quantity, roundTo } from '@/lib/telemetry/rounding';
import { TimedOut, within } from './within';

/** A rounded measurement, with the moment it reached us by the clock that only moves forward. */
export interface Kept extends Measured {
  readonly receivedMs: number;
}

/** What is known of one device: the last good reading of each quantity, however old. */
export interface SourceReadings {
  packVoltageV: Kept | null;
  currentA: Kept | null;
  batteryPowerW: Kept | null;
  batteryTemperatureC: Kept | null;
  reportedSocPct: Kept | null;
  chargeStage: { readonly stage: ChargeStage; readonly receivedMs: number } | null;
  pvW: Kept | null;
  loadW: Kept | null;
  gridW: Kept | null;
  temperatureC: Kept | null;
  switch: KeptSwitch | null;
  fanSpeed: Kept | null;
  /** Whether the charger may charge. */
  chargePermission: {
    readonly permitted: boolean;
    readonly sampleAt: number;
    readonly receivedMs: number;
  } | null;
  /** When it last answered, epoch ms. */
  lastSeenAt: number | null;
  /** Why the last attempt failed, in words for the owner; null when it succeeded. */
  error: string | null;
}

export interface KeptSwitch {
  readonly state: LoadState;
  readonly sampleAt: number;
  readonly powerW: Kept | null;
  readonly insideMeasuredLoad: boolean;
  readonly receivedMs: number;
}

export type Capability = Exclude<MeasuringRole, 'temperature'> | 'thermometer' | 'switch' | 'fan' | 'charge';

export interface PollRequest {
  readonly device: Device;
  /** What is needed of it; anything else is not asked for. */
  readonly capabilities: ReadonlySet<Capability>;
}

export interface PollerOptions {
  /** Epoch ms. */
  readonly now: () => number;
  readonly monotonicMs: () => number;
  /** How long one call may take. */
  readonly callTimeoutMs: number;
  /** How long a tick waits for devices that answered last time; what comes later counts at the next tick. */
  readonly patienceMs: number;
  /** Told when a device fails or answers again, not at every attempt. */
  readonly onChange?: (key: string, error: string | null) => void;
}

interface Source {
  readings: SourceReadings;
  pending: Promise<void> | null;
  startedMs: number;
  timeoutsInARow: number;
}

export interface Poller {
  /** Asks the devices that are due. Waits only for those that answered last time, and not for long. */
  poll(requests: readonly PollRequest[]): Promise<void>;
  /** What is known of a device; null when it was never asked. */
  readings(key: string): Readonly<SourceReadings> | null;
  /** Forgets a device that was closed. */
  forget(key: string): void;
}

/** A device that let a call time out is asked at most this much less often. */
const LONGEST_PAUSE_MS = 60_000;

/** Reads every device on its own interval; one that is silent delays none of the others. */
export function createPoller(options: PollerOptions): Poller {
  const sources = new Map<string, Source>();

  const sourceOf = (key: string): Source => {
    let source = sources.get(key);
    if (!source) {
      source = {
        readings: nothingRead(),
        pending: null,
        startedMs: Number.NEGATIVE_INFINITY,
        timeoutsInARow: 0,
      };
      sources.set(key, source);
    }
    return source;
  };

  const isDue = (source: Source, pollSeconds: number): boolean => {
    if (source.pending) return false;
    const backOffMs =
      source.timeoutsInARow === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** source.timeoutsInARow);
    // A tick that comes a little early must not make a device wait for the one after it.
    return options.monotonicMs() - source.startedMs >= Math.max(pollSeconds * 900, backOffMs);
  };

  const readDevice = async (source: Source, { device, capabilities }: PollRequest): Promise<void> => {
    const { readings } = source;
    const before = readings.error;
    let failure: string | null = null;
    let timedOut = false;
    let answered = false;
    for (const capability of CAPABILITY_ORDER) {
      if (!capabilities.has(capability)) continue;
      try {
        await within(options.callTimeoutMs, () => READERS[capability](device, readings, options));
        answered = true;
      } catch (error) {
        failure ??= describeFailure(error, device, capability);
        timedOut = error instanceof TimedOut;
        // The rest would only wait for the same silence.
        if (timedOut || (error instanceof DriverError && error.code === 'unreachable')) break;
      }
    }
    source.timeoutsInARow = timedOut ? source.timeoutsInARow + 1 : 0;
    if (answered) readings.lastSeenAt = options.now();
    readings.error = failure;
    if ((before === null) !== (failure === null)) options.onChange?.(device.key, failure);
  };

  return {
    async poll(requests) {
      const awaited: Promise<void>[] = [];
      for (const request of requests) {
        const source = sourceOf(request.device.key);
        if (isDue(source, request.device.pollSeconds)) {
          source.startedMs = options.monotonicMs();
          const reading = readDevice(source, request).finally(() => {
            if (source.pending === reading) source.pending = null;
          });
          source.pending = reading;
        }
        if (source.pending && source.readings.error === null) awaited.push(source.pending);
      }
      if (awaited.length > 0) await within(options.patienceMs, () => Promise.all(awaited)).catch(() => {});
    },
    readings: (key) => sources.get(key)?.readings ?? null,
    forget: (key) => void sources.delete(key),
  };
}

/** How far two clocks may drift apart before the one that only moves forward is believed, ms. */
const CLOCK_SLACK_MS = 1000;

/** Age of a reading, ms. A wall clock set back must not make an old reading look new. */
export function ageOf(kept: Pick<Kept, 'sampleAt' | 'receivedMs'>, now: number, monotonicMs: number): number {
  const byWallClock = Math.max(0, now - kept.sampleAt);
  const sinceReceived = Math.round(monotonicMs - kept.receivedMs);
  return sinceReceived > byWallClock + CLOCK_SLACK_MS ? sinceReceived : byWallClock;
}

type Reader = (
  device: Device,
  into: SourceReadings,
  clock: Pick<PollerOptions, 'now' | 'monotonicMs'>,
) => Promise<void>;

const CAPABILITY_ORDER: readonly Capability[] = [
  'battery',
  'pv',
  'load',
  'grid',
  'thermometer',
  'switch',
  'fan',
  'charge',
];

const READERS: Readonly<Record<Capability, Reader>> = {
  async battery(device, into, { monotonicMs }) {
    const measured = await offered(device.capabilities.battery).readBattery();
    const receivedMs = monotonicMs();
    into.packVoltageV = kept('packVoltageV', measured.packVoltageV, into.packVoltageV, receivedMs);
    into.currentA = kept('currentA', measured.currentA, into.currentA, receivedMs);
    into.batteryPowerW = kept('powerW', measured.powerW, into.batteryPowerW, receivedMs);
    into.batteryTemperatureC = kept(
      'temperatureC',
      measured.temperatureC,
      into.batteryTemperatureC,
      receivedMs,
    );
    into.reportedSocPct = kept('percent', measured.reportedSocPct, into.reportedSocPct, receivedMs);
    into.chargeStage = { stage: measured.chargeStage, receivedMs };
  },
  async pv(device, into, { monotonicMs }) {
    into.pvW = kept('powerW', await offered(device.capabilities.pv).readPvW(), into.pvW, monotonicMs());
  },
  async load(device, into, { monotonicMs }) {
    into.loadW = kept(
      'powerW',
      await offered(device.capabilities.load).readLoadW(),
      into.loadW,
      monotonicMs(),
    );
  },
  async grid(device, into, { monotonicMs }) {
    into.gridW = kept(
      'powerW',
      await offered(device.capabilities.grid).readGridW(),
      into.gridW,
      monotonicMs(),
    );
  },
  async thermometer(device, into, { monotonicMs }) {
    const measured = await offered(device.capabilities.thermometer).readTemperatureC();
    into.temperatureC = kept('temperatureC', measured, into.temperatureC, monotonicMs());
  },
  async switch(device, into, { monotonicMs }) {
    const seen = await offered(device.capabilities.switch).readSwitch();
    const receivedMs = monotonicMs();
    into.switch = {
      state: seen.state,
      sampleAt: seen.sampleAt,
      powerW: kept('powerW', seen.powerW, into.switch?.powerW ?? null, receivedMs),
      insideMeasuredLoad: seen.insideMeasuredLoad,
      receivedMs,
    };
  },
  async fan(device, into, { monotonicMs }) {
    const speed = await offered(device.capabilities.fan).readFanSpeed();
    into.fanSpeed = { value: Math.round(speed.value), sampleAt: speed.sampleAt, receivedMs: monotonicMs() };
  },
  async charge(device, into, { monotonicMs }) {
    const { permitted, sampleAt } = await offered(device.capabilities.chargeControl).readChargePermission();
    into.chargePermission = { permitted, sampleAt, receivedMs: monotonicMs() };
  },
};

/** The new measurement, rounded; the last good one while there is none. */
function kept(
  quantity: Quantity,
  measured: MaybeMeasured,
  last: Kept | null,
  receivedMs: number,
): Kept | null {
  if (measured === null || !Number.isFinite(measured.value)) return last;
  const sampleAt = Math.round(measured.sampleAt);
  // A sample seen before keeps the moment it first came in: the clock it was stamped by may have been set back.
  const known = last !== null && last.sampleAt === sampleAt;
  return {
    value: roundTo(quantity, measured.value),
    sampleAt,
    receivedMs: known ? last.receivedMs : receivedMs,
  };
}

function offered<T>(capability: T | undefined): T {
  if (capability === undefined) throw new DriverError('unsupported', 'it does not measure this', false);
  return capability;
}

function describeFailure(error: unknown, device: Device, capability: Capability): string {
  if (error instanceof TimedOut) return `${device.key} did not answer in time (${capability})`;
  if (error instanceof DriverError) return error.message;
  return `${device.key} failed while it was asked for ${capability}`;
}

function nothingRead(): SourceReadings {
  return {
    packVoltageV: null,
    currentA: null,
    batteryPowerW: null,
    batteryTemperatureC: null,
    reportedSocPct: null,
    chargeStage: null,
    pvW: null,
    loadW: null,
    gridW: null,
    temperatureC: null,
    switch: null,
    fanSpeed: null,
    chargePermission: null,
    lastSeenAt: null,
    error: null,
  };
}
