import type { WireTelemetry } from '@/lib/telemetry/serialise';

/** One point of the history charts; null = nothing known, which the line shows as a gap. */
export interface HistoryPoint {
  readonly at: number;
  readonly packVoltageV: number | null;
  /** Lowest and highest in the bin. */
  readonly voltageRangeV: readonly [number, number] | null;
  readonly voltageSocPct: number | null;
  readonly reportedSocPct: number | null;
  readonly pvW: number | null;
  readonly loadW: number | null;
  readonly batteryPowerW: number | null;
  readonly gridW: number | null;
  readonly batteryTemperatureC: number | null;
}

export interface History {
  readonly from: number;
  readonly to: number;
  /** Width of a bin, s; null: each row as recorded. */
  readonly binSeconds: number | null;
  readonly points: readonly HistoryPoint[];
  readonly simulated: 'none' | 'some' | 'all';
}

/** From the columns of GET /api/telemetry to the rows that charts draw. */
export function historyOf({ from, to, bin_seconds, series }: WireTelemetry): History {
  const points = series.at.map((at, i): HistoryPoint => {
    const low = series.pack_voltage_min_v[i] ?? null;
    const high = series.pack_voltage_max_v[i] ?? null;
    return {
      at: Date.parse(at),
      packVoltageV: series.pack_voltage_v[i] ?? null,
      voltageRangeV: low === null || high === null ? null : [low, high],
      voltageSocPct: series.voltage_soc_pct[i] ?? null,
      reportedSocPct: series.reported_soc_pct[i] ?? null,
      pvW: series.pv_w[i] ?? null,
      loadW: series.load_w[i] ?? null,
      batteryPowerW: series.battery_power_w[i] ?? null,
      gridW: series.grid_w[i] ?? null,
      batteryTemperatureC: series.battery_temperature_c[i] ?? null,
    };
  });
  const simulated = series.simulated.filter(Boolean).length;
  return {
    from: Date.parse(from),
    to: Date.parse(to),
    binSeconds: bin_seconds,
    points,
    simulated: simulated === 0 ? 'none' : simulated === points.length ? 'all' : 'some',
  };
}

export interface Extreme {
  readonly value: number;
  readonly at: number;
}

/** Lowest and highest of what was known, with when; null when nothing was. */
export function extremesOf(
  points: readonly HistoryPoint[],
  pick: (point: HistoryPoint) => number | null,
): { readonly lowest: Extreme; readonly highest: Extreme } | null {
  let lowest: Extreme | null = null;
  let highest: Extreme | null = null;
  for (const point of points) {
    const value = pick(point);
    if (value === null) continue;
    if (lowest === null || value < lowest.value) lowest = { value, at: point.at };
    if (highest === null || value > highest.value) highest = { value, at: point.at };
  }
  return lowest && highest ? { lowest, highest } : null;
}

/** As `extremesOf`, of all that was measured: a bin keeps its lowest and highest voltage. */
export function voltageExtremesOf(points: readonly HistoryPoint[]): ReturnType<typeof extremesOf> {
  const lowest = extremesOf(points, ({ voltageRangeV, packVoltageV }) => voltageRangeV?.[0] ?? packVoltageV);
  const highest = extremesOf(points, ({ voltageRangeV, packVoltageV }) => voltageRangeV?.[1] ?? packVoltageV);
  return lowest && highest && { lowest: lowest.lowest, highest: highest.highest };
}

/** Shorter means than these show the peaks all the same, s. */
const LONG_MEAN_S = 900;

/** Over which time a chart's values are means, where that hides peaks: "an hour"; null where it does not. */
export function meanOver(binSeconds: number | null): string | null {
  if (binSeconds === null || binSeconds < LONG_MEAN_S) return null;
  if (binSeconds < 3600) return `${binSeconds / 60} min`;
  if (binSeconds === 3600) return 'an hour';
  if (binSeconds < 86_400) return `${binSeconds / 3600} hours`;
  return binSeconds === 86_400 ? 'a day' : `${Math.round(binSeconds / 86_400)} days`;
}

/** ", as means of an hour": what a sentence with such values must add; empty where nothing is hidden. */
export function asMeans(binSeconds: number | null): string {
  const over = meanOver(binSeconds);
  return over === null ? '' : `, as means of ${over}`;
}

/** At most `count` points, evenly spread, the newest among them: for the table beside a chart. */
export function sampled(points: readonly HistoryPoint[], count: number): readonly HistoryPoint[] {
  if (points.length <= count) return points;
  const step = (points.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => points[Math.round(i * step)]).filter(
    (point) => point !== undefined,
  );
}
