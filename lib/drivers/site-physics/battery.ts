/**
 * A LiFePO4 bank of 16 cells in series: open-circuit voltage with hysteresis, ohmic and two polarisation
 * resistances, one temperature. Current + = charging.
 */

const CELLS = 16;
/** Rest voltage of 16 cells by state of charge. 10–100 %: lab cell; 3 %: 47 V; 0 %: a typical sheet, assumed. */
const OCV_POINTS: readonly (readonly [soc: number, volt: number])[] = [
  [0, 40],
  [0.03, 47],
  [0.1, 51.15],
  [0.2, 51.75],
  [0.3, 52.32],
  [0.4, 52.67],
  [0.5, 52.79],
  [0.6, 52.86],
  [0.7, 52.97],
  [0.8, 53.35],
  [0.9, 53.48],
  [0.98, 53.58],
  [1, 56.5],
];
/** Half the gap between the charge and the discharge branch at rest, V per cell (0.017–0.030 measured). */
const HYSTERESIS_CELL_V = 0.022;
/** Voltage per cell and kelvin away from 25 °C, V; the middle of the range of charge, assumed for all of it. */
const ENTROPY_CELL_V_PER_K = 1e-4;
/** Current, as a share of the bank, over which hysteresis turns by one time constant. */
const HYSTERESIS_SWING = 0.03;
const COULOMB_EFFICIENCY = 0.998;
/** 2.5 % a month. */
const SELF_DISCHARGE_PER_S = 0.025 / (30 * 86_400);

export interface BatteryParameters {
  /** Ah of one string. */
  readonly stringAh: number;
  readonly strings: number;
  /** One string at 25 °C, Ω: at once (≤ 5 s), within a minute, within an hour. */
  readonly ohmicOhm: number;
  readonly fastOhm: number;
  readonly slowOhm: number;
  readonly fastTauS: number;
  readonly slowTauS: number;
  /** Cables and bus bars in series with the whole bank, Ω. */
  readonly cablesOhm: number;
  /** One string: J/K and W/K to the room. */
  readonly heatCapacity: number;
  readonly heatLoss: number;
  /** Limits of the management system in C. */
  readonly chargeC: number;
  readonly dischargeC: number;
}

/** Strings of about 300 Ah: R over one minute is the measured 8.2 mΩ, over an hour 15.5 mΩ per string. */
export function batteryParameters(capacityAh: number): BatteryParameters {
  const strings = Math.max(1, Math.round(capacityAh / 300));
  return {
    strings,
    stringAh: capacityAh / strings,
    ohmicOhm: 0.0055,
    fastOhm: 0.002,
    slowOhm: 0.008,
    fastTauS: 15,
    slowTauS: 600,
    cablesOhm: 0.001,
    heatCapacity: 86_000,
    heatLoss: 4,
    chargeC: 0.5,
    dischargeC: 1,
  };
}

/** Plain JSON. */
export interface BatteryState {
  /** State of charge, 0–1. */
  soc: number;
  fastV: number;
  slowV: number;
  /** −1 on the discharge branch, +1 on the charge branch. */
  hysteresis: number;
  temperatureC: number;
  /** What flowed during the last step, A, and the voltage at its terminals, V. */
  currentA: number;
  voltageV: number;
  /** What the last step turned into heat, W. */
  heatW: number;
}

export function restingBattery(soc: number, temperatureC: number): BatteryState {
  const state = { soc, fastV: 0, slowV: 0, hysteresis: 0, temperatureC, currentA: 0, voltageV: 0, heatW: 0 };
  state.voltageV = emfV(state);
  return state;
}

/** Rest voltage of the pack without hysteresis, V, at a state of charge 0–1. */
export function openCircuitV(soc: number): number {
  const z = Math.min(1, Math.max(0, soc));
  let low = OCV_POINTS[0];
  for (const high of OCV_POINTS) {
    if (low && z <= high[0]) {
      const width = high[0] - low[0];
      return width === 0 ? high[1] : low[1] + ((high[1] - low[1]) * (z - low[0])) / width;
    }
    low = high;
  }
  return 56.5;
}

/** Pack voltage behind the ohmic resistance, V. */
export function emfV(state: BatteryState): number {
  return (
    openCircuitV(state.soc) +
    CELLS * (state.hysteresis * HYSTERESIS_CELL_V + (state.temperatureC - 25) * ENTROPY_CELL_V_PER_K) +
    state.fastV +
    state.slowV
  );
}

/** Ohmic resistance of the whole bank with its cables now, Ω. */
export function ohmicOhm(state: BatteryState, parameters: BatteryParameters, charging: boolean): number {
  return (
    (parameters.ohmicOhm * coldFactor(state.temperatureC, charging) * emptyFactor(state.soc, charging)) /
      parameters.strings +
    parameters.cablesOhm
  );
}

const STEP_S = 60;

