import { CHARGE_STAGES, type KernelConfig } from '../types';
import { HOUR_MS } from '../units';
import { isLifepo4, RestCurve } from './rest-curve';
import { spanMs } from './scene';
import type { ReplayHistory } from './types';

/** Stands in for an unknown capacity, Ah. */
const UNKNOWN_AH = 300;
/** Charge current below which a bank held at float is full, and below which one is at rest, in C. */
const FULL_TAIL_C = 0.05;
const REST_C = 0.02;
/** A change of current that shows the resistance, in C. */
const STEP_C = 0.02;
const FEWEST_STEPS = 20;
/** Beyond these an estimate is not a resistance, Ω; without one control.md's stand-in serves. */
const LOWEST_OHM = 0.0005;
const HIGHEST_OHM = 0.05;
const UNKNOWN_OHM = 0.005;
/** A charger without a record of its own: half a capacity per hour. */
const USUAL_CHARGE_C = 0.5;
const FLOAT_STAGE = CHARGE_STAGES.indexOf('float');
const UNKNOWN_STAGE = CHARGE_STAGES.indexOf('unknown');
/** Of a LiFePO4 bank; a straight line is as well read by voltage as by counting there. */
const STEEP_ABOVE = 0.985;
const STEEP_BELOW = 0.1;
const FULL_TAIL_MS = 30 * 60_000;

/** The bank as it was: what a re-simulation moves away from. */
export interface Bank {
  readonly rest: RestCurve;
  readonly capacityAh: number;
  /** Within a minute of a change of current, Ω. */
  readonly ohm: number;
  /** Half the gap between charge and discharge branch at rest, V of the pack. */
  readonly hysteresisV: number;
  /** Largest charge current that the charger has shown, A. */
  readonly chargeLimitA: number;
  /** By row: current, A, + = charging, from whichever meter knows it; 0 where none does. */
  readonly currentA: Float64Array;
  /** By row: state of charge, 0–1, counted from the times the bank was full. */
  readonly soc: Float64Array;
}

/** A lab cell's 0.022 V per cell, 16 of them at 51.2 V. */
const HYSTERESIS_PER_NOMINAL = (16 * 0.022) / 51.2;

