import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { minerProfiles, settingsVersions, telemetry as telemetryTable } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { minerLoadId } from '@/lib/core/loads';
import { readSince } from '@/lib/since/queries';
import { noteRecorded, rollUp } from '@/lib/telemetry/rollup';
import { call, openSite } from '@/test/api';
import * as gains from './gains/route';
import * as sinceRoute from './since/route';
import * as history from './telemetry/export/route';
import * as retention from './telemetry/retention/route';
import * as telemetry from './telemetry/route';
import * as storage from './telemetry/storage/route';

const site = openSite();
const START = Date.UTC(2026, 4, 1, 7);
const HOUR = 3_600_000;
let reader = '';
let admin = '';
let minerId = '';

/**
 * Two days of Los Angeles: the miner draws 1 kW from noon to four, the bank is full at five, from eight to nine the miner
 * is not heard of; before them a model's hour.
 */
beforeAll(async () => {
  reader = await site().token('read');
  admin = await site().token('admin');
  const { db } = site();
  const [miner] = await db.select().from(minerProfiles).orderBy(minerProfiles.priorityLevel);
  minerId = minerLoadId(miner?.id ?? '');
  const hour = sql.raw(`extract(hour from ts at time zone 'America/Los_Angeles')`);
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      insert into telemetry (user_id, ts, pack_voltage_v, pv_w, load_w, grid_w, battery_power_w, charge_stage, simulated, config_version, tick, loads)
      select ${OWNER_ID}, ts, 52.5, case when ${hour} between 7 and 18 then 4000 else 0 end, 500, 0, 0,
        case when ${hour} = 17 then 'float' else 'bulk' end, ts < ${new Date(START).toISOString()}::timestamptz, 1, '{"seconds": 60}',
        jsonb_build_object(${minerId}::text, case when ${hour} between 12 and 15 then '{"state": "on", "w": 1000}'::jsonb
          when ${hour} = 20 then '{"state": "unknown"}'::jsonb else '{"state": "off"}'::jsonb end)
      from generate_series(${new Date(START - HOUR).toISOString()}::timestamptz, ${new Date(START + 48 * HOUR - 1).toISOString()}::timestamptz, interval '1 minute') ts`);
    await noteRecorded(tx, OWNER_ID, new Date(START - HOUR));
  });
  await rollUp(db, { ownerId: OWNER_ID, timeZone: 'America/Los_Angeles', full: { floatV: 55, tailA: 45 } });
});

const range = (from: number, to: number, more = '') =>
  `?from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}${more}`;

describe('GET /api/telemetry/export', () => {
  it('streams any tier as CSV, what a model said labelled', async () => {
    const answer = await call(history, 'GET', {
      token: reader,
      query: range(START - 60_000, START + 120_000, '&format=csv&resolution=raw'),
    });
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain(
      'commandcenter-raw-2026-05-01-2026-05-01.csv',
    );
    const [head, ...lines] = answer.text.trimEnd().split('\r\n');
    expect(head).toMatch(/^ts,simulated,pack_voltage_v,/);
    expect(lines.map((line) => line.split(',').slice(0, 3))).toEqual([
      ['2026-05-01T06:59:00.000Z', 'true', '52.5'],
      ['2026-05-01T07:00:00.000Z', 'false', '52.5'],
      ['2026-05-01T07:01:00.000Z', 'false', '52.5'],
    ]);
    expect(head).toMatch(/,charge_stage,state_primary_s21_revenue,watts_primary_s21_revenue$/);
    expect(lines.map((line) => line.split(',').slice(-2))).toEqual(Array(3).fill(['off', '']));
  });

  it('has a column for each load of the range, also one that never ran and is deleted', async () => {
    const { db } = site();
    const at = START + 60 * HOUR;
    const row = (minute: number, loads: object) =>
      db.execute(sql`
        insert into telemetry (user_id, ts, simulated, config_version, loads)
        values (${OWNER_ID}, ${new Date(at + minute * 60_000).toISOString()}::timestamptz, false, 1, ${JSON.stringify(loads)}::text::jsonb)`);
    const change = (minute: number) =>
      db.execute(sql`
        insert into settings_versions (user_id, at, actor, entity, entity_id)
        values (${OWNER_ID}, ${new Date(at + minute * 60_000).toISOString()}::timestamptz, 'test', 'miner', 'x')`);
    await row(0, { 'fan:first': { state: 'off' } });
    await change(1);
    await row(2, { 'miner:second': { state: 'off' } });
    await row(3, { 'miner:second': { state: 'off' } });
    await change(4);
    await row(5, { 'heater:third': { state: 'off' } });
    const query = range(at, at + HOUR, '&format=csv&resolution=raw');
    const { text } = await call(history, 'GET', { token: reader, query });
    const [head = '', ...lines] = text.trimEnd().split('\r\n');
    expect(head.split(',').filter((name) => name.startsWith('state_'))).toHaveLength(3);
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line.split(',').filter((cell) => cell === 'off')).toHaveLength(1);
    await db.execute(sql`delete from settings_versions where actor = 'test'`);
    await db.execute(sql`delete from telemetry where ts >= ${new Date(at).toISOString()}::timestamptz`);
  });

  it('gives each load of a roll-up figures of its own, and knows one by name that is deleted', async () => {
    const query = range(START + 48 * HOUR, START + 49 * HOUR, '&format=csv&resolution=15m');
    await site().db.execute(sql`
      insert into telemetry_15m (user_id, ts, simulated, covered_seconds, samples, pv_seconds, load_seconds, battery_seconds,
        grid_seconds, full_seconds, throttled_seconds, loads, zones)
      values (${OWNER_ID}, ${new Date(START + 48 * HOUR).toISOString()}::timestamptz, false, 900, 15, 0, 0, 0, 0, 0, 0,
        '{"miner:gone": {"on": 900, "metered": 900, "wh": 250, "starts": 1}}', '{"gone": 21.4}')`);
    const { text } = await call(history, 'GET', { token: reader, query });
    const [head = '', line = ''] = text.split('\r\n');
    const names = head.split(',').slice(-7);
    expect(names).toEqual([
      'on_seconds_miner_deleted',
      'unknown_seconds_miner_deleted',
      'starts_miner_deleted',
      'stops_miner_deleted',
      'metered_seconds_miner_deleted',
      'energy_wh_miner_deleted',
      'temperature_c_deleted_zone',
    ]);
    expect(line.split(',').slice(-7)).toEqual(['900', '0', '1', '0', '900', '250', '21.4']);
    await site().db.execute(sql`delete from telemetry_15m where loads ? 'miner:gone'`);
  });

  it.each([
    ['1m', 48 * 60],
    ['15m', 192],
    ['1d', 2],
  ])('gives %s as JSON that any parser reads', async (resolution, count) => {
    const query = range(START, START + 48 * HOUR, `&format=json&resolution=${resolution}`);
    const { body } = await call(history, 'GET', { token: reader, query });
    expect(body).toHaveLength(count);
    expect(body[0]).toMatchObject({ simulated: false, pack_voltage_avg_v: 52.5 });
  });

  it('is empty but well formed where nothing was recorded, and of another owner', async () => {
    const query = range(START - 99 * HOUR, START - 98 * HOUR, '&format=json');
    expect((await call(history, 'GET', { token: reader, query })).body).toEqual([]);
    const token = await site().token('admin', { ownerId: await site().otherOwner() });
    expect((await call(history, 'GET', { token, query: range(START, START + HOUR) })).status).toBe(404);
  });

  it('refuses a range that is none', async () => {
    expect((await call(history, 'GET', { token: reader, query: range(START, START) })).status).toBe(400);
  });
});

describe('GET /api/telemetry', () => {
  const get = (more: string) =>
    call(telemetry, 'GET', { token: reader, query: range(START, START + 48 * HOUR, more) });

  it('is as coarse as a small screen asks, and never finer than the most it sends', async () => {
    expect((await get('')).body.series.at).toHaveLength(576);
    expect((await get('&max_points=600')).body.series.at).toHaveLength(192);
    for (const refused of ['0', '19', '2001', 'many']) {
      expect((await get(`&max_points=${refused}`)).status).toBe(400);
    }
  });
});

describe('GET /api/gains', () => {
  const get = async (query: string) => (await call(gains, 'GET', { token: reader, query })).body;

  it('tells energy by local day, and what would have been lost, with its baseline', async () => {
    const body = await get('?from=2026-05-01&to=2026-05-02');
    expect(body).toMatchObject({
      by: 'day',
      basis: 'measured',
      simulated_left_out: false,
      coverage: 1,
      total: { pv_kwh: 96, load_kwh: 24, mined_kwh: 8, import_kwh: 0 },
      lost_sun: { mined_kwh: 8, credited_kwh: 8, against_import_kwh: 0, pending_kwh: 0, import_known: true },
      import_seconds: 0,
    });
    expect(body.baseline).toContain('without its miners');
    expect(body.periods.map((period: { pv_kwh: number }) => period.pv_kwh)).toEqual([48, 48]);
    const miner = body.loads.find((load: { load_id: string }) => load.load_id === minerId);
    expect(miner).toMatchObject({
      on_seconds: 8 * 3600,
      unknown_seconds: 2 * 3600,
      energy_kwh: 8,
      rated_kwh: 0,
      starts: 2,
      stops: 2,
    });
  });

  it('never counts a model’s hours as a real site’s, and says what was left out', async () => {
    const both = await get('?from=2026-04-30&to=2026-05-02');
    expect(both).toMatchObject({ basis: 'measured', simulated_left_out: true, total: { load_kwh: 24 } });
    expect(both.coverage).toBeCloseTo(2 / 3, 2);
    expect(await get('?from=2026-04-30&to=2026-04-30')).toMatchObject({
      basis: 'simulated',
      total: { load_kwh: 0.5 },
    });
  });

  it('knows nothing of a time without a record', async () => {
    expect(await get('?from=2026-03-01&to=2026-03-31')).toMatchObject({
      basis: 'none',
      coverage: 0,
      total: { pv_kwh: null },
      import_seconds: null,
    });
  });
});

describe('/api/telemetry/retention', () => {
  it('has defaults, takes a part, and keeps a version of the change', async () => {
    const before = await call(retention, 'GET', { token: reader });
    expect(before.body).toEqual({ raw_days: 30, minute_days: 365, quarter_days: null });
    const changed = await call(retention, 'PUT', {
      token: admin,
      body: { raw_days: 14 },
      headers: { 'if-match': before.headers.get('etag') ?? '' },
    });
    expect(changed.body).toEqual({ raw_days: 14, minute_days: 365, quarter_days: null });
    expect((await call(retention, 'GET', { token: reader })).body.raw_days).toBe(14);
    const [version] = await site().fresh((db) => db.select().from(settingsVersions));
    expect(version).toMatchObject({ entity: 'retention', before: { raw_days: 30 }, after: { raw_days: 14 } });
  });

  it('refuses a tier that outlasts the one made from it, naming both', async () => {
    const { status, body } = await call(retention, 'PUT', { token: admin, body: { minute_days: 5 } });
    expect(status).toBe(400);
    expect(body.errors[0]).toMatchObject({ path: 'minute_days', values: { raw_days: 14, minute_days: 5 } });
    expect((await call(retention, 'PUT', { token: admin, body: { raw_days: null } })).status).toBe(400);
  });

  it('refuses a change based on what stands there no more', async () => {
    const stale = await call(retention, 'PUT', {
      token: admin,
      body: { raw_days: 20 },
      headers: { 'if-match': '"0000"' },
    });
    expect(stale.status).toBe(412);
  });
});

describe('GET /api/telemetry/storage', () => {
  it('tells the size of each tier, how long it is kept, and how long the disk lasts', async () => {
    const { body } = await call(storage, 'GET', { token: reader });
    expect(body.tiers.map(({ tier }: { tier: string }) => tier)).toEqual(['raw', '1m', '15m', '1d']);
    expect(body.tiers[0]).toMatchObject({ keep_days: 14, oldest_at: new Date(START - HOUR).toISOString() });
    expect(body.database_bytes).toBeGreaterThan(1_000_000);
    expect(body.days_left).toBeGreaterThan(0);
    // The local day in which the first row lies, from its midnight in Los Angeles.
    expect(body.tiers[3].oldest_at).toBe('2026-04-30T07:00:00.000Z');
    // A row a minute in the last hour.
    expect(body.tiers[0].bytes_per_day / 1440).toBeGreaterThan(100);
  });
});

describe('what happened since the last look', () => {
  const since = (from: number) => readSince(site().db, { ownerId: OWNER_ID, from, now: START + 48 * HOUR });

  it('is told from quarters over two days: energy of miners, switches, the lowest voltage', async () => {
    expect(await since(START)).toEqual({
      from: START,
      minedWh: 8000,
      isEstimate: false,
      switches: 4,
      lowestVoltageV: 52.5,
      alerts: 0,
      simulated: false,
    });
  });

  it('is told from minutes over the last hours, and no further back than a month', async () => {
    expect(await since(START + 36 * HOUR)).toMatchObject({ minedWh: 4000, switches: 2 });
    expect(await since(0)).toMatchObject({ from: START + 48 * HOUR - 31 * 24 * HOUR, simulated: true });
  });

  it('is nothing where nothing was recorded', async () => {
    expect(await since(START + 47.999 * HOUR)).toMatchObject({ minedWh: null, lowestVoltageV: null });
  });

  it('asks for a moment', async () => {
    const answer = await call(sinceRoute, 'GET', { token: reader, query: '?from=yesterday' });
    expect(answer.status).toBe(400);
    const good = await call(sinceRoute, 'GET', { token: reader, query: '?from=2026-05-01T07:00:00Z' });
    expect(good.body).toMatchObject({ mined_wh: null, switches: 0 });
  });
});

describe('rows that a clock left in the future', () => {
  it('are no part of what happened lately, nor of the pace at which the disk fills', async () => {
    const { db } = site();
    const since = () => readSince(db, { ownerId: OWNER_ID, from: START, now: START + 48 * HOUR });
    const pace = async () => (await call(storage, 'GET', { token: reader })).body.tiers[0].bytes_per_day;
    const before = [await since(), await pace()];
    await db.transaction(async (tx) => {
      await tx.insert(telemetryTable).values({
        userId: OWNER_ID,
        ts: new Date(Date.now() + 3650 * 24 * HOUR),
        packVoltageV: 44,
        simulated: false,
        configVersion: 1,
      });
      await noteRecorded(tx, OWNER_ID, new Date(START + 48 * HOUR));
    });
    await rollUp(db, { ownerId: OWNER_ID, timeZone: 'America/Los_Angeles', full: { floatV: 55, tailA: 45 } });
    expect([await since(), await pace()]).toEqual(before);
  });
});
