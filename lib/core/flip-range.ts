import { TEMPERATURE_LIMITS_C, VOLTAGE_MARGIN_V } from './sanitise';
import type { LoadView, Tick } from './tick';
import { FLIP_QUANTITIES, type FlipQuantity, type Gate } from './types';

/** The smallest step of each quantity (control.md §9), as steps per unit so that multiples are exact. */
const STEPS_PER_UNIT: Readonly<Record<FlipQuantity, number>> = {
  packVoltageV: 100,
  pvW: 0.1,
  loadW: 0.1,
  zoneTemperatureC: 10,
};
/** Plausible limits where the configuration names none. */
const LARGEST_POWER_W = 50_000;
const FAR_TOO_HOT_C = 5;
/** How far apart two causes are, per unit: a bank's span, an array's power, a room's seasons. */
const TEMPERATURE_SPAN_C = 20;

/** A quantity's plausible extremes in steps away from where it is, in the order to be tried. */
export interface Range {
  readonly quantity: FlipQuantity;
  readonly from: number;
  readonly extremes: readonly number[];
  /** Where the kernel is likely to change its mind, in steps away from where it is: what a search tries first. */
  readonly breakPoints: readonly number[];
}

/** Every quantity that could plausibly be another, for a start or a stop of this load. */
export function rangesOf(
  tick: Tick,
  load: LoadView,
  starts: boolean,
  gates: readonly Gate[],
): readonly Range[] {
  return FLIP_QUANTITIES.map((quantity) => {
    const range = rangeOf(tick, load, starts, quantity);
    return range && { ...range, breakPoints: breakPointsOf(tick, load, range, gates) };
  }).filter((range) => range !== null);
}

type Extent = Omit<Range, 'breakPoints'>;

function rangeOf(tick: Tick, load: LoadView, starts: boolean, quantity: FlipQuantity): Extent | null {
  const { preferences } = tick.config;
  const perUnit = STEPS_PER_UNIT[quantity];
  const range = (from: number | null, extremes: readonly number[]): Extent | null => {
    if (from === null) return null;
    const steps = extremes
      .map((to) => (to > from ? Math.floor : Math.ceil)(rounded((to - from) * perUnit)))
      .filter((k) => k !== 0);
    return steps.length === 0 ? null : { quantity, from, extremes: steps };
  };
  switch (quantity) {
    case 'packVoltageV':
      return range(tick.rawV, voltages(tick, load, starts));
    case 'pvW':
      return range(tick.pvW, [starts ? 2 * (preferences.pvArrayWatts ?? LARGEST_POWER_W / 2) : 0]);
    case 'loadW':
      return range(tick.loadW, [starts ? 0 : 2 * (preferences.inverterMaxWatts ?? LARGEST_POWER_W / 2)]);
    case 'zoneTemperatureC':
      return range(load.zone?.temperatureC ?? null, temperatures(load, starts));
  }
}

function voltages(tick: Tick, load: LoadView, starts: boolean): readonly number[] {
  const { batteryAbsoluteMax, batteryAbsoluteMin, voltageCriticalLow } = tick.config.preferences;
  if (!starts) return [batteryAbsoluteMin - VOLTAGE_MARGIN_V];
  const highest = batteryAbsoluteMax + VOLTAGE_MARGIN_V;
  // A second heating source gets its turn when the voltage is too low for the first.
  return load.plan.kind === 'heater' ? [highest, voltageCriticalLow + 0.01] : [highest];
}

