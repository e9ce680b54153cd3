/**
 * The kernel's vocabulary: plain data in, plain data out.
 * Signs: battery + = charging, grid + = import, PV and load ≥ 0, so `pv + grid = load + battery`.
 * Instants are epoch ms, powers W, energies Wh, temperatures °C. Unknown is null, never zero.
 */

export const BATTERY_BANDS = ['SHUTDOWN', 'CRITICAL', 'LOW', 'RECOVERING', 'OPTIMAL', 'HIGH'] as const;
export type BatteryBand = (typeof BATTERY_BANDS)[number];

export const VERDICTS = [
  'START',
  'KEEP_RUNNING',
  'WAIT',
  'STOP',
  'EMERGENCY_STOP',
  'LOCKED_OUT',
  'DISABLED',
  'CANNOT_DECIDE',
  'OVERRIDDEN',
] as const;
export type Verdict = (typeof VERDICTS)[number];

export const CHARGE_STAGES = ['bulk', 'absorption', 'float', 'throttled', 'unknown'] as const;
export type ChargeStage = (typeof CHARGE_STAGES)[number];

export const CONTROL_MODES = ['advisory', 'automatic', 'paused'] as const;
export type ControlMode = (typeof CONTROL_MODES)[number];

export const SITE_OPERATING_MODES = ['conservative', 'balanced', 'aggressive'] as const;
export type SiteOperatingMode = (typeof SITE_OPERATING_MODES)[number];

export const MINER_OPERATING_MODES = ['aggressive', 'balanced', 'opportunistic'] as const;
export type MinerOperatingMode = (typeof MINER_OPERATING_MODES)[number];

export const HEATING_SOURCES = ['miner', 'heater', 'none'] as const;
export type HeatingSource = (typeof HEATING_SOURCES)[number];

export const SAG_COMPENSATION_MODES = ['off', 'auto', 'manual'] as const;
export type SagCompensationMode = (typeof SAG_COMPENSATION_MODES)[number];

export const DISPLAY_UNITS = ['metric', 'imperial'] as const;
export type DisplayUnits = (typeof DISPLAY_UNITS)[number];

export const LOAD_KINDS = ['miner', 'heater', 'fan'] as const;
export type LoadKind = (typeof LOAD_KINDS)[number];

export const LOAD_STATES = ['on', 'off', 'ramping', 'unknown'] as const;
export type LoadState = (typeof LOAD_STATES)[number];

/** What a device can be asked to measure; one device serves a role at a time. */
export const MEASURING_ROLES = ['battery', 'pv', 'load', 'grid', 'temperature'] as const;
export type MeasuringRole = (typeof MEASURING_ROLES)[number];

export type Unsure = 'yes' | 'no' | 'unknown';

/** One good measurement. Age is taken at `Snapshot.now`. */
export interface Reading {
  readonly value: number;
  readonly sampleAt: number;
  readonly ageMs: number;
}
export type MaybeReading = Reading | null;

// ───────────────────────────────────────────────────────────── snapshot

export interface Snapshot {
  readonly now: number;
  /** Owner's local date, YYYY-MM-DD. */
  readonly localDate: string;
  /** Owner's local minute of day, 0–1439. */
  readonly localMinute: number;
  /** Nominal tick length. */
  readonly tickSeconds: number;
  readonly battery: BatteryReadings;
  readonly power: PowerReadings;
  readonly sky: Sky;
  /** Keyed by load id: `miner:<uuid>`, `heater:<zone uuid>`, `fan:<zone uuid>`. */
  readonly loads: Readonly<Record<string, LoadObservation>>;
  /** Keyed by zone uuid. */
  readonly zones: Readonly<Record<string, ZoneObservation>>;
}

export interface BatteryReadings {
  readonly packVoltageV: MaybeReading;
  readonly currentA: MaybeReading;
  readonly powerW: MaybeReading;
  readonly temperatureC: MaybeReading;
  /** Display only: never an input to a decision. */
  readonly reportedSocPct: MaybeReading;
  readonly chargeStage: ChargeStage;
}

