import { type KernelMemory, NONE } from './memory';
import { lookAgain, reached, type Tick } from './tick';
import type { MaybeReading, Snapshot } from './types';

/** Beyond the bank's absolute limits by more than this, a voltage is a broken sensor, V. */
export const VOLTAGE_MARGIN_V = 3;
const FROZEN_MS = 10 * 60_000;
/** A sensor's step until a smaller change was seen, V: the coarsest in use. */
const COARSE_STEP_V = 0.1;
/** Meters that dither around zero (control.md §7). */
const NEGATIVE_NOISE_W = -100;
/** Sentinels of broken probes (−127, −40…, 999) lie outside, °C. */
export const TEMPERATURE_LIMITS_C = { low: -60, high: 120 } as const;

/** The value of a young reading, or null. A sample from the future beyond the maximum age counts as missing. */
export function young(reading: MaybeReading, maxAgeMs: number): number | null {
  if (reading === null || reading === undefined) return null;
  const { value, ageMs } = reading;
  return Number.isFinite(value) && ageMs <= maxAgeMs && ageMs >= -maxAgeMs ? value : null;
}

/** A plausible zone or battery temperature in °C, or null. */
export function youngTemperature(tick: Tick, reading: MaybeReading, name: string): number | null {
  const value = young(reading, tick.plan.otherMaxAgeMs);
  if (value === null) return null;
  if (value > TEMPERATURE_LIMITS_C.low && value < TEMPERATURE_LIMITS_C.high) return value;
  report(tick, name, `${value} °C is no temperature`);
  return null;
}

/** Fills the tick with what can be believed of the snapshot's readings (control.md §7). */
export function readInputs(tick: Tick): void {
  const { snapshot, plan, config } = tick;
  const { battery, power } = snapshot;
  const { preferences } = config;

  if (everythingZero(snapshot)) {
    report(tick, 'all readings', 'everything is 0 at once');
  } else {
    tick.currentA = young(battery.currentA, plan.otherMaxAgeMs);
    tick.batteryW = young(battery.powerW, plan.otherMaxAgeMs);
    tick.gridW = young(power.gridW, plan.otherMaxAgeMs);
    tick.pvW = powerOf(tick, power.pvW, 'PV power', preferences.pvArrayWatts, 'array');
    tick.loadW = powerOf(tick, power.loadW, 'load power', preferences.inverterMaxWatts, 'inverter');
    const voltageV = plausibleVoltage(tick);
    judgeFrozenCurrent(tick, voltageV);
    takeVoltage(tick, voltageV);
  }
  tick.batteryTemperatureC = youngTemperature(tick, battery.temperatureC, 'battery temperature');
  tick.socPct = plausibleSoc(tick);

  const { memory, clock } = tick;
  if (memory.goodVoltageSince === NONE) {
    const age = battery.packVoltageV?.ageMs ?? 0;
    memory.goodVoltageSince = clock - Math.max(0, Number.isFinite(age) ? age : 0);
  }
  if (tick.rawV === null) ageByReading(tick);
  tick.voltageAgeMs = clock - memory.goodVoltageSince;
  tick.voltageLost = tick.rawV === null && reached(tick, memory.goodVoltageSince, plan.failSafeMs + 1);
  tick.dischargeW = dischargeOf(tick);
}

/** Across a gap the kernel's clock knows less than the reading: the newest good sample is as old as it says. */
function ageByReading({ snapshot, memory, clock }: Tick): void {
  const reading = snapshot.battery.packVoltageV;
  if (reading === null || !Number.isFinite(reading.ageMs) || reading.sampleAt < memory.voltageSampleAt)
    return;
  memory.goodVoltageSince = Math.min(memory.goodVoltageSince, clock - reading.ageMs);
}

function report(tick: Tick, reading: string, reason: string): void {
  tick.badReadings.push({ reading, reason });
}

function everythingZero({ battery, power }: Snapshot): boolean {
  // A voltage other than 0 settles it, and without one it may simply be night.
  if (battery.packVoltageV === null || battery.packVoltageV.value !== 0) return false;
  const readings = [
    battery.packVoltageV,
    battery.currentA,
    battery.powerW,
    power.pvW,
    power.loadW,
    power.gridW,
  ].filter((reading) => reading !== null);
  return readings.length >= 2 && readings.every((reading) => reading.value === 0);
}

function plausibleVoltage(tick: Tick): number | null {
  const { preferences } = tick.config;
  const value = young(tick.snapshot.battery.packVoltageV, tick.plan.voltageMaxAgeMs);
  if (value === null) return null;
  const low = preferences.batteryAbsoluteMin - VOLTAGE_MARGIN_V;
  const high = preferences.batteryAbsoluteMax + VOLTAGE_MARGIN_V;
  if (value >= low && value <= high) return value;
  report(tick, 'battery voltage', `${value} V is outside ${low} to ${high} V`);
  return null;
}

function powerOf(
  tick: Tick,
  reading: MaybeReading,
  name: string,
  ratingW: number | null,
  of: string,
): number | null {
  const value = young(reading, tick.plan.otherMaxAgeMs);
  if (value === null) return null;
  if (value < NEGATIVE_NOISE_W) {
    report(tick, name, `${value} W is below ${NEGATIVE_NOISE_W} W`);
    return null;
  }
  if (ratingW !== null && value > 2 * ratingW) {
    report(tick, name, `${value} W is beyond twice the ${of}'s ${ratingW} W`);
    return null;
  }
  return Math.max(value, 0);
}

