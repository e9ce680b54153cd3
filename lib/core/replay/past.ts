import { type KernelConfig, LOAD_STATES } from '../types';
import { type Bank, bankOf } from './bank';
import { potentialOf, throttledRows } from './sun';
import type { LoadHistory, ReplayHistory } from './types';

/** What a history says about the site itself, whatever settings are tried on it. */
export interface Past {
  readonly history: ReplayHistory;
  readonly bank: Bank;
  /** By row: 1 where the array followed the load. */
  readonly throttled: Uint8Array;
  /** By row: what the array could have given, W; NaN unknown. */
  readonly potentialW: Float64Array;
  /** Usual draw of a load that is on, W, by load id; only of those that were metered while on. */
  readonly usualW: Readonly<Record<string, number>>;
}

/** `config`: the settings in force, for the bank's facts. */
export function pastOf(history: ReplayHistory, config: KernelConfig): Past {
  const throttled = throttledRows(history, config.preferences.voltageFloat);
  const usualW: Record<string, number> = {};
  for (const [id, load] of Object.entries(history.loads)) {
    const usual = usualDrawW(load);
    if (usual !== null) usualW[id] = usual;
  }
  return {
    history,
    bank: bankOf(history, config),
    throttled,
    potentialW: potentialOf(history, throttled),
    usualW,
  };
}

const ON = LOAD_STATES.indexOf('on');

/** Mean of what it drew at rows that were on like the row before; null when none were metered. */
function usualDrawW({ state, powerW }: LoadHistory): number | null {
  let sum = 0;
  let count = 0;
  for (let row = 1; row < state.length; row++) {
    const watts = powerW[row] ?? Number.NaN;
    if (state[row] !== ON || state[row - 1] !== ON || Number.isNaN(watts)) continue;
    sum += watts;
    count++;
  }
  return count === 0 ? null : sum / count;
}
