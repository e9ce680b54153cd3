/** A room with two thermal states: air and furniture, and the mass of floor and walls behind them. */
export interface ZoneParameters {
  /** J/K. */
  readonly airCapacity: number;
  readonly massCapacity: number;
  /** W/K between air and mass, and from air to outdoors. */
  readonly toMass: number;
  readonly toOutdoors: number;
  /** Sun through the windows: m² of glass-equivalent. */
  readonly glassM2: number;
  /** Heat of what always runs in it, W. */
  readonly internalW: number;
  /** What one step of its exhaust fan carries out, W/K. */
  readonly fanStepWPerK: number;
}

/** Plain JSON. */
export interface ZoneState {
  airC: number;
  massC: number;
}

/** A room of so many m²: its floor share of a house of 175 m² with middling walls. */
export function zoneParameters(floorM2: number): ZoneParameters {
  const share = floorM2 / 175;
  return {
    airCapacity: 4.5e6 * share,
    massCapacity: 27e6 * share,
    toMass: 1000 * share,
    toOutdoors: 225 * share,
    glassM2: 2 * share,
    internalW: 150 * share,
    // About 180 m³/h per step of a 10-step duct fan.
    fanStepWPerK: 60,
  };
}

export interface ZoneWeather {
  readonly temperatureC: number;
  readonly globalWm2: number;
}

/**
 * One step with `heatW` given to the air and `airflowWPerK` exchanged with outdoors; changes `state`. The air
 * follows its exact exponential, the mass the mean air, so that energy balances at any step length.
 */
export function stepZone(
  state: ZoneState,
  parameters: ZoneParameters,
  outdoors: ZoneWeather,
  heatW: number,
  airflowWPerK: number,
  dtS: number,
): void {
  const out = parameters.toOutdoors + airflowWPerK;
  const conductance = out + parameters.toMass;
  const gainsW = heatW + parameters.internalW + parameters.glassM2 * outdoors.globalWm2;
  const restC = (out * outdoors.temperatureC + parameters.toMass * state.massC + gainsW) / conductance;
  const x = (conductance * dtS) / parameters.airCapacity;
  const left = Math.exp(-x);
  const meanC = restC + ((state.airC - restC) * (1 - left)) / x;
  state.airC = restC + (state.airC - restC) * left;
  state.massC += (parameters.toMass * (meanC - state.massC) * dtS) / parameters.massCapacity;
}