function plausibleSoc(tick: Tick): number | null {
  const value = young(tick.snapshot.battery.reportedSocPct, tick.plan.otherMaxAgeMs);
  if (value === null) return null;
  if (value >= 0 && value <= 100) return value;
  report(tick, 'reported SoC', `${value} % is outside 0 to 100 %`);
  return null;
}

/** Accepts the voltage, unless it stood still while the current moved. */
function takeVoltage(tick: Tick, voltageV: number | null): void {
  const { memory, clock, snapshot } = tick;
  const reading = snapshot.battery.packVoltageV;
  if (voltageV === null || reading === null) return;
  if (judgeFrozenVoltage(tick, voltageV)) {
    report(tick, 'battery voltage', `${voltageV} V has not moved for 10 min while the current did`);
    memory.goodVoltageSince = Math.min(
      memory.goodVoltageSince === NONE ? clock : memory.goodVoltageSince,
      memory.frozenVSince,
    );
    return;
  }
  tick.rawV = voltageV;
  tick.newVoltage = memory.voltageSampleAt !== reading.sampleAt;
  memory.voltageSampleAt = reading.sampleAt;
  memory.goodVoltageV = voltageV;
  memory.goodVoltageSince = clock - Math.max(0, reading.ageMs);
}

/** Follows how long the voltage has not changed and how far the current went meanwhile. */
function judgeFrozenVoltage(tick: Tick, voltageV: number): boolean {
  const { memory, currentA, clock } = tick;
  if (memory.frozenV !== voltageV) {
    if (memory.frozenV !== null) learnStep(memory, Math.abs(voltageV - memory.frozenV));
    memory.frozenV = voltageV;
    memory.frozenVSince = clock;
    memory.currentMinA = currentA ?? Number.MAX_VALUE;
    memory.currentMaxA = currentA ?? -Number.MAX_VALUE;
    return false;
  }
  if (currentA !== null) {
    if (currentA < memory.currentMinA) memory.currentMinA = currentA;
    if (currentA > memory.currentMaxA) memory.currentMaxA = currentA;
  }
  const moved = memory.currentMaxA - memory.currentMinA;
  return moved > (3 * stepOf(memory)) / tick.plan.frozenOhm && reached(tick, memory.frozenVSince, FROZEN_MS);
}

function judgeFrozenCurrent(tick: Tick, voltageV: number | null): void {
  const { memory, currentA, clock } = tick;
  if (currentA === null || voltageV === null) return;
  if (memory.frozenA !== currentA) {
    memory.frozenA = currentA;
    memory.frozenASince = clock;
    memory.voltageMinV = voltageV;
    memory.voltageMaxV = voltageV;
    return;
  }
  if (voltageV < memory.voltageMinV) memory.voltageMinV = voltageV;
  if (voltageV > memory.voltageMaxV) memory.voltageMaxV = voltageV;
  if (currentA === 0) return;
  const moved = memory.voltageMaxV - memory.voltageMinV;
  // Half a step of slack: sums of decimal steps are not exact.
  if (moved < 4.5 * stepOf(memory) || !reached(tick, memory.frozenASince, FROZEN_MS)) return;
  report(tick, 'battery current', `${currentA} A has not moved for 10 min while the voltage did`);
  tick.currentA = null;
}

function stepOf(memory: KernelMemory): number {
  return memory.voltageStepV === 0 ? COARSE_STEP_V : memory.voltageStepV;
}

function learnStep(memory: KernelMemory, changeV: number): void {
  const step = Math.round(changeV * 1000) / 1000;
  if (step > 0 && step < stepOf(memory)) memory.voltageStepV = step;
}

/** W that the bank gives (negative: takes), by its own meter, else by volts and amperes, else by the balance. */
function dischargeOf(tick: Tick): number | null {
  if (tick.batteryW !== null) return -tick.batteryW;
  if (tick.rawV !== null && tick.currentA !== null) return Math.round(-tick.rawV * tick.currentA);
  if (tick.loadW !== null && tick.pvW !== null && tick.gridW !== null) {
    return tick.loadW - tick.pvW - tick.gridW;
  }
  return null;
}

/** Power that must be missing for half an hour before loads that live by it stop (control.md §7). */
const SURPLUS_MISSING_MS = 30 * 60_000;

/** Whether PV or load has been missing for so long that what lives by surplus stops. */
export function surplusLost(tick: Tick): boolean {
  const { memory } = tick;
  const missing = tick.pvW === null || tick.loadW === null;
  if (!missing) memory.surplusMissingSince = NONE;
  else if (memory.surplusMissingSince === NONE) memory.surplusMissingSince = tick.clock;
  return missing && reached(tick, memory.surplusMissingSince, SURPLUS_MISSING_MS);
}

/** Samples in a row that must agree before an own emergency counts. */
export const EMERGENCY_SAMPLES = 2;

/** Readings in a row at or below a limit, at most two; a repeated sample does not count again. */
export function countSamples(tick: Tick, count: number, limitV: number): number {
  if (tick.rawV === null || !tick.newVoltage) return count;
  if (tick.rawV > limitV) return 0;
  if (count + 1 < EMERGENCY_SAMPLES) {
    lookAgain(tick);
    return count + 1;
  }
  return EMERGENCY_SAMPLES;
}
