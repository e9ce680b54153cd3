import type { BatteryBand, LoadKind } from '../types';

/**
 * The past as a replay reads it: one column per quantity, all of one length, a row per tick. NaN is unknown.
 * Signs and units are those of `Snapshot`. A month of minutes is about 5 MB and can be handed to a web worker.
 */
export interface ReplayHistory {
  /** Nominal distance of two rows, s. Rows further apart have a gap between them. */
  readonly tickSeconds: number;
  /** Epoch ms, ascending. */
  readonly at: Float64Array;
  /** What the owner's clock is ahead of UTC, min. */
  readonly utcOffsetMinutes: Float64Array;
  readonly packVoltageV: Float64Array;
  readonly currentA: Float64Array;
  readonly batteryW: Float64Array;
  readonly batteryTemperatureC: Float64Array;
  readonly pvW: Float64Array;
  readonly loadW: Float64Array;
  readonly gridW: Float64Array;
  readonly clearSkyW: Float64Array;
  /** Index into `CHARGE_STAGES`. */
  readonly chargeStage: Uint8Array;
  /** Index into `SUNNY`. */
  readonly sunny: Uint8Array;
  /** By load id. */
  readonly loads: Readonly<Record<string, LoadHistory>>;
  /** Air temperature by zone id, °C. */
  readonly zones: Readonly<Record<string, Float64Array>>;
  /**
   * Rows from here on were decided by the present settings in automatic mode, so that a replay of these can be
   * held against them; null when there are none.
   */
  readonly comparableFrom: number | null;
}

export interface LoadHistory {
  readonly kind: LoadKind;
  /** Index into `LOAD_STATES`; `NOT_SEEN` where nothing was known of it. */
  readonly state: Uint8Array;
  /** Measured draw, W; NaN without a meter. */
  readonly powerW: Float64Array;
  /** Its draw is contained in `loadW`. */
  readonly insideMeasuredLoad: boolean;
}

export const SUNNY = ['yes', 'no', 'unknown'] as const;
export const NOT_SEEN = 255;

/** Band minutes beside the six bands: no good voltage. */
export type ReplayBand = BatteryBand | 'UNKNOWN';

export interface LoadReport {
  readonly loadId: string;
  readonly kind: LoadKind;
  readonly name: string;
  /** From off to on and from on to off, each one switch. */
  readonly switches: number;
  readonly starts: number;
  readonly emergencyStops: number;
  readonly runHours: number;
  /** Of measured draw, else of the rating; 0 for fans. */
  readonly kwh: number;
  /** Epoch ms: from, to, from, to, … ascending. */
  readonly onSpans: Float64Array;
}

/** Voltage for a chart: lowest and highest of equal bins; a bin without any voltage is left out. */
export interface VoltageTimeline {
  readonly at: Float64Array;
  readonly minV: Float64Array;
  readonly maxV: Float64Array;
}

/** What happened, or would have, from the first to the last row. */
export interface ReplayReport {
  readonly from: number;
  readonly to: number;
  readonly ticks: number;
  /** Without the gaps. */
  readonly hours: number;
  /** In the order of service. */
  readonly loads: readonly LoadReport[];
  /** Of miners and heaters. */
  readonly switchesPerDay: number;
  /** Of miners. */
  readonly minedKwh: number;
  readonly bandMinutes: Readonly<Record<ReplayBand, number>>;
  readonly lowestVoltageV: number | null;
  readonly lowestVoltageAt: number | null;
  readonly pvKwh: number;
  readonly importKwh: number;
  /** Into and out of the bank. */
  readonly chargedKwh: number;
  readonly dischargedKwh: number;
  /** Violations by invariant, where they were asked for; else null. */
  readonly invariants: Readonly<Record<string, number>> | null;
  readonly voltage: VoltageTimeline;
}

/** How far a re-simulation of the settings that were in force is from what was logged. */
export interface ReplayError {
  readonly from: number;
  readonly hours: number;
  readonly voltageMeanAbsV: number;
  readonly voltageP95AbsV: number;
  /** Of miners and heaters, per day: re-simulated less logged, and logged. */
  readonly switchesPerDay: number;
  readonly loggedSwitchesPerDay: number;
  readonly kwh: number;
  readonly loggedKwh: number;
}

/** Changed less today. */
export interface ReplayDifference {
  readonly switchesPerDay: number;
  readonly minedKwh: number;
  readonly lowestVoltageV: number | null;
  readonly pvKwh: number;
  readonly importKwh: number;
  readonly bandMinutes: Readonly<Record<ReplayBand, number>>;
  /** By load id; a load that one of the two does not have counts as 0 there. */
  readonly loads: Readonly<
    Record<string, { readonly switches: number; readonly runHours: number; readonly kwh: number }>
  >;
}

export interface WhatIf {
  readonly today: ReplayReport;
  readonly changed: ReplayReport;
  readonly difference: ReplayDifference;
  /** Null while less than a day can be compared with what was logged. */
  readonly error: ReplayError | null;
}
