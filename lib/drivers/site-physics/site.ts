import {
  type BatteryParameters,
  type BatteryState,
  batteryParameters,
  chargeLimitA,
  currentForPowerA,
  dischargeLimitA,
  emfV,
  ohmicOhm,
  restingBattery,
  stepBattery,
} from './battery';
import { type ChargerState, chargeTargetV, restingCharger, stepCharger } from './charger';
import { type LoadParameters, type LoadSwitchState, stepLoad } from './miner';
import { stepZone, type ZoneParameters, type ZoneState } from './zone';

/** Share of a miner's heat that stays in its room; the rest leaves through its own duct. */
const MINER_HEAT_SHARE = 0.35;
/** Draw of a duct fan per speed step, W. */
export const FAN_STEP_W = 8;

/** A hybrid inverter of the 15 kW class. */
export interface InverterParameters {
  readonly idleW: number;
  readonly efficiency: number;
  readonly maxAcW: number;
  readonly maxBatteryA: number;
  /** Overload it bears before it trips, s, and the pause before it tries again. */
  readonly overloadS: number;
  readonly retryS: number;
  /** Low-voltage cut-out and reconnect, V. */
  readonly cutOutV: number;
  readonly reconnectV: number;
}

export const INVERTER: InverterParameters = {
  idleW: 80,
  efficiency: 0.955,
  maxAcW: 15_000,
  maxBatteryA: 275,
  overloadS: 30,
  retryS: 60,
  cutOutV: 44.8,
  reconnectV: 51,
};

/** What a grid connection does: none; only import; or take what is left over as well. */
export type Grid = 'none' | 'import' | 'both';
/** The bank keeps this share for outages where a grid can carry the house, with the way back. */
const GRID_CARRIES_BELOW = 0.2;
const GRID_RELEASES_ABOVE = 0.25;

export interface SiteParameters {
  readonly seed: number;
  readonly battery: BatteryParameters;
  readonly inverter: InverterParameters;
  readonly grid: Grid;
}

export function siteParameters(seed: number, capacityAh: number, grid: Grid): SiteParameters {
  return { seed, battery: batteryParameters(capacityAh), inverter: INVERTER, grid };
}

export interface SiteLoad {
  readonly parameters: LoadParameters;
  readonly state: LoadSwitchState;
  /** Where its heat goes; null = outdoors. */
  readonly zone: SiteZone | null;
}
export interface SiteFan {
  /** Speed step 0–10. */
  speed: number;
  readonly zone: SiteZone;
}
export interface SiteZone {
  parameters: ZoneParameters;
  readonly state: ZoneState;
  /** Scratch of one step. */
  heatW: number;
  airflowWPerK: number;
}

/** Plain JSON: the part of the site that is not in its loads, fans and zones. */
export interface SiteState {
  readonly battery: BatteryState;
  readonly charger: ChargerState;
  readonly mains: MainsState;
}
export interface MainsState {
  /** AC is there. */
  on: boolean;
  overloadS: number;
  offS: number;
  gridCarries: boolean;
}

export interface SiteParts {
  readonly loads: SiteLoad[];
  readonly fans: SiteFan[];
  readonly zones: SiteZone[];
  /** Where the bank stands; null = at outdoor temperature. */
  batteryZone: SiteZone | null;
}

/** What the world does to the site during one step. */
export interface SiteInputs {
  pvPotentialW: number;
  houseW: number;
  temperatureC: number;
  globalWm2: number;
}

/** What flowed during one step, W. `pv + grid = load + battery + losses`; curtailed and unserved are beside it. */
export interface SiteFlow {
  pvW: number;
  gridW: number;
  /** AC delivered: house, our loads, fans. */
  loadW: number;
  /** At the battery terminals, + = charging. */
  batteryW: number;
  lossesW: number;
  curtailedW: number;
  unservedW: number;
}

export function newSite(soc: number, temperatureC: number): SiteState {
  return {
    battery: restingBattery(soc, temperatureC),
    charger: restingCharger(),
    mains: { on: true, overloadS: 0, offS: 0, gridCarries: false },
  };
}

export function noFlow(): SiteFlow {
  return { pvW: 0, gridW: 0, loadW: 0, batteryW: 0, lossesW: 0, curtailedW: 0, unservedW: 0 };
}

/** Lets `dtS` (≤ 10 s) pass; changes `state`, `parts` and `flow`, and allocates nothing. */
export function stepSite(
  state: SiteState,
  parts: SiteParts,
  parameters: SiteParameters,
  inputs: SiteInputs,
  flow: SiteFlow,
  dtS: number,
): void {
  const ourW = stepLoads(parts, state.mains.on, parameters.seed, dtS);
  const wantedW = inputs.houseW + ourW;
  balance(state, parameters, inputs, flow, wantedW);
  const amps = currentForPowerA(state.battery, parameters.battery, flow.batteryW);
  stepZones(parts, inputs, dtS);
  const bankRoomC = parts.batteryZone ? parts.batteryZone.state.airC : inputs.temperatureC;
  stepBattery(state.battery, parameters.battery, amps, bankRoomC, dtS);
  stepMains(state, parameters, inputs, flow, wantedW, dtS);
  state.charger.throttled = flow.curtailedW > 1;
  const bankAh = parameters.battery.stringAh * parameters.battery.strings;
  const { voltageV, currentA } = state.battery;
  stepCharger(state.charger, { pvPotentialW: inputs.pvPotentialW, voltageV, currentA, bankAh }, dtS);
}

