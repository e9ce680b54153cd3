import type { ChargeStage, LoadState, MeasuringRole } from '@/lib/core/types';

/** One measurement as the device gave it, in our units and signs. */
export interface Measured {
  readonly value: number;
  /** When the device sampled it, epoch ms: what age is judged by. */
  readonly sampleAt: number;
}
export type MaybeMeasured = Measured | null;

export interface BatteryMeasurement {
  readonly packVoltageV: MaybeMeasured;
  /** + = charging. */
  readonly currentA: MaybeMeasured;
  /** + = charging. */
  readonly powerW: MaybeMeasured;
  readonly temperatureC: MaybeMeasured;
  readonly reportedSocPct: MaybeMeasured;
  readonly chargeStage: ChargeStage;
}

export interface BatteryMeter {
  readBattery(): Promise<BatteryMeasurement>;
}
export interface PvMeter {
  /** W ≥ 0. */
  readPvW(): Promise<MaybeMeasured>;
}
export interface LoadMeter {
  /** W ≥ 0. */
  readLoadW(): Promise<MaybeMeasured>;
}
export interface GridMeter {
  /** W, + = import; a generator is import. */
  readGridW(): Promise<MaybeMeasured>;
}
export interface Thermometer {
  /** °C. */
  readTemperatureC(): Promise<MaybeMeasured>;
}

export interface SwitchObservation {
  readonly state: LoadState;
  /** When the state was sampled, epoch ms. */
  readonly sampleAt: number;
  /** W; null = no meter. */
  readonly powerW: MaybeMeasured;
  /** Whether its draw is contained in the site's load measurement. */
  readonly insideMeasuredLoad: boolean;
}
export interface SwitchOptions {
  /** With an on: the device goes off by itself after so many seconds without a renewal. */
  readonly autoOffSeconds?: number;
}
/** Idempotent: asking for the state it has changes nothing. Resolves when the device acknowledged, not when done. */
export interface Switch {
  readSwitch(): Promise<SwitchObservation>;
  /** Without `renewAutoOff` a driver ignores `autoOffSeconds`. */
  setSwitch(state: 'on' | 'off', options?: SwitchOptions): Promise<void>;
  /** Where the device has a dead-man timer: starts it anew while it is on. Never switches on what is off. */
  renewAutoOff?(autoOffSeconds: number): Promise<void>;
}
export interface FanControl {
  /** Speed step, 0 = off. */
  readFanSpeed(): Promise<Measured & { readonly value: number }>;
  setFanSpeed(step: number): Promise<void>;
}
/** Whether the charger may charge the bank. Idempotent; the setting persists until it is changed. */
export interface ChargeControl {
  readChargePermission(): Promise<{ readonly permitted: boolean; readonly sampleAt: number }>;
  setChargePermission(permitted: boolean): Promise<void>;
}

export interface Capabilities {
  readonly battery?: BatteryMeter;
  readonly pv?: PvMeter;
  readonly load?: LoadMeter;
  readonly grid?: GridMeter;
  readonly thermometer?: Thermometer;
  readonly switch?: Switch;
  readonly fan?: FanControl;
  readonly chargeControl?: ChargeControl;
}

/** An open device. It offers the capabilities it has; callers ask for those, never for the vendor. */
export interface Device {
  readonly key: string;
  readonly capabilities: Capabilities;
  /** Marks all that it measures as simulated. */
  readonly simulated: boolean;
  /** Columns or roles that come from a model rather than from a meter, for the label beside the number. */
  readonly simulatedRoles: readonly MeasuringRole[];
  /** How often its readings are worth asking for. */
  readonly pollSeconds: number;
  /** How often a day it may be written to where that wears it out; missing = the ledger's default. */
  readonly writesPerDay?: number;
  /** What it needs to continue after a restart (plain JSON), or null. */
  saveState(): unknown;
  close(): Promise<void>;
}

/** Everything from outside that a driver may use. */
export interface DriverContext {
  /** Epoch ms. The wall clock when live, the simulated one in back-fill, tests and benches. */
  readonly now: () => number;
  readonly log: DriverLog;
  readonly site: SiteFacts;
  /** What `saveState` gave before the last restart, or null. */
  readonly savedState: unknown;
  /** Shared by the devices of one owner in one process, e.g. the one simulated site behind many devices. */
  readonly shared: Map<string, unknown>;
}

export interface DriverLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface SiteFacts {
  /** IANA time zone of the owner. */
  readonly timeZone: string;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  readonly pvArrayW: number;
  readonly batteryCapacityAh: number;
  readonly batteryNominalV: number;
}

export const DRIVER_ERROR_CODES = [
  'unreachable',
  'auth',
  'refused',
  'malformed',
  'stale',
  'unsupported',
] as const;
export type DriverErrorCode = (typeof DRIVER_ERROR_CODES)[number];

/** A device's failure in words an owner can act on; never carries a secret. */
export class DriverError extends Error {
  constructor(
    readonly code: DriverErrorCode,
    message: string,
    readonly retry: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DriverError';
  }
}
