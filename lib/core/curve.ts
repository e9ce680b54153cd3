import type { CurvePoint, Preferences } from './types';

type CurvePreferences = Pick<
  Preferences,
  'voltageCurve' | 'useCustomSocMapping' | 'voltageAt0Percent' | 'voltageAt100Percent'
>;

/** The points in use: the owner's curve, or a straight line between the two calibration voltages. */
export function curveOf(preferences: CurvePreferences): readonly CurvePoint[] {
  const { voltageCurve, voltageAt0Percent, voltageAt100Percent } = preferences;
  if (preferences.useCustomSocMapping && voltageCurve !== null && voltageCurve.length >= 2)
    return voltageCurve;
  return [
    { soc: 0, voltage: voltageAt0Percent },
    { soc: 100, voltage: voltageAt100Percent },
  ];
}

/** State of charge in % for a rest voltage in V; piecewise linear, clamped to the curve's ends. */
export function socPctOfVoltage(curve: readonly CurvePoint[], voltageV: number): number {
  return interpolate(curve, voltageV, 'voltage', 'soc');
}

/** Rest voltage in V for a state of charge in %; the inverse of `socPctOfVoltage`, clamped likewise. */
export function voltageOfSocPct(curve: readonly CurvePoint[], socPct: number): number {
  return interpolate(curve, socPct, 'soc', 'voltage');
}

function interpolate(
  curve: readonly CurvePoint[],
  x: number,
  from: keyof CurvePoint,
  to: keyof CurvePoint,
): number {
  let below = curve[0];
  if (below === undefined) return Number.NaN;
  if (x <= below[from]) return below[to];
  for (let i = 1; i < curve.length; i++) {
    const above = curve[i];
    if (above === undefined) break;
    if (x <= above[from]) {
      return below[to] + ((x - below[from]) / (above[from] - below[from])) * (above[to] - below[to]);
    }
    below = above;
  }
  return below[to];
}

/**
 * What is wrong with a stored curve, naming the values that clash, or null: at least two points, strictly
 * increasing in both, from (0 %, `at0V`) to (100 %, `at100V`).
 */
export function curveProblem(curve: readonly CurvePoint[], at0V: number, at100V: number): string | null {
  const first = curve[0];
  const last = curve[curve.length - 1];
  if (first === undefined || last === undefined || curve.length < 2) {
    return `voltage_curve has ${curve.length} point${curve.length === 1 ? '' : 's'}; it needs at least 2`;
  }
  let previous: CurvePoint | null = null;
  for (const point of curve) {
    if (!Number.isFinite(point.soc) || !Number.isFinite(point.voltage)) {
      return `voltage_curve has a point that is not a number (${point.soc} %, ${point.voltage} V)`;
    }
    if (previous !== null && point.soc <= previous.soc) {
      return `voltage_curve: soc ${point.soc} % must be above the ${previous.soc} % before it`;
    }
    if (previous !== null && point.voltage <= previous.voltage) {
      return `voltage_curve: ${point.voltage} V at ${point.soc} % must be above the ${previous.voltage} V at ${previous.soc} %`;
    }
    previous = point;
  }
  if (first.soc !== 0 || first.voltage !== at0V) {
    return `voltage_curve starts at (${first.soc} %, ${first.voltage} V); it must start at (0 %, voltage_at_0_percent = ${at0V} V)`;
  }
  if (last.soc !== 100 || last.voltage !== at100V) {
    return `voltage_curve ends at (${last.soc} %, ${last.voltage} V); it must end at (100 %, voltage_at_100_percent = ${at100V} V)`;
  }
  return null;
}

/** The curve with its two ends moved to new calibration voltages, the points between kept as they are. */
export function moveCurveEnds(
  curve: readonly CurvePoint[],
  at0V: number,
  at100V: number,
): readonly CurvePoint[] {
  return curve.map((point, index) => {
    if (index === 0) return { soc: point.soc, voltage: at0V };
    if (index === curve.length - 1) return { soc: point.soc, voltage: at100V };
    return point;
  });
}
