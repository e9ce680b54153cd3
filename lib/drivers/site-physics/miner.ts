import { normal, uniform } from './random';

/** Share of its rating at which a miner counts as running rather than ramping. */
const SETTLED_SHARE = 0.9;

export interface LoadParameters {
  /** Names its random numbers. */
  readonly stream: number;
  readonly ratedW: number;
  /** A miner boots and ramps 30–120 s; anything else is there at once. */
  readonly ramps: boolean;
}

/** Plain JSON. A miner, heater or plug behind a relay. */
export interface LoadSwitchState {
  on: boolean;
  /** Times it has been started, which picks the ramp. */
  starts: number;
  /** Seconds under power since the last start. */
  poweredS: number;
  powerW: number;
}

export function loadOff(): LoadSwitchState {
  return { on: false, starts: 0, poweredS: 0, powerW: 0 };
}

/** Asking for the state it has changes nothing. */
export function switchLoad(state: LoadSwitchState, on: boolean): void {
  if (state.on === on) return;
  state.on = on;
  state.poweredS = 0;
  if (on) state.starts += 1;
}

/** Seconds from power to full draw for the present start, 30–120 s. */
export function rampSeconds(state: LoadSwitchState, { stream }: LoadParameters, seed: number): number {
  return 30 + 90 * uniform(seed, stream, state.starts);
}

/**
 * One step with or without mains; changes `state`. A miner draws a tenth while it boots (the first third of
 * its ramp), then climbs to full draw, where it wanders by about half a percent.
 */
export function stepLoad(
  state: LoadSwitchState,
  parameters: LoadParameters,
  mains: boolean,
  seed: number,
  dtS: number,
): void {
  if (!state.on || !mains) {
    state.powerW = 0;
    state.poweredS = 0;
    return;
  }
  state.poweredS += dtS;
  if (!parameters.ramps) {
    state.powerW = parameters.ratedW;
    return;
  }
  const share = state.poweredS / rampSeconds(state, parameters, seed);
  const climbed = share >= 1 ? 1 : Math.max(0.1, 0.1 + (0.9 * (share - 0.35)) / 0.65);
  const wander = 1 + 0.005 * normal(seed, parameters.stream + 1, Math.floor(state.poweredS / 5));
  state.powerW = parameters.ratedW * climbed * wander;
}

export function isRamping(state: LoadSwitchState, { ratedW }: LoadParameters): boolean {
  return state.on && state.powerW < SETTLED_SHARE * ratedW;
}