export function bankOf(history: ReplayHistory, config: KernelConfig): Bank {
  const { preferences } = config;
  const rest = new RestCurve(preferences);
  const capacityAh = preferences.batteryCapacityAh ?? UNKNOWN_AH;
  const currentA = currentOf(history);
  const ohm = ohmOf(history, currentA, config, capacityAh);
  return {
    rest,
    capacityAh,
    ohm,
    hysteresisV: isLifepo4(preferences.batteryChemistry)
      ? HYSTERESIS_PER_NOMINAL * preferences.batteryNominalVoltage
      : 0,
    chargeLimitA: Math.max(USUAL_CHARGE_C * capacityAh * 0.2, largest(currentA)),
    currentA,
    soc: socOf(history, { currentA, ohm, rest, capacityAh, floatV: preferences.voltageFloat }),
  };
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

function currentOf(history: ReplayHistory): Float64Array {
  return history.at.map((_, row) => {
    const amps = history.currentA[row] ?? Number.NaN;
    if (!Number.isNaN(amps)) return amps;
    const volts = history.packVoltageV[row] ?? Number.NaN;
    const watts = history.batteryW[row] ?? Number.NaN;
    const balanceW = (history.pvW[row] ?? 0) + (history.gridW[row] ?? 0) - (history.loadW[row] ?? Number.NaN);
    const fromW = (Number.isNaN(watts) ? balanceW : watts) / volts;
    return Number.isNaN(fromW) ? 0 : fromW;
  });
}

/** From settings where they know it, else by least squares over the steps of current in the log. */
function ohmOf(
  { packVoltageV }: ReplayHistory,
  currentA: Float64Array,
  { resistance, preferences }: KernelConfig,
  capacityAh: number,
): number {
  if (resistance !== null) return (resistance.lowOhm + resistance.highOhm) / 2;
  if (preferences.internalResistanceMohm !== null) return preferences.internalResistanceMohm / 1000;
  let product = 0;
  let square = 0;
  let steps = 0;
  for (let row = 1; row < currentA.length; row++) {
    const amps = (currentA[row] ?? 0) - (currentA[row - 1] ?? 0);
    const volts = (packVoltageV[row] ?? Number.NaN) - (packVoltageV[row - 1] ?? Number.NaN);
    if (Math.abs(amps) < STEP_C * capacityAh || Number.isNaN(volts)) continue;
    product += volts * amps;
    square += amps * amps;
    steps++;
  }
  const ohm = product / square;
  return steps >= FEWEST_STEPS && ohm >= LOWEST_OHM && ohm <= HIGHEST_OHM ? ohm : UNKNOWN_OHM;
}

interface Counting {
  readonly currentA: Float64Array;
  readonly ohm: number;
  readonly rest: RestCurve;
  readonly capacityAh: number;
  readonly floatV: number;
}

/** Counts charge between the times the bank was full, and spreads what is left over between two of them. */
function socOf(history: ReplayHistory, counting: Counting): Float64Array {
  const { currentA, capacityAh } = counting;
  const rows = history.at.length;
  const soc = new Float64Array(rows);
  const full = fullRows(history, counting);
  let counted = 0;
  let anchor = -1;
  for (let row = 0; row < rows; row++) {
    soc[row] = counted;
    if (full[row] === 1) {
      settle(soc, anchor, row);
      anchor = row;
      counted = 1;
    }
    counted += ((currentA[row] ?? 0) * spanMs(history, row)) / HOUR_MS / capacityAh;
    if (anchor >= 0 && counted > 1) counted = 1;
  }
  if (anchor < 0) shift(soc, rows, restOffset(history, counting, soc));
  return soc.map((value, row) => byVoltage(history, counting, row, Math.min(1, Math.max(0, value))));
}

/** Where the rest curve is steep, voltage tells the charge better than counting does. */
function byVoltage(history: ReplayHistory, counting: Counting, row: number, counted: number): number {
  const { currentA, ohm, rest } = counting;
  const restV = (history.packVoltageV[row] ?? Number.NaN) - 2 * ohm * (currentA[row] ?? 0);
  if (Number.isNaN(restV)) return counted;
  const soc = rest.soc(restV);
  if (soc > STEEP_ABOVE || soc < STEEP_BELOW) return soc;
  return Math.min(STEEP_ABOVE, Math.max(STEEP_BELOW, counted));
}

/** By row: 1 where the charger said float, or, where it says nothing, held the bank there for half an hour. */
function fullRows(history: ReplayHistory, counting: Counting): Uint8Array {
  const { chargeStage, packVoltageV, at } = history;
  const full = new Uint8Array(at.length);
  let heldSince = Number.NaN;
  for (let row = 0; row < full.length; row++) {
    const tail = (counting.currentA[row] ?? 0) / counting.capacityAh;
    const rests = tail <= FULL_TAIL_C && tail >= -REST_C;
    const silent = chargeStage[row] === UNKNOWN_STAGE;
    const held = rests && silent && (packVoltageV[row] ?? 0) >= counting.floatV;
    if (!held) heldSince = Number.NaN;
    else if (Number.isNaN(heldSince)) heldSince = at[row] ?? 0;
    if (held ? (at[row] ?? 0) - heldSince >= FULL_TAIL_MS : rests && chargeStage[row] === FLOAT_STAGE) {
      full[row] = 1;
    }
  }
  return full;
}

/** Makes the count reach 1 at `row`, by a shift before the first anchor, by degrees between two. */
function settle(soc: Float64Array, anchor: number, row: number): void {
  const missing = 1 - (soc[row] ?? 1);
  if (anchor < 0) {
    shift(soc, row + 1, missing);
    return;
  }
  for (let i = anchor + 1; i <= row; i++) soc[i] = (soc[i] ?? 0) + (missing * (i - anchor)) / (row - anchor);
}

function shift(soc: Float64Array, rows: number, by: number): void {
  for (let i = 0; i < rows; i++) soc[i] = (soc[i] ?? 0) + by;
}

/** Never full: what the voltage says at rest, on average, above what was counted. */
function restOffset(history: ReplayHistory, counting: Counting, soc: Float64Array): number {
  const { currentA, ohm, rest, capacityAh } = counting;
  let sum = 0;
  let count = 0;
  for (let row = 0; row < soc.length; row++) {
    const volts = history.packVoltageV[row] ?? Number.NaN;
    const amps = currentA[row] ?? 0;
    if (Number.isNaN(volts) || Math.abs(amps) > 5 * REST_C * capacityAh) continue;
    sum += rest.soc(volts - amps * ohm) - (soc[row] ?? 0);
    count++;
  }
  return count === 0 ? 0.5 : sum / count;
}
