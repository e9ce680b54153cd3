import { eq, sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { controlState, decisions, telemetry } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { exampleTick } from '@/lib/status/tick.case';
import { call, openSite } from '@/test/api';
import * as decisionById from './decisions/[id]/route';
import * as decisionList from './decisions/route';
import * as health from './health/route';
import * as status from './status/route';
import * as history from './telemetry/route';

const site = openSite();
let reader = '';
beforeAll(async () => {
  reader = await site().token('read');
});

async function worker(state: { tickAt: number | null; heartbeatAt: number | null }) {
  await site()
    .db.update(controlState)
    .set({
      lastTick: state.tickAt === null ? null : exampleTick(state.tickAt),
      workerHeartbeatAt: state.heartbeatAt === null ? null : new Date(state.heartbeatAt),
    })
    .where(eq(controlState.userId, OWNER_ID));
}

const get = (module: object, query = '', params?: Record<string, string>) =>
  call(module, 'GET', { token: reader, query, params });

describe('GET /api/status', () => {
  it('is 503 before the first tick', async () => {
    await worker({ tickAt: null, heartbeatAt: null });
    const answer = await get(status);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
  });

  it('answers for each load in one sentence, with ages as of now', async () => {
    const at = Date.now() - 3000;
    await worker({ tickAt: at, heartbeatAt: at });
    const { body } = await get(status);
    expect(body).toMatchObject({
      worker_alive: true,
      at: new Date(at).toISOString(),
      control_mode: 'automatic',
    });
    expect(body.age_ms).toBeGreaterThanOrEqual(3000);
    expect(body.readings.pack_voltage_v.age_ms).toBeGreaterThanOrEqual(3400);
    expect(body.loads.map((load: { sentence: string }) => load.sentence)).toEqual([
      'Primary keeps running (battery at 63 %).',
      'Dump load waits for 10:00.',
    ]);
  });

  it('never presents what a silent worker said as now', async () => {
    const at = Date.now() - 3_600_000;
    await worker({ tickAt: at, heartbeatAt: at });
    const { body } = await get(status);
    expect(body.worker_alive).toBe(false);
    for (const load of body.loads) expect(load.sentence).toMatch(/^Not known now/);
  });

  it('of another owner is not theirs to see', async () => {
    const token = await site().token('admin', { ownerId: await site().otherOwner() });
    expect((await call(status, 'GET', { token })).status).toBe(503);
  });
});

describe('GET /api/health', () => {
  it('tells strangers ok or not ok, and nothing else', async () => {
    await worker({ tickAt: Date.now(), heartbeatAt: Date.now() });
    const fine = await call(health, 'GET');
    expect([fine.status, fine.text]).toEqual([200, '{"status":"ok"}']);
    for (const state of [
      { tickAt: null, heartbeatAt: Date.now() },
      { tickAt: Date.now() - 600_000, heartbeatAt: Date.now() - 600_000 },
    ]) {
      await worker(state);
      const answer = await call(health, 'GET', { token: 'cc_wrong' });
      expect([answer.status, answer.text]).toEqual([503, '{"status":"not ok"}']);
    }
  });

  it('is not ok while a migration is pending', async () => {
    await worker({ tickAt: Date.now(), heartbeatAt: Date.now() });
    const { db } = site();
    const [last] = await db.execute<{ name: string }>(
      sql`delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations) returning name`,
    );
    const answer = await get(health);
    await db.execute(sql`insert into drizzle.__drizzle_migrations (hash, name) values ('x', ${last?.name})`);
    expect(answer.status).toBe(503);
    expect(answer.body.migrations).toEqual({ ready: false, pending: [last?.name] });
  });

  it('tells who is signed in about sources with age, worker, database size and disk', async () => {
    const now = Date.now();
    await worker({ tickAt: now, heartbeatAt: now });
    const { body } = await get(health);
    expect(body).toMatchObject({
      status: 'ok',
      database: { ready: true },
      worker: { alive: true, last_tick_at: new Date(now).toISOString() },
      sources: [{ key: 'sim_inverter', simulated: true, error: null }],
    });
    expect(body.database.size_bytes).toBeGreaterThan(1_000_000);
    expect(body.sources[0].age_ms).toBeGreaterThanOrEqual(400);
    expect(body.disk.free_bytes).toBeGreaterThan(0);
    expect(body.disk.free_bytes).toBeLessThan(body.disk.total_bytes);
  });
});

describe('GET /api/telemetry', () => {
  const start = Date.UTC(2026, 4, 1, 12);
  const iso = (ms: number) => new Date(ms).toISOString();

  beforeAll(async () => {
    await site().db.execute(sql`
      insert into telemetry (user_id, ts, pack_voltage_v, pv_w, grid_w, simulated, config_version)
      select ${OWNER_ID}, ${iso(start)}::timestamptz + n * interval '10 seconds', 50 + (n % 100) * 0.01, n, null, true, 1
      from generate_series(0, 19999) n
      where n not between 5000 and 5999`);
  });

  it('gives the rows themselves where they are few, nulls as nulls', async () => {
    const { body, headers } = await get(history, `?from=${iso(start)}&to=${iso(start + 60_000)}`);
    expect(body).toMatchObject({ from: iso(start), to: iso(start + 60_000), bin_seconds: null });
    expect(body.series.at).toHaveLength(6);
    expect(body.series.pack_voltage_v.slice(0, 3)).toEqual([50, 50.01, 50.02]);
    expect(body.series.grid_w).toEqual([null, null, null, null, null, null]);
    expect(body.series.simulated).toEqual([true, true, true, true, true, true]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('never sends more than 2,000 points, keeps extremes, and a gap is a gap', async () => {
    const { body } = await get(history, `?from=${iso(start)}&to=${iso(start + 200_000_000)}&resolution=raw`);
    const { at, pack_voltage_v, pack_voltage_min_v, pack_voltage_max_v, pv_w } = body.series;
    expect(body.bin_seconds).toBeGreaterThan(10);
    expect(at.length).toBeLessThanOrEqual(2000);
    expect(at.length).toBeGreaterThan(400);
    expect(Math.min(...pack_voltage_min_v.filter((v: number | null) => v !== null))).toBe(50);
    expect(Math.max(...pack_voltage_max_v)).toBe(50.99);
    const gap = pack_voltage_v.indexOf(null);
    expect(gap).toBeGreaterThan(0);
    expect(pv_w[gap]).toBeNull();
    for (const column of Object.values(body.series)) expect(column).toHaveLength(at.length);
    expect([...at].sort()).toEqual(at);
  });

  it('takes the last hour where nothing is asked for', async () => {
    const { body } = await get(history);
    expect(Date.parse(body.to) - Date.parse(body.from)).toBe(3_600_000);
    expect(body.series.at).toEqual([]);
  });

  it.each([
    ['?from=yesterday', 'from'],
    ['?from=2026-05-01', 'from'],
    ['?from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z', 'from'],
    ['?resolution=2m', 'resolution'],
    ['?resolution=1m&form=2026-05-01T00:00:00Z', 'form'],
    ["?from=2026-05-01T00:00:00Z'--", 'from'],
    ['?from=%00', 'from'],
  ])('refuses %s by name', async (query, path) => {
    const answer = await get(history, query);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body.errors[0].path).toBe(path);
  });

  it.each(['?from=0001-01-01T00:00:00Z', '?from=1970-01-01T00:00:00Z&to=9999-12-31T00:00:00Z&resolution=1m'])(
    'survives the range %s',
    async (query) => {
      const answer = await get(history, query);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body.series.at.length).toBeLessThanOrEqual(2000);
    },
  );

  it('holds nothing of another owner', async () => {
    const other = await site().otherOwner();
    await site()
      .db.insert(telemetry)
      .values({ userId: other, ts: new Date(start), simulated: false, configVersion: 1 });
    const { body } = await get(history, `?from=${iso(start - 1)}&to=${iso(start + 1)}`);
    expect(body.series.at).toEqual([iso(start)]);
    expect(body.series.simulated).toEqual([true]);
  });
});

describe('GET /api/decisions', () => {
  const at = Date.UTC(2026, 4, 1, 12);

  beforeAll(async () => {
    const [load] = exampleTick(at).loads;
    if (!load) throw new Error('no load');
    const row = (n: number, userId = OWNER_ID) => ({
      userId,
      // Two at each moment: a page may end between them.
      ts: new Date(at + Math.floor(n / 2) * 1000),
      loadId: `miner:${n % 3}`,
      loadName: `Miner ${n % 3}`,
      kind: 'miner' as const,
      verdict: n % 2 === 0 ? ('START' as const) : ('STOP' as const),
      sentence: `sentence ${n}`,
      explanation: load.explanation,
      configVersion: 1,
      kernelVersion: 'test',
      simulated: true,
    });
    await site()
      .db.insert(decisions)
      .values(Array.from({ length: 250 }, (_, n) => row(n)));
    await site()
      .db.insert(decisions)
      .values(row(999, await site().otherOwner()));
  });

  it('lists the newest first, 50 of them', async () => {
    const { body } = await get(decisionList);
    expect(body).toHaveLength(50);
    expect(body[0].sentence).toBe('sentence 249');
    expect(body[0]).not.toHaveProperty('explanation');
  });

  it('filters by load and verdict', async () => {
    const { body } = await get(decisionList, '?load_id=miner:1&verdict=STOP&limit=200');
    expect(body.length).toBeGreaterThan(20);
    for (const row of body) expect(row).toMatchObject({ load_id: 'miner:1', verdict: 'STOP' });
  });

  it('goes on where the last page ended, whatever it ended on, with no doubles and no holes', async () => {
    const seen: string[] = [];
    let query = '?limit=7';
    for (;;) {
      const { body } = await get(decisionList, query);
      if (body.length === 0) break;
      seen.push(...body.map((row: { sentence: string }) => row.sentence));
      const last = body.at(-1);
      query = `?limit=7&before=${last.at}&before_id=${last.id}`;
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, n) => `sentence ${249 - n}`));
  });

  it.each([
    ['?limit=201'],
    ['?limit=0'],
    ['?limit=x'],
    ['?verdict=MAYBE'],
    ['?before=now'],
    ['?load=1'],
    ['?load_id=%00'],
  ])('refuses %s', async (query) => {
    const answer = await get(decisionList, query);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body.errors[0].path).toBe(query.slice(1).split('=')[0]);
  });

  it('explains one in full', async () => {
    const [first] = (await get(decisionList, '?limit=1')).body;
    const { body } = await get(decisionById, '', { id: String(first.id) });
    expect(body).toMatchObject({
      ...first,
      explanation: { binding: null, gates: [{ name: 'stop-voltage' }, {}], flip: { hold_seconds: 120 } },
    });
  });
});

beforeEach(() => expect(reader).not.toBe(''));
