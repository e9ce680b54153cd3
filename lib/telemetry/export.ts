import { type Connection, getDatabase } from '@/db/client';
import type { Tier } from './bins';
import { MEASURE_NAMES } from './rollup-columns';

interface ExportRequest {
  readonly ownerId: string;
  /** Epoch ms, inclusive. */
  readonly from: number;
  /** Epoch ms, exclusive. */
  readonly to: number;
  readonly tier: Tier;
  readonly format: 'csv' | 'json';
  /** Whose days the tier of days follows. */
  readonly timeZone: string;
}

const ROWS_AT_ONCE = 500;

const RAW_NAMES = [
  'pack_voltage_v',
  'current_a',
  'battery_power_w',
  'battery_temperature_c',
  'reported_soc_pct',
  'voltage_soc_pct',
  'pv_w',
  'load_w',
  'grid_w',
  'charge_stage',
];

const TABLES = {
  raw: 'telemetry',
  '1m': 'telemetry_1m',
  '15m': 'telemetry_15m',
  '1d': 'telemetry_1d',
} as const;

/** One tier of history as a file that is read as fast as it is taken; giving it up ends the query. */
export function openExport(request: ExportRequest): ReadableStream<Uint8Array> {
  const texts = exportHistory(getDatabase().sql, request);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await texts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}

/** One tier of history as text, portion by portion: however long the range, little of it is in memory. */
async function* exportHistory(sql: Connection['sql'], request: ExportRequest): AsyncGenerator<string> {
  const { ownerId, from, to, tier, format, timeZone } = request;
  const key = tier === '1d' ? 'day' : 'ts';
  const names = [key, 'simulated', ...(tier === 'raw' ? RAW_NAMES : MEASURE_NAMES), 'loads', 'zones'];
  const instants = [new Date(from).toISOString(), new Date(to).toISOString()] as const;
  const within =
    tier === '1d'
      ? sql`day >= (${instants[0]}::timestamptz at time zone ${timeZone})::date
          and day <= ((${instants[1]}::timestamptz - interval '1 millisecond') at time zone ${timeZone})::date`
      : sql`ts >= ${instants[0]}::timestamptz and ts < ${instants[1]}::timestamptz`;
  const first = tier === '1d' ? sql`day::text as day` : sql`ts`;
  const portions = sql<Record<string, unknown>[]>`
    select ${first}, ${sql(names.slice(1))} from ${sql(TABLES[tier])}
    where user_id = ${ownerId} and ${within} order by ${sql(key)}, simulated`.cursor(ROWS_AT_ONCE);
  yield format === 'csv' ? `${names.join(',')}\r\n` : '[';
  let separator = '\n';
  for await (const rows of portions) {
    if (format === 'csv') {
      yield rows.map((row) => `${names.map((name) => csvCell(row[name])).join(',')}\r\n`).join('');
      continue;
    }
    yield rows.map((row, i) => `${i === 0 ? separator : ',\n'}${JSON.stringify(row)}`).join('');
    separator = ',\n';
  }
  if (format === 'json') yield '\n]\n';
}

/** RFC 4180; an empty cell is not known. */
function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
