import { createReadStream } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { type CsvError, parse } from 'csv-parse';
import { DriverError } from '../types';
import { SHIPPED_RECORDING } from './schema';
import { COLUMNS, type Column, type Series } from './series';

/** About four years at one minute. */
const MAX_ROWS = 2_200_000;

/** Spellings we accept for the time and for each column; the first is the documented one. */
const TIME_NAMES = ['timestamp_utc', 'timestamp', 'time', 'ts'];
const COLUMN_NAMES: Readonly<Record<Column, readonly string[]>> = {
  loadW: ['load_w', 'ac_load_w'],
  pvW: ['pv_w', 'pv_power_w', 'pv_ac_w', 'pv_dc_est_w'],
  gridW: ['grid_w'],
  packVoltageV: ['battery_voltage_v', 'pack_voltage_v', 'batt_voltage_min_v', 'voltage_v'],
  currentA: ['battery_current_a', 'pack_current_a', 'batt_current_avg_a', 'current_a'],
  batteryPowerW: ['battery_power_w', 'batt_power_w'],
  socPct: ['soc_pct', 'reported_soc_pct', 'soc_min_pct'],
  temperatureC: ['battery_temp_c', 'battery_temperature_c', 'pack_temp_min_c'],
};

/** Folder in which an owner puts recordings. */
export function recordingsFolder(): string {
  return join(resolve(process.env.COMMANDCENTER_DATA ?? '.data'), 'recordings');
}

/**
 * The file behind a name: the shipped year, or a file inside the recordings folder. Rejects with a DriverError
 * what lies outside it, by `..`, an absolute path or a link, and what does not exist.
 */
export async function locateRecording(name: string): Promise<string> {
  if (name === SHIPPED_RECORDING) return locateShipped();
  const folder = recordingsFolder();
  const wanted = resolve(folder, name);
  if (isAbsolute(name) || !isInside(folder, wanted)) throw outside(name);
  try {
    const [realFolder, real] = await Promise.all([realpath(folder), realpath(wanted)]);
    if (!isInside(realFolder, real)) throw outside(name);
    return real;
  } catch (error) {
    if (error instanceof DriverError) throw error;
    throw new DriverError(
      'unreachable',
      `Recording "${name}" is not in the recordings folder. Copy the file into ${folder}.`,
      true,
      { cause: error },
    );
  }
}

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return (
    path !== '' &&
    path !== '..' &&
    !path.startsWith(`..${process.platform === 'win32' ? '\\' : '/'}`) &&
    !isAbsolute(path)
  );
}

function outside(name: string): DriverError {
  return new DriverError(
    'refused',
    `Recording "${name}" lies outside the recordings folder, which is not allowed.`,
    false,
  );
}

async function locateShipped(): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url));
  // From the source tree, from the bundle in dist/, from the directory the app was started in.
  const places = [join(here, '../../../data'), join(here, '../data'), join(process.cwd(), 'data')];
  for (const place of places) {
    const file = join(place, `${SHIPPED_RECORDING}.csv.gz`);
    const found = await access(file).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  throw new DriverError(
    'unreachable',
    `The shipped recording "${SHIPPED_RECORDING}" is missing from data/.`,
    false,
  );
}

/** Reads a whole CSV, gz or not. Rejects with a DriverError that names the line, the column and the value. */
export async function readRecording(path: string, name: string): Promise<Series> {
  const read = createReadStream(path);
  const parser = parse({ bom: true, trim: true, skip_empty_lines: true, relax_column_count: false });
  const finish = (error: NodeJS.ErrnoException | null) => {
    if (error) parser.destroy(error);
  };
  if (path.toLowerCase().endsWith('.gz')) pipeline(read, createGunzip(), parser, finish);
  else pipeline(read, parser, finish);
  const times: number[] = [];
  let cells: { column: Column; at: number; values: number[] }[] | null = null;
  let timeAt = -1;
  let line = 0;
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      line += 1;
      if (!cells) {
        timeAt = record.findIndex((title) => TIME_NAMES.includes(title.toLowerCase()));
        cells = columnsOf(record, timeAt, name);
        continue;
      }
      if (times.length >= MAX_ROWS) throw malformed(name, `it has more than ${MAX_ROWS} rows`);
      times.push(timeOf(record[timeAt] ?? '', times.at(-1), { name, line }));
      for (const { column, at, values } of cells)
        values.push(numberOf(record[at] ?? '', column, { name, line }));
    }
  } catch (error) {
    if (error instanceof DriverError) throw error;
    throw malformed(name, csvProblem(error as CsvError | NodeJS.ErrnoException), error);
  }
  if (!cells || times.length < 2) throw malformed(name, 'it has fewer than two rows');
  return {
    timesMs: Float64Array.from(times),
    columns: Object.fromEntries(cells.map(({ column, values }) => [column, Float64Array.from(values)])),
    stepMs: medianStep(times),
  };
}

function columnsOf(titles: readonly string[], timeAt: number, name: string) {
  if (timeAt < 0) throw malformed(name, `it has no column ${TIME_NAMES[0]}`);
  const lower = titles.map((title) => title.toLowerCase());
  const found = COLUMNS.flatMap((column) => {
    const spelled = COLUMN_NAMES[column].find((title) => lower.includes(title));
    return spelled === undefined ? [] : [{ column, at: lower.indexOf(spelled), values: [] as number[] }];
  });
  if (found.length === 0) throw malformed(name, 'it has none of the columns that docs/recording.md lists');
  return found;
}

function timeOf(
  text: string,
  previous: number | undefined,
  { name, line }: { name: string; line: number },
): number {
  const atMs = /^\d+(\.\d+)?$/.test(text) ? epochMs(Number(text)) : Date.parse(withZone(text));
  if (!Number.isFinite(atMs))
    throw malformed(name, `line ${line}: "${text}" is not a time such as 2024-02-28T21:00:00Z`);
  if (previous !== undefined && atMs <= previous) {
    throw malformed(name, `line ${line}: ${text} is not later than the row before it`);
  }
  return atMs;
}

/** Seconds up to the year 5138, milliseconds from 1973. */
function epochMs(count: number): number {
  return count < 1e11 ? count * 1000 : count;
}

/** The column is UTC; a time written without a zone would otherwise be taken as that of this machine. */
function withZone(text: string): string {
  const iso = text.replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T').replace(/ UTC$/, 'Z');
  return /([zZ]|[+-]\d{2}:?\d{2})$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`;
}

function numberOf(text: string, column: Column, { name, line }: { name: string; line: number }): number {
  if (text === '' || /^(nan|null)$/i.test(text)) return Number.NaN;
  const value = Number(text);
  if (!Number.isFinite(value)) {
    throw malformed(name, `line ${line}: ${COLUMN_NAMES[column][0]} is "${text}", not a number`);
  }
  return value;
}

function medianStep(times: readonly number[]): number {
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

function csvProblem(error: CsvError | NodeJS.ErrnoException): string {
  if (error.code?.startsWith('Z_')) return 'it is not a whole gzip file';
  if ('lines' in error)
    return `line ${error.lines}: ${error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH' ? 'the number of cells differs from the first line' : 'not valid CSV'}`;
  return 'it cannot be read';
}

function malformed(name: string, problem: string, cause?: unknown): DriverError {
  return new DriverError('malformed', `Recording "${name}": ${problem}.`, false, { cause });
}
