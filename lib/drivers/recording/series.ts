/** The columns of a recording, in our names, units and signs. */
export const COLUMNS = [
  'loadW',
  'pvW',
  'gridW',
  'packVoltageV',
  'currentA',
  'batteryPowerW',
  'socPct',
  'temperatureC',
] as const;
export type Column = (typeof COLUMNS)[number];

/** Rows in ascending time; NaN = an empty cell. */
export interface Series {
  readonly timesMs: Float64Array;
  readonly columns: Readonly<Partial<Record<Column, Float64Array>>>;
  /** The usual distance between rows, ms: the median. */
  readonly stepMs: number;
}

/**
 * Value at `atMs`, straight between the nearest filled cells before and after; null outside the recording, and
 * where those two are more than two steps apart.
 */
export function valueAt(series: Series, column: Column, atMs: number): number | null {
  const values = series.columns[column];
  if (!values) return null;
  const { timesMs, stepMs } = series;
  const row = lastRowAt(timesMs, atMs);
  const before = nearestFilled(values, row, -1);
  const exact = before === null ? undefined : timesMs[before];
  if (before !== null && exact === atMs) return values[before] ?? null;
  const after = nearestFilled(values, row + 1, 1);
  if (before === null || after === null) return null;
  return between(timesMs[before], values[before], timesMs[after], values[after], atMs, stepMs);
}

/** Value at `atMs` between the last row and the first one, which stands for `firstAgainMs`. */
export function valueAcrossEnd(
  series: Series,
  column: Column,
  atMs: number,
  firstAgainMs: number,
): number | null {
  const values = series.columns[column];
  const last = series.timesMs.length - 1;
  if (!values) return null;
  return between(series.timesMs[last], values[last], firstAgainMs, values[0], atMs, series.stepMs);
}

function between(
  t0: number | undefined,
  v0: number | undefined,
  t1: number | undefined,
  v1: number | undefined,
  atMs: number,
  stepMs: number,
): number | null {
  if (t0 === undefined || t1 === undefined || v0 === undefined || v1 === undefined) return null;
  if (Number.isNaN(v0) || Number.isNaN(v1) || t1 - t0 > 2 * stepMs) return null;
  return v0 + ((v1 - v0) * (atMs - t0)) / (t1 - t0);
}

/** Index of the last row at or before `atMs`; −1 before the first. */
function lastRowAt(timesMs: Float64Array, atMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesMs[middle] ?? Number.POSITIVE_INFINITY) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function nearestFilled(values: Float64Array, from: number, direction: 1 | -1): number | null {
  // Two filled cells within two steps are at most a few rows apart; rows closer than a step may be more.
  for (let i = from, tried = 0; i >= 0 && i < values.length && tried < 100; i += direction, tried += 1) {
    if (!Number.isNaN(values[i])) return i;
  }
  return null;
}