/** What a steady current out of the bank has cost after a minute, Ω: its ohmic part and what polarises meanwhile. */
export function minuteOhm(state: BatteryState, parameters: BatteryParameters): number {
  const { fastOhm, fastTauS, slowOhm, slowTauS, strings } = parameters;
  const polarised =
    fastOhm * (1 - Math.exp(-STEP_S / fastTauS)) + slowOhm * (1 - Math.exp(-STEP_S / slowTauS));
  return ohmicOhm(state, parameters, false) + (polarised * coldFactor(state.temperatureC, false)) / strings;
}

/**
 * Highest charge current the management system allows, A: 0.5 C, nothing at or below 0 °C, linear to full
 * at 10 °C.
 */
export function chargeLimitA({ temperatureC }: BatteryState, parameters: BatteryParameters): number {
  const warm = temperatureC <= 0 ? 0 : temperatureC >= 10 ? 1 : temperatureC / 10;
  return parameters.chargeC * parameters.stringAh * parameters.strings * warm;
}

/** Highest discharge current, A: 1 C down to −20 °C. */
export function dischargeLimitA({ temperatureC }: BatteryState, parameters: BatteryParameters): number {
  return temperatureC < -20 ? 0 : parameters.dischargeC * parameters.stringAh * parameters.strings;
}

/** Current, A, at which the terminals take (+) or give (−) `powerW`; the most it can give when that is less. */
export function currentForPowerA(state: BatteryState, parameters: BatteryParameters, powerW: number): number {
  const emf = emfV(state);
  const ohm = ohmicOhm(state, parameters, powerW > 0);
  const root = emf * emf + 4 * ohm * powerW;
  return root <= 0 ? -emf / (2 * ohm) : (Math.sqrt(root) - emf) / (2 * ohm);
}

/** Lets `currentA` flow for `dtS` in a room of `roomC`; changes `state`. */
export function stepBattery(
  state: BatteryState,
  parameters: BatteryParameters,
  currentA: number,
  roomC: number,
  dtS: number,
): void {
  const bankAh = parameters.stringAh * parameters.strings;
  const charging = currentA > 0;
  const cold = coldFactor(state.temperatureC, charging);
  const fastOhm = (parameters.fastOhm * cold) / parameters.strings;
  const slowOhm = (parameters.slowOhm * cold) / parameters.strings;
  const ohm = ohmicOhm(state, parameters, charging);

  state.voltageV = emfV(state) + currentA * ohm;
  state.currentA = currentA;

  const fastDecay = Math.exp(-dtS / parameters.fastTauS);
  const slowDecay = Math.exp(-dtS / parameters.slowTauS);
  const fastMeanV = state.fastV;
  const slowMeanV = state.slowV;
  state.fastV = state.fastV * fastDecay + fastOhm * currentA * (1 - fastDecay);
  state.slowV = state.slowV * slowDecay + slowOhm * currentA * (1 - slowDecay);
  // Of the heat within the cells; the cables warm the wall.
  const inside = currentA * currentA * (ohm - parameters.cablesOhm);
  state.heatW = inside + (fastMeanV * fastMeanV) / fastOhm + (slowMeanV * slowMeanV) / slowOhm;

  const efficiency = charging ? COULOMB_EFFICIENCY : 1;
  const moved = (efficiency * currentA * dtS) / (3600 * bankAh) - SELF_DISCHARGE_PER_S * dtS * state.soc;
  state.soc = Math.min(1, Math.max(0, state.soc + moved));
  if (currentA !== 0) {
    const turn = 1 - Math.exp((-Math.abs(currentA) * dtS) / (3600 * bankAh * HYSTERESIS_SWING));
    state.hysteresis += (Math.sign(currentA) - state.hysteresis) * turn;
  }
  const lossWPerK = parameters.heatLoss * parameters.strings;
  const lossW = lossWPerK * (state.temperatureC - roomC);
  state.temperatureC += ((state.heatW - lossW) * dtS) / (parameters.heatCapacity * parameters.strings);
}

/** R(T)/R(25 °C): lab table from 10 to 40 °C, below it exp(2400 · (1/T − 1/283)), at most 3. */
function coldFactor(temperatureC: number, charging: boolean): number {
  const at10 = charging ? 1.43 : 1.71;
  if (temperatureC >= 40) return 0.78;
  if (temperatureC >= 25) return 1 - (0.22 * (temperatureC - 25)) / 15;
  if (temperatureC >= 10) return at10 - ((at10 - 1) * (temperatureC - 10)) / 15;
  return Math.min(3, at10 * Math.exp(2400 * (1 / (temperatureC + 273.15) - 1 / 283.15)));
}

/** R rises to three times towards empty, on discharge. */
function emptyFactor(soc: number, charging: boolean): number {
  return charging || soc >= 0.1 ? 1 : 1 + 2 * (1 - soc / 0.1);
}
