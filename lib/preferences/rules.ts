import { curveProblem, moveCurveEnds } from '@/lib/core/curve';
import { DEFAULT_PREFERENCES } from '@/lib/core/defaults';
import type { CurvePoint } from '@/lib/core/types';
import type { FieldIssue } from '@/lib/errors';
import { offsetMs } from '@/lib/local-day';
import { type Ordering, orderingIssues } from '@/lib/ordering';
import type { PreferencesPatch } from './schema';

/** CHECK valid_voltage_calibration and valid_voltage_ranges, pair by pair. */
export const PREFERENCES_ORDERINGS: readonly Ordering[] = [
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

/** A V1.9 row may hold anything in this column. */
export function isCurve(value: unknown): value is readonly CurvePoint[] {
  const isPoint = (point: unknown) =>
    typeof point === 'object' &&
    point !== null &&
    'soc' in point &&
    'voltage' in point &&
    typeof point.soc === 'number' &&
    typeof point.voltage === 'number';
  return Array.isArray(value) && value.every(isPoint);
}

const movesEnds = (patch: PreferencesPatch) =>
  patch.voltage_at_0_percent !== undefined || patch.voltage_at_100_percent !== undefined;

/**
 * The patch with what follows from it: the two calibration voltages, changed without a curve, take the stored curve's
 * ends with them (control.md §2).
 */
export function completePatch(stored: Wire, patch: PreferencesPatch): PreferencesPatch {
  const curve = stored.voltage_curve;
  if (patch.voltage_curve !== undefined || !movesEnds(patch) || !isCurve(curve) || curve.length < 2)
    return patch;
  const at0V = patch.voltage_at_0_percent ?? Number(stored.voltage_at_0_percent);
  const at100V = patch.voltage_at_100_percent ?? Number(stored.voltage_at_100_percent);
  return { ...patch, voltage_curve: [...moveCurveEnds(curve, at0V, at100V)] };
}

/** A stored curve that nobody touches is not judged: it is for display only and must not stand in the way of a threshold. */
function curveIssues(next: Wire, asked: PreferencesPatch): FieldIssue[] {
  const curve = next.voltage_curve;
  if (curve === null || !(asked.voltage_curve !== undefined || movesEnds(asked))) return [];
  const at0V = Number(next.voltage_at_0_percent);
  const at100V = Number(next.voltage_at_100_percent);
  const problem = isCurve(curve)
    ? curveProblem(curve, at0V, at100V)
    : 'the stored voltage_curve is no list of points; send one, or null for a straight line';
  if (problem === null) return [];
  const path = (['voltage_curve', 'voltage_at_0_percent', 'voltage_at_100_percent'] as const).find(
    (name) => asked[name] !== undefined,
  );
  const values = { voltage_curve: curve, voltage_at_0_percent: at0V, voltage_at_100_percent: at100V };
  return [{ path: path ?? 'voltage_curve', code: 'curve', message: `${problem}.`, values }];
}

/** Every rule that `next` breaks, named by both fields and both values; `asked` is what the client sent. */
export function preferencesIssues(next: Wire, asked: PreferencesPatch): FieldIssue[] {
  const issues = orderingIssues(next, PREFERENCES_ORDERINGS, { changed: asked, unit: 'V' });
  // The ends are only worth comparing once they are in order themselves.
  const endsInOrder = Number(next.voltage_at_0_percent) < Number(next.voltage_at_100_percent);
  return endsInOrder ? [...issues, ...curveIssues(next, asked)] : issues;
}

/** Whether the site still stands where every new one does: nobody has said where it is. */
export function isPlaceUnset(place: {
  readonly timezone: string;
  readonly locationLat: number | null;
  readonly locationLon: number | null;
}): boolean {
  return (['timezone', 'locationLat', 'locationLon'] as const).every(
    (name) => place[name] === DEFAULT_PREFERENCES[name],
  );
}

const HALF_YEAR_MS = 183 * 86_400_000;
/** The sun moves a degree in four minutes. */
const MS_PER_DEGREE = 240_000;

/** Where on the globe the sun is highest when the zone's clock, without summer time, shows noon: ° east of Greenwich. */
export function noonLongitudeDeg(timeZone: string, now: number): number {
  const winterMs = Math.min(offsetMs(now, timeZone), offsetMs(now + HALF_YEAR_MS, timeZone));
  const eastDeg = winterMs / MS_PER_DEGREE;
  return eastDeg > 180 ? eastDeg - 360 : eastDeg;
}
