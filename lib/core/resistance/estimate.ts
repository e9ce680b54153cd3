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
/** Beyond what the steps scatter, to each side: how long after a step it is judged, and what else goes on meanwhile. */
const MODEL_SHARE = 0.12;
/** An interval that reaches further to each side, as a share of its middle, says too little to act on. */
const WIDEST_SHARE = 1 / 3;
/** R of a cell over that at 25 °C, giving and taking at 10 °C, either way at 40 °C (simulation.md §2: lab table). */
const GIVING_AT_10 = 1.71;
const TAKING_AT_10 = 1.43;
const AT_40 = 0.78;
/** Below the table R(T) ∝ exp(2400 / T), at most three times (same source). */
const COLD_K = 2400;
const COLDEST = 3;
/** Of a bank's R, about what cables and bus bars are, which do not follow its temperature (0.5–1.5 of 4–9 mΩ). */
const CABLE_SHARE = 0.2;
/** How far the law may reach, K, and what it adds to each side of the interval per band. */
const FARTHEST_K = 20;
const REACH_SHARE = 0.08;
const KELVIN = 273.15;
/** No 48 V bank lies outside, Ω. A step that does shows a meter that stood still, or something else. */
const PLAUSIBLE: readonly [low: number, high: number] = [0.0003, 0.05];

/** The band a temperature belongs to, by its middle, °C. */
function bandOf(temperatureC: number): number {
  return Math.floor(temperatureC / BAND_K) * BAND_K + BAND_K / 2;
}

/** R of a cell that gives (or takes) current over its R at 25 °C. */
function cellFactor(temperatureC: number, at10 = GIVING_AT_10): number {
  if (temperatureC >= 40) return AT_40;
  if (temperatureC >= 25) return 1 - ((1 - AT_40) * (temperatureC - 25)) / 15;
  if (temperatureC >= 10) return at10 - ((at10 - 1) * (temperatureC - 10)) / 15;
  return Math.min(COLDEST, at10 * Math.exp(COLD_K * (1 / (temperatureC + KELVIN) - 1 / (10 + KELVIN))));
}

/** R of a bank at one temperature over R at another, °C. */
function bankFactor(temperatureC: number, fromC: number): number {
  return CABLE_SHARE + ((1 - CABLE_SHARE) * cellFactor(temperatureC)) / cellFactor(fromC);
}

/** R through which the bank gives, by one step; of what it takes meanwhile the rest is taken out. */
function givingOhm({ fromA, deltaA, deltaV, temperatureC }: ResistanceEvidence): number {
  if (fromA === null || temperatureC === null) return deltaV / deltaA;
  const takenA = Math.max(0, fromA + deltaA) - Math.max(0, fromA);
  const cells = cellFactor(temperatureC, TAKING_AT_10) / cellFactor(temperatureC);
  const share = CABLE_SHARE + (1 - CABLE_SHARE) * cells;
  return deltaV / (deltaA - takenA + share * takenA);
}

/**
 * R through which the bank gives current, per band of temperature and in the middle of it, from load steps that a bank
 * can have made: the median of ΔV/ΔI weighted by |ΔI| (least absolute deviations through the origin: a step beside which
 * something else happened counts no more than its weight), with the interval of the weighted sign test at 95 %, widened
 * by 12 % to each side. Bands with fewer than eight steps are left out, and those whose interval is wider than a third.
 */
export function estimateBands(evidence: readonly ResistanceEvidence[]): readonly BandEstimate[] {
  const groups = new Map<number | null, WeightedOhm[]>();
  for (const step of evidence) {
    const { deltaA, temperatureC } = step;
    const ohm = givingOhm(step);
    if (ohm < PLAUSIBLE[0] || ohm > PLAUSIBLE[1]) continue;
    const band = temperatureC === null ? null : bandOf(temperatureC);
    const inMiddle = band === null || temperatureC === null ? 1 : bankFactor(band, temperatureC);
    const weighted = { ohm: ohm * inMiddle, weight: Math.abs(deltaA) };
    const group = groups.get(band);
    if (group === undefined) groups.set(band, [weighted]);
    else group.push(weighted);
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
  const lowOhm = Math.max(PLAUSIBLE[0], at(0.5 - half) * (1 - MODEL_SHARE));
  const highOhm = at(0.5 + half) * (1 + MODEL_SHARE);
  if (highOhm - lowOhm > WIDEST_SHARE * (highOhm + lowOhm)) return null;
  return { ohm: at(0.5), lowOhm, highOhm };
}

/**
 * R at a temperature (°C; null = not known): of all bands within 20 K, carried over with an interval that is the wider the
 * further they lie, the one whose interval is then the narrowest. A band of few steps does not outdo a well-known one
 * beside it. Where the temperature is not known, the hull of all. Null: no band says anything.
 */
export function resistanceAt(bands: readonly BandEstimate[], temperatureC: number | null): Resistance | null {
  if (temperatureC === null) return hull(bands);
  if (bands.every((band) => band.temperatureC === null)) return hull(bands);
  let best: Resistance | null = null;
  for (const band of bands) {
    const carried = carriedOver(band, temperatureC);
    if (carried !== null && (best === null || ratioOf(carried) < ratioOf(best))) best = carried;
  }
  return best;
}

const ratioOf = ({ lowOhm, highOhm }: Resistance): number => highOhm / lowOhm;

function carriedOver(band: BandEstimate, temperatureC: number): Resistance | null {
  if (band.temperatureC === null) return null;
  const apartK = Math.abs(band.temperatureC - temperatureC);
  if (apartK > FARTHEST_K) return null;
  const factor = bankFactor(temperatureC, band.temperatureC);
  const reach = apartK <= BAND_K / 2 ? 0 : (REACH_SHARE * apartK) / BAND_K;
  return { lowOhm: band.lowOhm * factor * (1 - reach), highOhm: band.highOhm * factor * (1 + reach) };
}

function hull(bands: readonly BandEstimate[]): Resistance | null {
  if (bands.length === 0) return null;
  return {
    lowOhm: Math.min(...bands.map((band) => band.lowOhm)),
    highOhm: Math.max(...bands.map((band) => band.highOhm)),
  };
}