function stepLoads(parts: SiteParts, mains: boolean, seed: number, dtS: number): number {
  for (const zone of parts.zones) {
    zone.heatW = 0;
    zone.airflowWPerK = 0;
  }
  let ourW = 0;
  for (const { state, parameters, zone } of parts.loads) {
    stepLoad(state, parameters, mains, seed, dtS);
    ourW += state.powerW;
    if (zone) zone.heatW += state.powerW * (parameters.ramps ? MINER_HEAT_SHARE : 1);
  }
  for (const { speed, zone } of parts.fans) {
    if (!mains) continue;
    ourW += speed * FAN_STEP_W;
    zone.airflowWPerK += speed * zone.parameters.fanStepWPerK;
  }
  return ourW;
}

function stepZones(parts: SiteParts, inputs: SiteInputs, dtS: number): void {
  for (const zone of parts.zones) {
    stepZone(zone.state, zone.parameters, inputs, zone.heatW, zone.airflowWPerK, dtS);
  }
}

/** Who gives and who takes this step: sun first, then battery, then grid; the charger holds its voltage. */
function balance(
  state: SiteState,
  { battery: bank, inverter, grid }: SiteParameters,
  { pvPotentialW }: SiteInputs,
  flow: SiteFlow,
  wantedW: number,
): void {
  const { battery, charger, mains } = state;
  let servedW = mains.on ? wantedW : 0;
  // Without AC only the charger's own electronics draw.
  const needW = mains.on ? inverter.idleW + servedW / inverter.efficiency : 8;
  const emf = emfV(battery);
  const chargeOhm = ohmicOhm(battery, bank, true);
  const holdA = (chargeTargetV(charger) - emf) / chargeOhm;
  const limitA = Math.min(chargeLimitA(battery, bank), inverter.maxBatteryA);
  const takeA = Math.min(holdA, charger.blocked ? 0 : limitA);
  const takeW = (emf + takeA * chargeOhm) * takeA;
  let pvW = Math.min(pvPotentialW, Math.max(0, needW + takeW));
  let batteryW = pvW - needW;
  let gridW = 0;
  if (grid === 'both' && pvPotentialW > pvW && mains.on) {
    gridW = -(pvPotentialW - pvW) * inverter.efficiency;
    pvW = pvPotentialW;
  }
  let unservedW = wantedW - servedW;
  if (batteryW < 0) {
    if (grid !== 'none' && mains.on && mains.gridCarries) {
      gridW = -batteryW * inverter.efficiency;
      batteryW = 0;
    }
    const giveA = Math.min(dischargeLimitA(battery, bank), inverter.maxBatteryA);
    const giveW = Math.max(0, (emf - giveA * ohmicOhm(battery, bank, false)) * giveA);
    if (-batteryW > giveW) {
      const shortW = Math.min(servedW, (-batteryW - giveW) * inverter.efficiency);
      servedW -= shortW;
      unservedW += shortW;
      batteryW += shortW / inverter.efficiency;
    }
  }
  flow.pvW = pvW;
  flow.gridW = gridW;
  flow.loadW = servedW;
  flow.batteryW = batteryW;
  flow.curtailedW = pvPotentialW - pvW;
  flow.unservedW = unservedW;
  flow.lossesW = pvW + gridW - servedW - batteryW;
}

/** Low-voltage cut-out, overload trip and the way back; which side carries the house. */
function stepMains(
  { mains, battery }: SiteState,
  { inverter, grid }: SiteParameters,
  { pvPotentialW }: SiteInputs,
  flow: SiteFlow,
  wantedW: number,
  dtS: number,
): void {
  if (battery.soc < GRID_CARRIES_BELOW) mains.gridCarries = true;
  else if (battery.soc > GRID_RELEASES_ABOVE) mains.gridCarries = false;
  if (!mains.on) {
    mains.offS += dtS;
    const charged = battery.voltageV >= inverter.reconnectV || (grid !== 'none' && mains.gridCarries);
    if (mains.offS >= inverter.retryS && charged) {
      mains.on = true;
      mains.overloadS = 0;
    }
    return;
  }
  const over = wantedW > inverter.maxAcW || (flow.unservedW > 0 && pvPotentialW < wantedW);
  mains.overloadS = over ? mains.overloadS + dtS : 0;
  if (mains.overloadS > inverter.overloadS || battery.voltageV <= inverter.cutOutV) {
    mains.on = false;
    mains.offS = 0;
  }
}
