import { curveOf, voltageOfSocPct } from '../curve';
import type { CurvePoint, Preferences } from '../types';

/** Rest voltage of 16 LiFePO4 cells (51.2 V nominal); 10–100 %: a lab cell, below it a typical sheet. */
const LIFEPO4_16S: readonly CurvePoint[] = [
  { soc: 0, voltage: 40 },
  { soc: 3, voltage: 47 },
  { soc: 10, voltage: 51.15 },
  { soc: 20, voltage: 51.75 },
  { soc: 30, voltage: 52.32 },
  { soc: 40, voltage: 52.67 },
  { soc: 50, voltage: 52.79 },
  { soc: 60, voltage: 52.86 },
  { soc: 70, voltage: 52.97 },
  { soc: 80, voltage: 53.35 },
  { soc: 90, voltage: 53.48 },
  { soc: 98, voltage: 53.58 },
  { soc: 100, voltage: 56.5 },
];
const NOMINAL_16S_V = 51.2;
const STEPS = 1000;

export const isLifepo4 = (chemistry: string): boolean => /lifepo4|lfp/i.test(chemistry);

/** Rest voltage by state of charge, looked up in thousandths: the chemistry's own, else the owner's calibration. */
export class RestCurve {
  private readonly volts = new Float64Array(STEPS + 1);

  constructor(preferences: Preferences) {
    const lifepo4 = isLifepo4(preferences.batteryChemistry);
    const curve = lifepo4 ? LIFEPO4_16S : curveOf(preferences);
    const scale = lifepo4 ? preferences.batteryNominalVoltage / NOMINAL_16S_V : 1;
    for (let i = 0; i <= STEPS; i++) this.volts[i] = scale * voltageOfSocPct(curve, (100 * i) / STEPS);
  }

  /** Rest voltage, V, at a state of charge 0–1; clamped at its ends. */
  voltageV(soc: number): number {
    const x = Math.min(Math.max(soc, 0), 1) * STEPS;
    const i = Math.floor(x);
    const low = this.volts[i] ?? Number.NaN;
    const high = this.volts[i + 1] ?? low;
    return low + (x - i) * (high - low);
  }

  /** State of charge 0–1 of a rest voltage: the lowest that has it. */
  soc(voltageV: number): number {
    let low = 0;
    let high = STEPS;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.volts[middle] ?? 0) < voltageV) low = middle + 1;
      else high = middle;
    }
    return low / STEPS;
  }
}
