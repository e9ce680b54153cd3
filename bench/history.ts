/**
 * How fast history answers over ten years of data, and how much room a site needs: `npm run bench:history`.
 * Ten years are made in a scratch database: the week that a simulated site is given, repeated, in each tier as long as
 * it is kept by default. Each range is asked for at random places, through the route's own handler; beside each request
 * stands a `select 1`, which tells how busy the machine was meanwhile.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { getColumns, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { type Connection, connect } from '@/db/client';
import { telemetry, telemetry1d, telemetry1m, telemetry15m } from '@/db/schema';
import { createApiToken } from '@/lib/auth/tokens';
import { OWNER_ID } from '@/lib/core/defaults';
import { setUpDatabase } from '@/lib/devices/setup-database';
import { openDevice } from '@/lib/drivers/registry';
import { freePort } from '@/lib/launcher/free-port';
import { startPostgres } from '@/lib/launcher/postgres';
import { rollUp } from '@/lib/telemetry/rollup';
import { backfill } from '@/lib/worker/backfill';
import { buildConfig, readSettings } from '@/lib/worker/config';
import { takeOver } from '@/lib/worker/store';

const { values: options } = parseArgs({
  options: { requests: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;
const WEEKS = { raw: 5, minute: 53, quarter: 522 };
const RAW_DAYS = 30;
const GOAL_MS = 50;

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** The same week again and again, as far back as each tier is kept. */
async function fillTenYears({ db }: Connection, now: number): Promise<void> {
  const who = { ownerId: OWNER_ID, workerId: 'bench' };
  await takeOver(connection, who, now);
  const config = buildConfig(await readSettings(db, OWNER_ID, now), (device) => device.connection);
  const signal = new AbortController().signal;
  await backfill(connection, config, { who, open: openDevice, now, log: silent, signal });
  await rollUp(db, { ownerId: OWNER_ID, timeZone: config.timeZone, full: { floatV: 55, tailA: 45 } });

  const others = (table: PgTable, key: string) =>
    sql.raw(
      Object.values(getColumns(table))
        .map((column) => column.name)
        .filter((name) => name !== key)
        .join(', '),
    );
  const repeat = async (table: typeof telemetry1m | typeof telemetry15m, weeks: number) => {
    const columns = others(table, 'ts');
    await db.execute(sql`
      insert into ${table} (ts, ${columns})
      select ts - n * interval '7 days', ${columns} from ${table}, generate_series(1, ${weeks}) n
      order by 1 on conflict do nothing`);
  };
  await repeat(telemetry1m, WEEKS.minute);
  await repeat(telemetry15m, WEEKS.quarter);
  const dayColumns = others(telemetry1d, 'day');
  await db.execute(sql`
    insert into ${telemetry1d} (day, ${dayColumns})
    select day - n * 7, ${dayColumns} from ${telemetry1d}, generate_series(1, ${WEEKS.quarter}) n
    on conflict do nothing`);
  // The past was lived in ticks of a minute; a worker ticks every ten seconds.
  const rawColumns = others(telemetry, 'ts');
  await db.execute(sql`
    insert into ${telemetry} (ts, ${rawColumns})
    select ts - n * interval '7 days' + s * interval '10 seconds', ${rawColumns}
    from ${telemetry}, generate_series(0, ${WEEKS.raw}) n, generate_series(0, 5) s
    where ts - n * interval '7 days' > ${new Date(now - RAW_DAYS * DAY).toISOString()}::timestamptz
    order by 1 on conflict do nothing`);
  await db.execute(sql`
    update telemetry_rollup_state set rolled_to = (select max(ts) from telemetry),
      final_before = (select date_trunc('hour', min(ts)) from telemetry)`);
  for (const table of ['telemetry', 'telemetry_1m', 'telemetry_15m', 'telemetry_1d']) {
    await connection.sql.unsafe(`vacuum analyze ${table}`);
  }
}

async function printStorage({ db }: Connection): Promise<void> {
  const tiers = [
    { name: 'telemetry', keptDays: 30 },
    { name: 'telemetry_1m', keptDays: 365 },
    { name: 'telemetry_15m', keptDays: null },
    { name: 'telemetry_1d', keptDays: null },
  ];
  const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
  let firstYear = 0;
  let eachFurther = 0;
  console.log('\n| tier | rows | bytes per row, indexes included | MB per site-year at default retention |');
  console.log('|---|---|---|---|');
  for (const { name, keptDays } of tiers) {
    const [size] = await db.execute<{ bytes: number; rows: number }>(
      sql`select pg_total_relation_size(${name})::float8 as bytes, (select count(*) from ${sql.raw(name)})::float8 as rows`,
    );
    if (!size) continue;
    const perRow = size.bytes / size.rows;
    const perDay = { telemetry: 8640, telemetry_1m: 1440, telemetry_15m: 96, telemetry_1d: 1 }[name] ?? 0;
    const year = perRow * perDay * Math.min(keptDays ?? 365.25, 365.25);
    firstYear += year;
    if (keptDays === null) eachFurther += year;
    console.log(`| ${name} | ${size.rows} | ${perRow.toFixed(0)} | ${mb(year)} |`);
  }
  console.log(`\nFirst site-year ${mb(firstYear)} MB; each further year ${mb(eachFurther)} MB.`);
}

