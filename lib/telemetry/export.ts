import { type Connection, getDatabase } from '@/db/client';
import type { Tier } from './bins';
import { type CsvColumn, csvCell, loadAndZoneColumns } from './csv-columns';
import { nameLoads } from './load-names';
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
export async function openExport(request: ExportRequest): Promise<ReadableStream<Uint8Array>> {
  const database = getDatabase();
  const texts =
    request.format === 'csv'
      ? csvTexts(database.sql, request, await csvColumns(database, request))
      : jsonTexts(database.sql, request);
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

const keyOf = (tier: Tier) => (tier === '1d' ? 'day' : 'ts');

/** Columns that a row has of its own, whatever the site. */
const plainNames = (tier: Tier): string[] => [
  keyOf(tier),
  'simulated',
  ...(tier === 'raw' ? RAW_NAMES : MEASURE_NAMES),
];

function rowsWithin(sql: Connection['sql'], { ownerId, from, to, tier, timeZone }: ExportRequest) {
  const instants = [new Date(from).toISOString(), new Date(to).toISOString()] as const;
  const within =
    tier === '1d'
      ? sql`day >= (${instants[0]}::timestamptz at time zone ${timeZone})::date
          and day <= ((${instants[1]}::timestamptz - interval '1 millisecond') at time zone ${timeZone})::date`
      : sql`ts >= ${instants[0]}::timestamptz and ts < ${instants[1]}::timestamptz`;
  return sql`from ${sql(TABLES[tier])} where user_id = ${ownerId} and ${within}`;
}

/** Portion by portion: however long the range, little of it is in memory. */
function portionsOf(sql: Connection['sql'], request: ExportRequest) {
  const key = keyOf(request.tier);
  const first = request.tier === '1d' ? sql`day::text as day` : sql`ts`;
  const others = [...plainNames(request.tier).slice(1), 'loads', 'zones'];
  return sql<Record<string, unknown>[]>`
    select ${first}, ${sql(others)} ${rowsWithin(sql, request)} order by ${sql(key)}, simulated`.cursor(
    ROWS_AT_ONCE,
  );
}

/**
 * Rows that name every load and zone of the range between them, without a look at each row of a fine tier. Quarters hold
 * what ever ran; what never did is in each raw row between two changes of settings, so the last of them will do.
 */
function namingRows(sql: Connection['sql'], request: ExportRequest) {
  const { ownerId, tier } = request;
  if (tier === '15m' || tier === '1d') return sql`select loads, zones ${rowsWithin(sql, request)}`;
  const from = sql`${new Date(request.from).toISOString()}::timestamptz`;
  const to = sql`${new Date(request.to).toISOString()}::timestamptz`;
  const quarters = sql`select loads, zones from telemetry_15m
    where user_id = ${ownerId} and ts > ${from} - interval '15 minutes' and ts < ${to}`;
  if (tier === '1m') return quarters;
  return sql`${quarters}
    union all (select loads, zones ${rowsWithin(sql, request)} order by ts limit 1)
    union all select last.loads, last.zones
    from (
      select at from settings_versions where user_id = ${ownerId} and at > ${from} and at < ${to}
      union all select ${to}
    ) as change, lateral (
      select loads, zones ${rowsWithin(sql, request)} and ts < change.at order by ts desc limit 1
    ) as last`;
}

/** The head of a CSV file stands before its first row: which loads and zones the range holds is asked beforehand. */
async function csvColumns({ db, sql }: Connection, request: ExportRequest): Promise<CsvColumn[]> {
  const { ownerId, tier } = request;
  const idsIn = async (column: 'loads' | 'zones') => {
    const rows = await sql<{ id: string }[]>`
      select distinct jsonb_object_keys(${sql(column)}) as id from (${namingRows(sql, request)}) as naming order by id`;
    return rows.map(({ id }) => id);
  };
  const [loadIds, zoneIds] = await Promise.all([idsIn('loads'), idsIn('zones')]);
  const names = await nameLoads(db, ownerId, loadIds);
  const plain = plainNames(tier).map((name) => ({
    name,
    cellOf: (row: Readonly<Record<string, unknown>>) => row[name],
  }));
  return [...plain, ...loadAndZoneColumns({ names, loadIds, zoneIds }, { isRaw: tier === 'raw' })];
}

async function* csvTexts(
  sql: Connection['sql'],
  request: ExportRequest,
  columns: readonly CsvColumn[],
): AsyncGenerator<string> {
  yield `${columns.map(({ name }) => csvCell(name)).join(',')}\r\n`;
  for await (const rows of portionsOf(sql, request))
    yield rows.map((row) => `${columns.map(({ cellOf }) => csvCell(cellOf(row))).join(',')}\r\n`).join('');
}

async function* jsonTexts(sql: Connection['sql'], request: ExportRequest): AsyncGenerator<string> {
  yield '[';
  let separator = '\n';
  for await (const rows of portionsOf(sql, request)) {
    yield rows.map((row, i) => `${i === 0 ? separator : ',\n'}${JSON.stringify(row)}`).join('');
    separator = ',\n';
  }
  yield '\n]\n';
}
