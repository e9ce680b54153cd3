import { curveProblem, moveCurveEnds } from '@/lib/core/curve';
import type { CurvePoint } from '@/lib/core/types';
import type { FieldIssue } from '@/lib/errors';
import { type Ordering, orderingIssues } from '@/lib/settings-versions/guard';
import type { PreferencesPatch } from './schema';

/** CHECK valid_voltage_calibration and valid_voltage_ranges, pair by pair. */
const ORDERINGS: readonly Ordering[] = [
  { lower: 'voltage_at_0_percent', upper: 'voltage_at_100_percent' },
  { lower: 'battery_absolute_min', upper: 'voltage_shutdown', orEqual: true },
  { lower: 'voltage_shutdown', upper: 'voltage_critical_low' },
  { lower: 'voltage_critical_low', upper: 'voltage_low', orEqual: true },
  { lower: 'voltage_low', upper: 'voltage_restart' },
  { lower: 'voltage_restart', upper: 'voltage_optimal_min', orEqual: true },
  { lower: 'voltage_optimal_min', upper: 'voltage_optimal_max' },
  { lower: 'voltage_optimal_max', upper: 'voltage_float', orEqual: true },
  { lower: 'voltage_float', upper: 'voltage_absorption' },
  { lower: 'voltage_absorption', upper: 'voltage_full', orEqual: true },
  { lower: 'voltage_full', upper: 'battery_absolute_max', orEqual: true },
];

type Wire = Readonly<Record<string, unknown>>;

/**
 * The stored row with the patch applied. The two calibration voltages, changed without a curve, take the stored curve's
 * ends with them (control.md §2).
 */
export function applyPatch(stored: Wire, patch: PreferencesPatch): Record<string, unknown> {
  const next: Record<string, unknown> = { ...stored, ...patch };
  const curve = stored.voltage_curve as readonly CurvePoint[] | null;
  if (!Object.hasOwn(patch, 'voltage_curve') && curve !== null && curve.length >= 2) {
    next.voltage_curve = moveCurveEnds(
      curve,
      Number(next.voltage_at_0_percent),
      Number(next.voltage_at_100_percent),
    );
  }
  return next;
}

/** Every rule that `next` breaks, named by both fields and both values. */
export function preferencesIssues(next: Wire, changed: PreferencesPatch): FieldIssue[] {
  const issues = orderingIssues(next, ORDERINGS, { changed, unit: 'V' });
  const curve = next.voltage_curve as readonly CurvePoint[] | null;
  // The ends are only worth comparing once they are in order themselves.
  if (curve !== null && issues.every((issue) => issue.path !== 'voltage_at_0_percent')) {
    const problem = curveProblem(
      curve,
      Number(next.voltage_at_0_percent),
      Number(next.voltage_at_100_percent),
    );
    if (problem !== null) {
      const path = changed.voltage_curve
        ? 'voltage_curve'
        : changed.voltage_at_0_percent !== undefined
          ? 'voltage_at_0_percent'
          : 'voltage_at_100_percent';
      issues.push({
        path,
        code: 'curve',
        message: `${problem}.`,
        values: {
          voltage_curve: curve,
          voltage_at_0_percent: next.voltage_at_0_percent,
          voltage_at_100_percent: next.voltage_at_100_percent,
        },
      });
    }
  }
  return issues;
}