/** mulberry32: the same places in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const RANGES = [
  { name: 'an hour of this month', spanMs: HOUR, backMs: 29 * DAY },
  { name: 'an hour of long ago', spanMs: HOUR, backMs: 9 * YEAR },
  { name: 'a day of this year', spanMs: DAY, backMs: 350 * DAY },
  { name: 'three days of this year', spanMs: 3 * DAY, backMs: 350 * DAY },
  { name: 'a day', spanMs: DAY, backMs: 9 * YEAR },
  { name: 'a week', spanMs: 7 * DAY, backMs: 9 * YEAR },
  { name: 'a month', spanMs: 31 * DAY, backMs: 9 * YEAR },
  { name: 'six weeks', spanMs: 41 * DAY, backMs: 9 * YEAR },
  { name: 'half a year', spanMs: 183 * DAY, backMs: 9 * YEAR },
  { name: 'a year', spanMs: YEAR, backMs: 8 * YEAR },
  { name: 'ten years', spanMs: 10 * YEAR, backMs: 0 },
];

type Get = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

/** Median and 95th percentile as a cell, ms. */
function spread(times: number[]): string {
  times.sort((a, b) => a - b);
  const quantile = (q: number) =>
    times[Math.min(times.length - 1, Math.floor(q * times.length))] ?? Number.NaN;
  return `${quantile(0.5).toFixed(1)} / ${quantile(0.95).toFixed(1)}`;
}

async function measure(get: Get, token: string, range: (typeof RANGES)[number], now: number) {
  const random = seeded(Number(options.seed));
  const times: number[] = [];
  const bare: number[] = [];
  let points = 0;
  for (let i = 0; i < Number(options.requests) + 3; i++) {
    const to = now - random() * range.backMs;
    const query = new URLSearchParams({
      from: new Date(to - range.spanMs).toISOString(),
      to: new Date(to).toISOString(),
    });
    const request = new Request(`http://bench.test/api/telemetry?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const bareMs = performance.now();
    await connection.sql`select 1`;
    const startedMs = performance.now();
    const response = await get(request, { params: Promise.resolve({}) });
    const text = await response.text();
    const tookMs = performance.now() - startedMs;
    if (response.status !== 200) throw new Error(`${response.status} ${text}`);
    // The first few open connections and fill caches.
    if (i >= 3) {
      times.push(tookMs);
      bare.push(startedMs - bareMs);
    }
    const body = JSON.parse(text) as { series?: { at: unknown[] }; at?: unknown[] };
    points = Math.max(points, (body.series?.at ?? body.at ?? []).length);
  }
  return { request: spread(times), bare: spread(bare), points };
}

const directory = mkdtempSync(join(tmpdir(), 'commandcenter-bench-history-'));
const database = await startPostgres({ dataDir: directory, port: await freePort() });
const admin = postgres(database.url('postgres'), { max: 1, onnotice: () => {} });
await admin`create database commandcenter`;
await admin.end();
const url = database.url('commandcenter');
await setUpDatabase(url);
const connection = connect(url, { max: 2, applicationName: 'bench' });
try {
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  const startedMs = performance.now();
  await fillTenYears(connection, now);
  console.log(`Ten years made in ${((performance.now() - startedMs) / 1000).toFixed(0)} s.`);
  await printStorage(connection);

  const { token } = await createApiToken(connection.db, {
    ownerId: OWNER_ID,
    name: 'bench',
    scope: 'read',
    expiresAt: null,
  });
  process.env.DATABASE_URL = url;
  const routes = [
    { name: '/api/telemetry', get: (await import('@/app/api/telemetry/route')).GET as Get },
    { name: '/api/telemetry/runs', get: (await import('@/app/api/telemetry/runs/route')).GET as Get },
  ];
  console.log(`\n${options.requests} requests each; goal: p95 at most ${GOAL_MS} ms, at most 2000 points.`);
  console.log('\n| range | points | history p50 / p95, ms | bare query | runs p50 / p95, ms | bare query |');
  console.log('|---|---|---|---|---|---|');
  for (const range of RANGES) {
    const cells: string[] = [];
    let points = 0;
    for (const { get } of routes) {
      const result = await measure(get, token, range, now);
      points = Math.max(points, result.points);
      cells.push(result.request, result.bare);
    }
    console.log(`| ${range.name} | ${points} | ${cells.join(' | ')} |`);
  }
} finally {
  await connection.end();
  const { getDatabase } = await import('@/db/client');
  if (process.env.DATABASE_URL === url) await getDatabase().end();
  await database.stop();
  rmSync(directory, { recursive: true, force: true });
}
