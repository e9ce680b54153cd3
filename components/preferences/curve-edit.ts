import { voltageOfSocPct } from '@/lib/core/curve';
import type { CurvePoint } from '@/lib/core/types';

/** What the API stores: 0.01 V and 0.01 %; a drag moves in coarser steps. */
const SMALLEST = 0.01;
export const STEP_V = 0.1;
export const STEP_PCT = 1;

const toGrid = (value: number, step: number) => Math.round(Math.round(value / step) * step * 100) / 100;
const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));
const twoPlaces = (value: number) => Math.round(value * 100) / 100;

/** Whether each value is a number above the one before it. */
export function isIncreasing(curve: readonly CurvePoint[]): boolean {
  return curve.every(({ soc, voltage }, i) => {
    const before = curve[i - 1];
    return (
      Number.isFinite(soc) &&
      Number.isFinite(voltage) &&
      (before === undefined || (soc > before.soc && voltage > before.voltage))
    );
  });
}

/**
 * The curve with one point dragged towards `to`: on the grid, and short of its neighbours, so that it goes on rising.
 * The two ends keep their percent. A curve that does not rise as it stands (as typed) is returned unchanged.
 */
export function movePoint(
  curve: readonly CurvePoint[],
  index: number,
  to: { readonly soc: number; readonly voltage: number; readonly limits: { min: number; max: number } },
): readonly CurvePoint[] {
  const point = curve[index];
  if (point === undefined || !isIncreasing(curve)) return curve;
  const before = curve[index - 1];
  const after = curve[index + 1];
  const isEnd = before === undefined || after === undefined;
  const soc = isEnd
    ? point.soc
    : clamp(toGrid(to.soc, STEP_PCT), before.soc + SMALLEST, after.soc - SMALLEST);
  const voltage = clamp(
    toGrid(to.voltage, STEP_V),
    before === undefined ? to.limits.min : before.voltage + SMALLEST,
    after === undefined ? to.limits.max : after.voltage - SMALLEST,
  );
  return curve.with(index, { soc: twoPlaces(soc), voltage: twoPlaces(voltage) });
}

/** The curve with a point in the middle of its widest gap, on the line, so that nothing reads differently yet. */
export function addPoint(
  curve: readonly CurvePoint[],
): { curve: readonly CurvePoint[]; index: number } | null {
  if (!isIncreasing(curve)) return null;
  let index = 0;
  let widest = 0;
  for (const [i, point] of curve.entries()) {
    const before = curve[i - 1];
    const gap = before === undefined ? 0 : point.soc - before.soc;
    if (gap > widest) {
      widest = gap;
      index = i;
    }
  }
  const before = curve[index - 1];
  const after = curve[index];
  if (before === undefined || after === undefined) return null;
  const soc = twoPlaces((before.soc + after.soc) / 2);
  const voltage = twoPlaces(voltageOfSocPct(curve, soc));
  const next = curve.toSpliced(index, 0, { soc, voltage });
  return isIncreasing(next) ? { curve: next, index } : null;
}
