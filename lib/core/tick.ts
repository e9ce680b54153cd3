import type { GateRun } from './gate-run';
import { type KernelMemory, type LoadMemory, NONE, type ZoneMemory } from './memory';
import type { Plan, PlannedLoad, PlannedZone } from './plan';
import type {
  BatteryBand,
  GateName,
  KernelConfig,
  LoadObservation,
  Override,
  Snapshot,
  Verdict,
  ZoneObservation,
} from './types';

/**
 * Everything one tick works on. Made by `openTick`, brought to a snapshot by `beginTick`, filled by one controller
 * after the other. A session goes on with the same one: nothing here outlives the next snapshot but the memory.
 */
export interface Tick {
  snapshot: Snapshot;
  readonly config: KernelConfig;
  readonly plan: Plan;
  /** The memory being written: before `beginTick` the last tick's, afterwards the next one's. */
  readonly memory: KernelMemory;
  now: number;
  /** Kernel time of this tick and how far it moved since the last, ms. */
  clock: number;
  dt: number;
  /** The last tick once more: what it began has not been begun before. */
  repeated: boolean;
  /** The local date moved forward. */
  newDay: boolean;
  /** Until the next moment at which time alone changes something, ms; Infinity when nothing is due. */
  nextMs: number;
  // Good, young readings; null when missing for whatever reason.
  rawV: number | null;
  currentA: number | null;
  batteryW: number | null;
  batteryTemperatureC: number | null;
  socPct: number | null;
  pvW: number | null;
  loadW: number | null;
  gridW: number | null;
  readonly badReadings: { readonly reading: string; readonly reason: string }[];

  /** A voltage with another `sampleAt` than the last one judged. */
  newVoltage: boolean;
  /** Age of the newest good voltage by kernel time, ms. */
  voltageAgeMs: number;
  voltageLost: boolean;
  controlV: number | null;
  /** R really taken out of the control voltage at this tick. */
  compensated: boolean;
  /** Compensation is on and no current fits the voltage: stops use raw, nothing starts. */
  currentMissing: boolean;
  /** W out of the bank; negative while charging; null unknown. */
  dischargeW: number | null;
  band: BatteryBand | 'UNKNOWN';
  latched: boolean;
  importing: boolean;
  throttledToStart: boolean;
  throttledToRun: boolean;
  /** PV > 0 under a clear sky of over 200 W. */
  sunIsUp: boolean;
  chargingBlocked: boolean;

  houseW: number | null;
  surplusW: number | null;
  /** What miners draw now: measured, else rated. */
  minersDrawW: number;
  reservedW: number;
  poolW: number;
  /** What miners may take of the bank between two times it is full, W·ms; null where its capacity is not known. */
  poolCapWms: number | null;
  /** The bank is charged for the house's night before miners have any of the sun. */
  nightFirst: boolean;
  /** Watts that ramping loads without a meter may add to the measured load. */
  unsureW: number;

  /** Some load is ramping or its start is under way. */
  ramping: LoadView | null;
  /** PV and load were sampled since the last one settled. */
  sampledSinceSettled: boolean;
  started: LoadView | null;
  probing: LoadView | null;

  readonly loads: LoadView[];
  readonly heaters: LoadView[];
  readonly miners: LoadView[];
  readonly fans: LoadView[];
  readonly zones: ZoneView[];
}

export interface LoadView {
  readonly plan: PlannedLoad;
  readonly id: string;
  readonly memory: LoadMemory;
  /** Null: no device is linked or nothing was seen of it. */
  observation: LoadObservation | null;
  readonly zone: ZoneView | null;
  readonly run: GateRun;
  override: Override | null;
  /** Switching is really carried out. */
  acts: boolean;
  /** Takes part in the budget while off: false for one that nothing is sent to. */
  books: boolean;
  on: boolean;
  unknown: boolean;
  /** No device at all: neither booked nor started. */
  absent: boolean;
  reachable: boolean;
  /** A start was sent at an earlier tick. */
  pending: boolean;
  /** A stop was sent at an earlier tick and still counts. */
  stopping: boolean;
  ramping: boolean;
  reserved: boolean;
  /** max(rating, measured), W. */
  drawW: number;
  measuredW: number | null;
  /** Surplus left before it, pool excluded, W. */
  leftW: number;
  /** The same after what is reserved for loads of higher priority that start within ten minutes. */
  unreservedW: number;
  carriedBeforeW: number;
  /** Heats its zone now: schedule, runtime, sun and excess do not count. */
  heats: boolean;
  /** A miner that heats a zone whose bank is frozen. */
  heatsFrozen: boolean;
  displacedBy: LoadView | null;

  verdict: Verdict;
  binding: GateName | null;
  desired: 'on' | 'off' | null;
  fanSpeed: number | null;
  bookedW: number;
  dueMs: number | null;
  asProbe: boolean;
}

export interface ZoneView {
  readonly plan: PlannedZone;
  readonly memory: ZoneMemory;
  observation: ZoneObservation | null;
  temperatureC: number | null;
  temperatureAgeMs: number | null;
  /** Charging is blocked for this zone or for the bank in it. */
  blocked: boolean;
  /** This and the next two: of the tick before, until heat is requested (heating.ts). */
  wantsHeat: boolean;
  /** The sun rule of its heating holds (or there is none). */
  sunAllows: boolean;
  /** Heating runs by the rules of a frozen bank. */
  frozen: boolean;
  fan: LoadView | null;
}

/** Whether `limitMs` have passed since `since`; if not, notes when they will have. */
export function reached(tick: Tick, since: number, limitMs: number): boolean {
  const left = since + limitMs - tick.clock;
  if (left <= 0) return true;
  if (left < tick.nextMs) tick.nextMs = left;
  return false;
}

/** Milliseconds until `limitMs` have passed since `since`; 0 when they have. */
export function remaining(tick: Tick, since: number, limitMs: number): number {
  return Math.max(0, since + limitMs - tick.clock);
}

/** The stamp of a condition: kept while it holds, set when it begins, cleared when it ends. */
export function since(tick: Tick, stamp: number, holds: boolean): number {
  if (!holds) return NONE;
  return stamp === NONE ? tick.clock : stamp;
}

/** Something is due that only the next tick can tell. */
export function lookAgain(tick: Tick): void {
  if (tick.nextMs > 1) tick.nextMs = 1;
}
