import type { Resistance } from '../types';
import type { ResistanceEvidence } from './evidence';

/** R of the bank within one band of temperature. */
export interface BandEstimate extends Resistance {
  /** The middle of the band, °C; null for evidence of unknown temperature. */
  readonly temperatureC: number | null;
  readonly ohm: number;
  /** Steps it rests on. */
  readonly steps: number;
}

/** Width of a band, K: within it a cell's R moves by about a tenth. */
const BAND_K = 5;
/** Fewer steps say nothing that an interval could hold. */
export const FEWEST_STEPS = 8;
/** Beyond what the steps scatter: age of the step, direction, what the band spans. */
const MODEL_SHARE = 0.08;
/** R(T) ∝ exp(2400 · (1/T − 1/T₀)) (simulation.md §2): only to reach from a band that is known to one that is not. */
const COLD_K = 2400;
/** How far that may reach, K, and what it adds to each side of the interval per band. */
const FARTHEST_K = 20;
const REACH_SHARE = 0.08;
const KELVIN = 273.15;
/** No 48 V bank lies outside, Ω. */
const PLAUSIBLE: readonly [low: number, high: number] = [0.0003, 0.05];

/** The band a temperature belongs to, by its middle, °C. */
export function bandOf(temperatureC: number): number {
  return Math.floor(temperatureC / BAND_K) * BAND_K + BAND_K / 2;
}

/**
 * R per band of temperature from load steps: the median of ΔV/ΔI weighted by |ΔI| (least absolute deviations through
 * the origin: a step beside which something else happened counts no more than its weight), with the interval of the
 * weighted sign test at 95 %, widened by 8 %. Bands with fewer than eight steps are left out.
 */
export function estimateBands(evidence: readonly ResistanceEvidence[]): readonly BandEstimate[] {
  const groups = new Map<number | null, ResistanceEvidence[]>();
  for (const step of evidence) {
    const band = step.temperatureC === null ? null : bandOf(step.temperatureC);
    const group = groups.get(band);
    if (group === undefined) groups.set(band, [step]);
    else group.push(step);
  }
  const bands: BandEstimate[] = [];
  for (const [temperatureC, steps] of groups) {
    const estimate = estimateOf(steps);
    if (estimate !== null) bands.push({ ...estimate, temperatureC, steps: steps.length });
  }
  return bands.sort(
    (a, b) => (a.temperatureC ?? Number.NEGATIVE_INFINITY) - (b.temperatureC ?? Number.NEGATIVE_INFINITY),
  );
}

function estimateOf(
  steps: readonly ResistanceEvidence[],
): { ohm: number; lowOhm: number; highOhm: number } | null {
  const ratios = steps
    .map(({ deltaA, deltaV }) => ({ ohm: deltaV / deltaA, weight: Math.abs(deltaA) }))
    .sort((a, b) => a.ohm - b.ohm);
  let sum = 0;
  let squares = 0;
  for (const { weight } of ratios) {
    sum += weight;
    squares += weight * weight;
  }
  if ((sum * sum) / squares < FEWEST_STEPS) return null;
  const half = (1.96 * 0.5 * Math.sqrt(squares)) / sum;
  const at = (share: number): number => {
    let passed = 0;
    for (const { ohm, weight } of ratios) {
      passed += weight;
      if (passed >= share * sum) return ohm;
    }
    return ratios.at(-1)?.ohm ?? 0;
  };
  const ohm = at(0.5);
  if (ohm < PLAUSIBLE[0] || ohm > PLAUSIBLE[1]) return null;
  return {
    ohm,
    lowOhm: Math.max(PLAUSIBLE[0], at(0.5 - half) * (1 - MODEL_SHARE)),
    highOhm: at(0.5 + half) * (1 + MODEL_SHARE),
  };
}

/**
 * R at a temperature (°C; null = not known) from the bands: its own, else the nearest within 20 K, carried over with a
 * wider interval. Where the temperature is not known, the hull of all. Null: no band says anything.
 */
export function resistanceAt(bands: readonly BandEstimate[], temperatureC: number | null): Resistance | null {
  if (temperatureC === null) return hull(bands);
  let nearest: BandEstimate | null = null;
  for (const band of bands) {
    if (band.temperatureC === null) continue;
    const closer =
      nearest?.temperatureC == null ||
      Math.abs(band.temperatureC - temperatureC) < Math.abs(nearest.temperatureC - temperatureC);
    if (closer) nearest = band;
  }
  if (nearest?.temperatureC == null) return hull(bands.filter((band) => band.temperatureC === null));
  const apartK = Math.abs(nearest.temperatureC - temperatureC);
  if (apartK <= BAND_K / 2) return { lowOhm: nearest.lowOhm, highOhm: nearest.highOhm };
  if (apartK > FARTHEST_K) return null;
  const factor = Math.exp(COLD_K * (1 / (temperatureC + KELVIN) - 1 / (nearest.temperatureC + KELVIN)));
  const reach = (REACH_SHARE * apartK) / BAND_K;
  // The cables do not follow the law: not all of R may be carried over.
  return {
    lowOhm: nearest.lowOhm * Math.min(1, factor) * (1 - reach),
    highOhm: nearest.highOhm * Math.max(1, factor) * (1 + reach),
  };
}

function hull(bands: readonly BandEstimate[]): Resistance | null {
  if (bands.length === 0) return null;
  return {
    lowOhm: Math.min(...bands.map((band) => band.lowOhm)),
    highOhm: Math.max(...bands.map((band) => band.highOhm)),
  };
}