export interface PowerReadings {
  readonly pvW: MaybeReading;
  readonly loadW: MaybeReading;
  readonly gridW: MaybeReading;
}

export interface Sky {
  /** Clear-sky PV power for the array now; null = not known. */
  readonly clearSkyW: number | null;
  readonly forecastW: number | null;
  readonly sunny: Unsure;
  readonly sunElevationDeg: number | null;
}

export interface LoadObservation {
  readonly kind: LoadKind;
  readonly state: LoadState;
  /** When it was seen to change to that state, epoch ms; null = nobody saw it change. */
  readonly sinceMs: number | null;
  /** Measured draw; null = no meter. */
  readonly powerW: MaybeReading;
  /** Whether its draw is contained in the measured house load. */
  readonly insideMeasuredLoad: boolean;
  readonly reachable: boolean;
  /**
   * False: nothing is sent to it, because its device has control disabled. It is decided and shown as in
   * advisory mode, and takes no power from the others while it is off. Missing means true.
   */
  readonly controllable?: boolean;
  /** Fans: observed speed step, 0 = off. */
  readonly fanSpeed?: number | null;
}

export interface ZoneObservation {
  readonly temperatureC: MaybeReading;
}

// ───────────────────────────────────────────────────────────── configuration

export interface CurvePoint {
  readonly soc: number;
  readonly voltage: number;
}

export interface Preferences {
  readonly voltageAt0Percent: number;
  readonly voltageAt100Percent: number;
  readonly voltageCurve: readonly CurvePoint[] | null;
  readonly useCustomSocMapping: boolean;
  readonly batteryNominalVoltage: number;
  readonly batteryAbsoluteMin: number;
  readonly batteryAbsoluteMax: number;
  readonly batteryCapacityAh: number | null;
  readonly batteryChemistry: string;
  readonly voltageShutdown: number;
  readonly voltageCriticalLow: number;
  readonly voltageLow: number;
  readonly voltageRestart: number;
  readonly voltageOptimalMin: number;
  readonly voltageOptimalMax: number;
  readonly voltageFloat: number;
  readonly voltageAbsorption: number;
  readonly voltageFull: number;
  readonly operatingMode: SiteOperatingMode;
  readonly gridImportAllowed: boolean;
  readonly maxBatteryDischargeWatts: number;
  readonly maxBatteryDischargePercent: number;
  readonly pvArrayWatts: number | null;
  readonly inverterMaxWatts: number | null;
  readonly internalResistanceMohm: number | null;
  readonly sagCompensation: SagCompensationMode;
}

export interface MinerProfile {
  readonly id: string;
  readonly name: string;
  readonly powerDrawWatts: number;
  readonly priorityLevel: number;
  readonly operatingMode: MinerOperatingMode;
  readonly startVoltage: number;
  readonly stopVoltage: number;
  readonly emergencyStopVoltage: number;
  readonly startHysteresisMinutes: number;
  readonly stopHysteresisMinutes: number;
  readonly minimumOnMinutes: number;
  readonly minimumOffMinutes: number;
  readonly requireExcessSolar: boolean;
  readonly minimumExcessWatts: number | null;
  readonly maximumRuntimeHours: number | null;
  readonly preferTimeStart: number | null;
  readonly preferTimeEnd: number | null;
  readonly allowOutsideSchedule: boolean;
  readonly requireSunnyWeather: boolean;
  readonly minimumSolarProductionWatts: number | null;
  readonly enabled: boolean;
  readonly zoneId: string | null;
  readonly deviceIdentifier: string | null;
}

