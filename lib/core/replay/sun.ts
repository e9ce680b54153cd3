import { CHARGE_STAGES } from '../types';
import type { ReplayHistory } from './types';

/** Clear-sky power from which its share says something about the sky, W. */
const JUDGED_FROM_W = 300;
/** How fast the remembered share follows, per row. */
const FOLLOW = 0.1;
/** Edges of clouds reflect: more than a clear sky for moments only. */
const LARGEST_SHARE = 1.05;
/** What was given once says less of the sky later on: per row. */
const FADE = 0.998;
/** A charger without a word about its stage is taken to hold the bank from this far below float, V. */
const HELD_MARGIN_V = 0.1;

/** By row: 1 where the array followed the load because the bank was full. */
export function throttledRows(history: ReplayHistory, floatV: number): Uint8Array {
  const rows = new Uint8Array(history.at.length);
  for (let row = 0; row < rows.length; row++) {
    if (!((history.pvW[row] ?? 0) > 0)) continue;
    const stage = CHARGE_STAGES[history.chargeStage[row] ?? 0] ?? 'unknown';
    const held =
      stage === 'unknown' ? (history.packVoltageV[row] ?? 0) >= floatV - HELD_MARGIN_V : stage !== 'bulk';
    if (held) rows[row] = 1;
  }
  return rows;
}

/**
 * By row: what the array could have given, W. Where it was throttled, clear-sky power times the share of it that the
 * sky let through: straight between what was seen before and after, and no less than what the array gave when more was
 * asked of it not long from then.
 */
export function potentialOf(history: ReplayHistory, throttled: Uint8Array): Float64Array {
  const shares = new Float64Array(history.at.length).fill(Number.NaN);
  const given = new Float64Array(history.at.length);
  let share = Number.NaN;
  for (let row = 0; row < shares.length; row++) {
    const clearW = history.clearSkyW[row] ?? Number.NaN;
    const pvW = history.pvW[row] ?? Number.NaN;
    if (Number.isNaN(pvW) || !(clearW >= JUDGED_FROM_W)) continue;
    if (throttled[row] === 1) given[row] = Math.min(pvW / clearW, LARGEST_SHARE);
    else {
      share = Number.isNaN(share) ? pvW / clearW : share + FOLLOW * (pvW / clearW - share);
      shares[row] = share;
    }
  }
  bridge(shares);
  spread(given);
  return history.pvW.map((pvW, row) => {
    if (throttled[row] !== 1) return pvW;
    const atLeast = given[row] ?? 0;
    const through = Math.max(Number.isNaN(shares[row]) ? 0 : (shares[row] ?? 0), atLeast);
    const hiddenW = through * (history.clearSkyW[row] ?? Number.NaN);
    return Number.isNaN(hiddenW) ? pvW : Math.max(hiddenW, pvW);
  });
}

/** Lets every value stand for its neighbours too, fading with distance. */
function spread(values: Float64Array): void {
  let kept = 0;
  for (let i = 0; i < values.length; i++) {
    kept = Math.max(kept * FADE, values[i] ?? 0);
    values[i] = kept;
  }
  kept = 0;
  for (let i = values.length - 1; i >= 0; i--) {
    kept = Math.max(kept * FADE, values[i] ?? 0);
    values[i] = kept;
  }
}

/** Fills what is not known straight from the value before to the one after. */
function bridge(values: Float64Array): void {
  let before = -1;
  for (let i = 0; i <= values.length; i++) {
    if (i < values.length && Number.isNaN(values[i])) continue;
    const from = values[before] ?? values[i] ?? Number.NaN;
    const to = values[i] ?? from;
    for (let k = before + 1; k < i; k++) values[k] = from + ((to - from) * (k - before)) / (i - before);
    before = i;
  }
}
