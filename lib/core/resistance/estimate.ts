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
/** Beyond what the steps scatter, to each side: how long after a step it is judged. */
const MODEL_LOW_SHARE = 0.12;
/** A cold cell gives through a tenth more R than it takes through, and most steps happen while it is charged. */
const MODEL_HIGH_SHARE = 0.16;
/** R(T) ∝ exp(2400 · (1/T − 1/T₀)) (simulation.md §2). */
const COLD_K = 2400;
/** How far that may reach, K, and what it adds to each side of the interval per band. */
const FARTHEST_K = 20;
const REACH_SHARE = 0.08;
const KELVIN = 273.15;
/** No 48 V bank lies outside, Ω. A step that does shows a meter that stood still, or something else. */
const PLAUSIBLE: readonly [low: number, high: number] = [0.0003, 0.05];

/** The band a temperature belongs to, by its middle, °C. */
export function bandOf(temperatureC: number): number {
  return Math.floor(temperatureC / BAND_K) * BAND_K + BAND_K / 2;
}

/** R at one temperature over R at another, °C. */
function coldFactor(temperatureC: number, fromC: number): number {
  return Math.exp(COLD_K * (1 / (temperatureC + KELVIN) - 1 / (fromC + KELVIN)));
}

/**
 * R per band of temperature, in the middle of it, from load steps that a bank can have made: the median of ΔV/ΔI
 * weighted by |ΔI| (least absolute deviations through the origin: a step beside which something else happened counts no
 * more than its weight), with the interval of the weighted sign test at 95 %, widened by 12 % below and 16 % above.
 * Bands with fewer than eight steps are left out.
 */
export function estimateBands(evidence: readonly ResistanceEvidence[]): readonly BandEstimate[] {
  const groups = new Map<number | null, WeightedOhm[]>();
  for (const { deltaA, deltaV, temperatureC } of evidence) {
    const ohm = deltaV / deltaA;
    if (ohm < PLAUSIBLE[0] || ohm > PLAUSIBLE[1]) continue;
    const band = temperatureC === null ? null : bandOf(temperatureC);
    const inMiddle = band === null || temperatureC === null ? 1 : coldFactor(band, temperatureC);
    const step = { ohm: ohm * inMiddle, weight: Math.abs(deltaA) };
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

interface WeightedOhm {
  readonly ohm: number;
  readonly weight: number;
}

function estimateOf(steps: readonly WeightedOhm[]): { ohm: number; lowOhm: number; highOhm: number } | null {
  const ratios = [...steps].sort((a, b) => a.ohm - b.ohm);
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
  return {
    ohm: at(0.5),
    lowOhm: Math.max(PLAUSIBLE[0], at(0.5 - half) * (1 - MODEL_LOW_SHARE)),
    highOhm: at(0.5 + half) * (1 + MODEL_HIGH_SHARE),
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
  if (apartK > FARTHEST_K) return null;
  const factor = coldFactor(temperatureC, nearest.temperatureC);
  if (apartK <= BAND_K / 2) return { lowOhm: nearest.lowOhm * factor, highOhm: nearest.highOhm * factor };
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