export interface HvacZone {
  readonly id: string;
  readonly zoneName: string;
  readonly tempTooHot: number | null;
  readonly tempHotOk: number | null;
  readonly tempTooCold: number | null;
  readonly tempColdOk: number | null;
  readonly exhaustFanEnabled: boolean;
  readonly exhaustFanDeviceId: string | null;
  readonly exhaustFanSpeedAuto: boolean;
  readonly exhaustFanMaxSpeed: number;
  readonly heatingEnabled: boolean;
  readonly heatingPriority1: HeatingSource;
  readonly heatingPriority2: HeatingSource;
  readonly heatingMinerId: string | null;
  readonly heaterDeviceId: string | null;
  readonly heaterPowerWatts: number | null;
  readonly onlyHeatWhenSolar: boolean;
  readonly minimumSolarForHeatingWatts: number | null;
  readonly blockChargingBelowTemp: number | null;
  readonly enabled: boolean;
  readonly temperatureSensorId: string | null;
}

export interface Override {
  readonly id: string;
  readonly loadId: string;
  readonly state: 'on' | 'off';
  readonly startsAt: number;
  readonly endsAt: number;
}

/** Resistance in use for sag compensation, its interval, Ω. Null = none known. */
export interface Resistance {
  readonly lowOhm: number;
  readonly highOhm: number;
}

export interface KernelConfig {
  readonly preferences: Preferences;
  readonly miners: readonly MinerProfile[];
  readonly zones: readonly HvacZone[];
  readonly overrides: readonly Override[];
  readonly controlMode: ControlMode;
  readonly resistance: Resistance | null;
  /** Poll intervals, for the maximum ages of control.md §7. */
  readonly polls: { readonly voltageSeconds: number; readonly otherSeconds: number };
  /** Loads stop once the newest good voltage is older than max(maximum age, this). */
  readonly failSafeSeconds: number;
  /** Whether some device can really block charging. */
  readonly canBlockCharging: boolean;
}

// ───────────────────────────────────────────────────────────── result

export interface DecideInput {
  readonly snapshot: Snapshot;
  readonly config: KernelConfig;
  readonly memory: Memory;
}

export interface DecideResult {
  readonly battery: BatteryAssessment;
  readonly budget: Budget;
  /** One per load, in the order they were served: heaters, miners by priority, fans. */
  readonly decisions: readonly Decision[];
  readonly chargePermission: ChargePermission;
  readonly zones: readonly ZoneAssessment[];
  readonly memory: Memory;
  readonly summary: Summary;
}

export interface BatteryAssessment {
  /** Newest good measurement. */
  readonly rawV: number | null;
  readonly rawAgeMs: number | null;
  /** raw − current × R; equals raw with compensation off. Null: unknown. */
  readonly controlV: number | null;
  readonly band: BatteryBand | 'UNKNOWN';
  readonly latched: boolean;
  /** From the calibration curve, an estimate for display. */
  readonly voltageSocPct: number | null;
  readonly reportedSocPct: number | null;
  /** The two differ by over 20 points: show both; neither decides. */
  readonly socDisagrees: boolean;
  readonly throttled: boolean;
  readonly stale: boolean;
}

export interface Budget {
  readonly pvW: number | null;
  /** Load less what our own loads draw. */
  readonly houseW: number | null;
  readonly surplusW: number | null;
  readonly reservedW: number;
  readonly poolW: number;
  /** What miners may still take from the bank before it is full again. */
  readonly poolEnergyLeftWh: number | null;
  readonly importing: boolean;
  readonly inverterHeadroomW: number | null;
}

export const GATE_NAMES = [
  'enabled',
  'override',
  'mode',
  'voltage-fresh',
  'band',
  'emergency-voltage',
  'start-voltage',
  'stop-voltage',
  'schedule',
  'sun',
  'excess',
  'available',
  'inverter',
  'import',
  'hold',
  'reachable',
  'state-known',
  'lock-out',
  'zone-temperature',
  'runtime',
  'predicted-voltage',
  'minimum-off',
  'minimum-on',
  'starts-per-day',
  'stagger',
  'displaced',
  'reserved-for-higher',
  'probe',
  'temperature',
  'charge-block',
  'heating-priority',
] as const;
export type GateName = (typeof GATE_NAMES)[number];