/** The limits of its zone at which something changes for this load, nearest first. */
function temperatures(load: LoadView, starts: boolean): readonly number[] {
  const zone = load.plan.zone;
  const from = load.zone?.temperatureC ?? null;
  if (zone === null || from === null) return [];
  const { tempTooHot, tempHotOk, tempTooCold, tempColdOk, blockChargingBelowTemp } = zone;
  const limits =
    load.plan.kind === 'miner'
      ? starts
        ? [
            tempTooHot === null ? null : tempTooHot - 0.1,
            tempHotOk,
            tempTooCold,
            tempColdOk,
            above(blockChargingBelowTemp),
          ]
        : [tempTooHot, tempTooHot === null ? null : tempTooHot + FAR_TOO_HOT_C, tempColdOk]
      : load.plan.kind === 'heater'
        ? starts
          ? [tempTooCold, tempColdOk === null ? null : tempColdOk - 0.1, below(blockChargingBelowTemp)]
          : [tempColdOk, tempHotOk, tempTooHot, above(blockChargingBelowTemp)]
        : starts
          ? [tempTooHot]
          : [tempHotOk];
  const { low, high } = TEMPERATURE_LIMITS_C;
  return limits
    .filter((t) => t !== null)
    .filter((t) => t > low && t < high)
    .sort((a, b) => Math.abs(a - from) - Math.abs(b - from));
}

function breakPointsOf(tick: Tick, load: LoadView, range: Extent, gates: readonly Gate[]): readonly number[] {
  const { quantity, from } = range;
  const perUnit = STEPS_PER_UNIT[quantity];
  const points = limitsOf(tick, load, range, gates).flatMap((to) => {
    const step = Math.floor(rounded((to - from) * perUnit));
    // The limit itself, and the step on either side of it.
    return [step - 1, step, step + 1, step + 2];
  });
  return [...new Set(points)].sort((a, b) => a - b);
}

/** Values of a quantity that some rule for this load compares with. */
function limitsOf(
  tick: Tick,
  load: LoadView,
  { quantity, from }: Extent,
  gates: readonly Gate[],
): readonly number[] {
  if (quantity === 'zoneTemperatureC') {
    return [...temperatures(load, true), ...temperatures(load, false)];
  }
  const unit = quantity === 'packVoltageV' ? 'V' : 'W';
  const limits: number[] = [];
  for (const gate of gates) {
    if (gate.unit !== unit || typeof gate.value !== 'number' || typeof gate.limit !== 'number') continue;
    const missing = gate.limit - gate.value;
    if (quantity === 'loadW' && gate.name !== 'inverter') limits.push(from - missing);
    else limits.push(from + missing);
  }
  if (quantity !== 'packVoltageV') return limits;
  const { voltageCriticalLow, voltageLow, voltageOptimalMin, voltageOptimalMax, voltageRestart } =
    tick.config.preferences;
  const sagV = from - (tick.controlV ?? from);
  for (const limit of [voltageLow, voltageRestart, voltageOptimalMin, voltageOptimalMax]) {
    limits.push(limit + sagV);
  }
  limits.push(voltageCriticalLow);
  if (load.plan.miner !== null) limits.push(load.plan.miner.stopVoltage + sagV);
  return limits;
}

/** How far two values of a quantity can reasonably be apart: what makes volts and watts comparable. */
export function spanOf(tick: Tick, quantity: FlipQuantity): number {
  const { preferences } = tick.config;
  switch (quantity) {
    case 'packVoltageV':
      return preferences.voltageAt100Percent - preferences.voltageAt0Percent;
    case 'pvW':
    case 'loadW':
      return preferences.pvArrayWatts ?? LARGEST_POWER_W;
    case 'zoneTemperatureC':
      return TEMPERATURE_SPAN_C;
  }
}

/** Where a charge block ends, and where it begins, °C. */
function above(limit: number | null): number | null {
  return limit === null ? null : limit + 2;
}
function below(limit: number | null): number | null {
  return limit === null ? null : limit - 0.1;
}

/** The quantity so many of its smallest steps away. */
export function valueAt(range: Range, steps: number): number {
  return rounded(range.from + steps / STEPS_PER_UNIT[range.quantity]);
}

/** To a millivolt, milliwatt, thousandth of a degree: sums of decimal steps are not exact. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
