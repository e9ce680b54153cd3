import type { ChargeStage } from '@/lib/core/types';

/** Typical settings for a 16-cell LiFePO4 bank; float stays above the 54.5 V at which dump loads start. */
export const ABSORPTION_V = 56.8;
export const FLOAT_V = 55.2;
/** In float, a voltage this far below it for a minute begins a new charge. */
const REBULK_BELOW_V = 0.4;
const REBULK_AFTER_S = 60;
/** Absorption ends once the tail stays below 0.05 C, or after two hours. */
const TAIL_C = 0.05;
const TAIL_FOR_S = 300;
const ABSORPTION_MAX_S = 7200;
/** Below this the array is asleep, W. */
const DAWN_W = 20;

/** Plain JSON. */
export interface ChargerState {
  stage: 'night' | 'bulk' | 'absorption' | 'float';
  /** Seconds in the stage, and for which its way out has been met. */
  stageS: number;
  metS: number;
  /** The array could give more than charger and house take. */
  throttled: boolean;
  /** Charging is not permitted: the array carries the house and nothing more. */
  blocked: boolean;
}

export function restingCharger(): ChargerState {
  return { stage: 'night', stageS: 0, metS: 0, throttled: false, blocked: false };
}

export function chargeTargetV({ stage }: ChargerState): number {
  return stage === 'float' ? FLOAT_V : ABSORPTION_V;
}

/** What the charger says of itself; a bank too cold or too fast for the sun is throttled in bulk. */
export function chargeStage({ stage, throttled }: ChargerState): ChargeStage {
  if (stage === 'night') return 'unknown';
  return stage === 'bulk' && throttled ? 'throttled' : stage;
}

/** Moves on after a step that ended at `voltageV`, `currentA`; changes `state`. */
export function stepCharger(
  state: ChargerState,
  now: { pvPotentialW: number; voltageV: number; currentA: number; bankAh: number },
  dtS: number,
): void {
  state.stageS += dtS;
  if (now.pvPotentialW < DAWN_W) {
    if (state.stage !== 'night') enter(state, 'night');
    return;
  }
  switch (state.stage) {
    case 'night':
      enter(state, 'bulk');
      return;
    case 'bulk':
      if (now.voltageV >= ABSORPTION_V - 0.05) enter(state, 'absorption');
      return;
    case 'absorption': {
      const held = now.voltageV >= ABSORPTION_V - 0.1;
      const tail = held && now.currentA < TAIL_C * now.bankAh;
      state.metS = tail ? state.metS + dtS : 0;
      if (state.metS >= TAIL_FOR_S || state.stageS >= ABSORPTION_MAX_S) enter(state, 'float');
      return;
    }
    case 'float':
      state.metS = now.voltageV < FLOAT_V - REBULK_BELOW_V ? state.metS + dtS : 0;
      if (state.metS >= REBULK_AFTER_S) enter(state, 'bulk');
  }
}

function enter(state: ChargerState, stage: ChargerState['stage']): void {
  state.stage = stage;
  state.stageS = 0;
  state.metS = 0;
}