export interface Gate {
  readonly name: GateName;
  readonly pass: boolean;
  /** False: reported, but this input does not apply now (e.g. weather unknown). */
  readonly applies: boolean;
  readonly value: number | string | null;
  readonly limit: number | string | null;
  readonly unit: 'V' | 'W' | '°C' | 's' | 'h' | 'starts' | 'Wh' | '';
  readonly ageMs: number | null;
  /** One plain sentence, e.g. "52.3 V < 54.5 V". */
  readonly text: string;
}

export const FLIP_QUANTITIES = ['packVoltageV', 'pvW', 'loadW', 'zoneTemperatureC'] as const;
export type FlipQuantity = (typeof FLIP_QUANTITIES)[number];

/** The smallest change that changes the verdict (control.md §9). */
export type Flip =
  | {
      readonly kind: 'change';
      readonly target: 'START' | 'STOP' | 'EMERGENCY_STOP';
      readonly changes: readonly FlipChange[];
      readonly holdSeconds: number;
      readonly text: string;
    }
  | {
      readonly kind: 'owner' | 'device' | 'weather' | 'none';
      readonly until: number | null;
      readonly text: string;
    }
  | { readonly kind: 'missing'; readonly reading: string; readonly text: string };

export interface FlipChange {
  readonly quantity: FlipQuantity;
  readonly from: number;
  readonly to: number;
  readonly delta: number;
}

export interface Decision {
  readonly loadId: string;
  readonly kind: LoadKind;
  readonly name: string;
  readonly verdict: Verdict;
  /** First failing gate, or what made it stop; null when nothing binds. */
  readonly binding: GateName | null;
  /**
   * What the switch should be; null = leave as it is. In advisory mode, and for a load that is not controllable,
   * always null: the verdict says what would be done.
   */
  readonly desired: 'on' | 'off' | null;
  /** Fans: speed step when desired is on. */
  readonly fanSpeed: number | null;
  /** Power booked for it this tick, W. */
  readonly bookedW: number;
  /** It runs on hidden surplus of a throttled array. */
  readonly probe: boolean;
  /** When a hold or minimum time ends, epoch ms, if the inputs stay as they are. */
  readonly dueAt: number | null;
}

/** Built on demand by the code that decides. */
export interface Explanation {
  readonly loadId: string;
  readonly verdict: Verdict;
  readonly binding: GateName | null;
  /** One sentence an owner understands: "Start Primary S21+ (battery at 62 %)". */
  readonly sentence: string;
  readonly gates: readonly Gate[];
  readonly flip: Flip;
}

export interface ChargePermission {
  readonly permitted: boolean;
  /** Why not, or null. */
  readonly reason: string | null;
  readonly zoneIds: readonly string[];
  /** Blocked, but no device can carry it out. */
  readonly unenforceable: boolean;
}

export interface ZoneAssessment {
  readonly zoneId: string;
  readonly zoneName: string;
  readonly temperatureC: number | null;
  readonly ageMs: number | null;
  readonly wantsHeat: boolean;
  readonly heatingBy: HeatingSource;
  readonly wantsCooling: boolean;
  readonly chargingBlocked: boolean;
  readonly sentence: string;
}

/** A condition worth telling the owner about; raised once and cleared once by the worker, by `key`. */
export interface AlertCondition {
  readonly key: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly text: string;
}

export interface Summary {
  readonly sentence: string;
  readonly alerts: readonly AlertCondition[];
  /** Readings counted as missing, and why. */
  readonly badReadings: readonly { readonly reading: string; readonly reason: string }[];
}

// ───────────────────────────────────────────────────────────── memory

/**
 * What the kernel remembers between ticks: plain JSON, stored by the worker.
 * Its inner shape belongs to the kernel; others pass it on.
 */
export interface Memory {
  readonly schemaVersion: number;
  readonly [key: string]: unknown;
}
