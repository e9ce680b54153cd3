import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alerts, controlState, decisions, overrides, telemetry } from '@/db/schema';
import type { Scope } from '@/lib/auth/permission';
import { OWNER_ID } from '@/lib/core/defaults';
import { exampleTick } from '@/lib/status/tick.case';
import { call, openSite, routeModules, settingsSnapshot } from '@/test/api';
import * as samples from '@/test/samples';

const MINER = { ...samples.MINER, name: 'Sweep' };
const DEVICE = { ...samples.PLUG, key: 'sweep', name: 'Sweep' };
const CONFIGURATION = { format: 'commandcenter-configuration', format_version: 1 };

interface Described {
  /** Who may, by method; every other method answers 405. */
  readonly access: Partial<Record<'GET' | 'POST' | 'PUT' | 'DELETE', Scope | 'open'>>;
  /** A body that would be accepted; methods without one take none. */
  readonly body?: Partial<Record<'POST' | 'PUT', Record<string, unknown>>>;
  /** Where it is not 64 KiB. */
  readonly maxBodyBytes?: number;
  /** What a GET must be asked with. */
  readonly query?: string;
  readonly id?: 'alert' | 'miner' | 'zone' | 'device' | 'decision' | 'override' | 'test';
}

const routes: Record<string, Described> = {
  'app/api/[[...path]]': { access: {} },
  'app/api/alerts': { access: { GET: 'read' } },
  'app/api/alerts/[id]': {
    access: { PUT: 'control' },
    body: { PUT: { acknowledged: true } },
    id: 'alert',
  },
  'app/api/commands': { access: { GET: 'read' } },
  'app/api/configuration': {
    access: { GET: 'admin', POST: 'admin' },
    maxBodyBytes: 1_048_576,
    body: { POST: { ...CONFIGURATION, preferences: { voltage_low: 46.5 } } },
  },
  'app/api/configuration/preview': {
    access: { POST: 'admin' },
    maxBodyBytes: 1_048_576,
    body: { POST: { ...CONFIGURATION, preferences: { voltage_low: 46.5 } } },
  },
  'app/api/decisions': { access: { GET: 'read' } },
  'app/api/decisions/[id]': { access: { GET: 'read' }, id: 'decision' },
  'app/api/devices': { access: { GET: 'admin', POST: 'admin' }, body: { POST: DEVICE } },
  'app/api/devices/[id]': {
    access: { GET: 'admin', PUT: 'admin', DELETE: 'admin' },
    body: { PUT: { name: 'Other' } },
    id: 'device',
  },
  'app/api/devices/tests': {
    access: { POST: 'admin' },
    body: { POST: { driver: 'simulated', connection: { part: 'inverter' } } },
  },
  'app/api/devices/tests/[id]': { access: { GET: 'admin', DELETE: 'admin' }, id: 'test' },
  'app/api/events': { access: { GET: 'read' } },
  'app/api/gains': { access: { GET: 'read' } },
  'app/api/health': { access: { GET: 'open' } },
  'app/api/hvac/zones': { access: { GET: 'read', POST: 'admin' }, body: { POST: { zone_name: 'Sweep' } } },
  'app/api/hvac/zones/[id]': {
    access: { GET: 'read', PUT: 'admin', DELETE: 'admin' },
    body: { PUT: { zone_name: 'Other' } },
    id: 'zone',
  },
  'app/api/miners': { access: { GET: 'read', POST: 'admin' }, body: { POST: MINER } },
  'app/api/miners/[id]': {
    access: { GET: 'read', PUT: 'admin', DELETE: 'admin' },
    body: { PUT: { name: 'Other' } },
    id: 'miner',
  },
  'app/api/miners/order': {
    access: { PUT: 'admin' },
    body: { PUT: { ids: ['00000000-0000-4000-8000-000000000009'] } },
  },
  'app/api/mode': {
    access: { GET: 'read', PUT: 'control' },
    body: { PUT: { control_mode: 'paused', charge_block: 'keep' } },
  },
  'app/api/overrides': {
    access: { GET: 'read', POST: 'control' },
    body: { POST: { load_id: 'miner:x', state: 'off', duration_minutes: 30 } },
  },
  'app/api/overrides/[id]': { access: { DELETE: 'control' }, id: 'override' },
  'app/api/preferences': { access: { GET: 'read', PUT: 'admin' }, body: { PUT: { voltage_low: 46.5 } } },
  'app/api/preferences/reset': { access: { POST: 'admin' } },
  'app/api/replay/history': { access: { GET: 'read' } },
  'app/api/resistance': { access: { GET: 'read' } },
  'app/api/session': {
    access: { POST: 'open', DELETE: 'read' },
    body: { POST: { email: 'nobody@example.com', password: 'whatever it is' } },
  },
  'app/api/since': { access: { GET: 'read' }, query: '?from=2026-06-01T00:00:00Z' },
  'app/api/status': { access: { GET: 'read' } },
  'app/api/telemetry': { access: { GET: 'read' } },
  'app/api/telemetry/export': {
    access: { GET: 'read' },
    query: '?from=2026-06-01T00:00:00Z&to=2026-06-02T00:00:00Z&format=json',
  },
  'app/api/telemetry/storage': { access: { GET: 'read' } },
  'app/api/telemetry/runs': { access: { GET: 'read' } },
  'app/api/telemetry/retention': {
    access: { GET: 'read', PUT: 'admin' },
    body: { PUT: { raw_days: 20 } },
  },
  'app/db/run-v19-migration': { access: { POST: 'admin' } },
};

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'] as const;
const SCOPES: readonly Scope[] = ['read', 'control', 'admin'];

const site = openSite();
let modules: ReadonlyMap<string, object> = new Map();
const ids: Record<NonNullable<Described['id']>, string> = {
  alert: '',
  miner: '',
  zone: '',
  device: '',
  decision: '',
  override: '',
  test: '',
};
let admin = '';
let before = '';

function paramsOf(described: Described): Record<string, string> | undefined {
  return described.id && { id: ids[described.id] };
}

beforeAll(async () => {
  modules = await routeModules();
  admin = await site().token('admin');
  const { db } = site();
  await db
    .update(controlState)
    .set({ lastTick: exampleTick(Date.now()), workerHeartbeatAt: new Date() })
    .where(eq(controlState.userId, OWNER_ID));
  const tick = { date: '2026-06-01', minute: 0, seconds: 10, mode: 'automatic', failSafeSeconds: 300 };
  const polls = { voltageSeconds: 10, otherSeconds: 10 };
  await db.insert(telemetry).values({
    userId: OWNER_ID,
    ts: new Date(),
    simulated: false,
    configVersion: 0,
    tick: { ...tick, polls },
  });
  const first = async (path: string) =>
    (await call(modules.get(path) ?? {}, 'GET', { token: admin })).body[0].id;
  ids.miner = await first('app/api/miners');
  ids.zone = await first('app/api/hvac/zones');
  const device = await call(modules.get('app/api/devices') ?? {}, 'POST', {
    token: admin,
    body: { ...DEVICE, key: 'first' },
  });
  expect(device.status, device.text).toBe(201);
  ids.device = device.body.id;
  const test = await call(modules.get('app/api/devices/tests') ?? {}, 'POST', {
    token: admin,
    body: { driver: 'simulated', connection: { part: 'inverter' } },
  });
  expect(test.status, test.text).toBe(202);
  ids.test = test.body.id;
  const load = exampleTick(Date.now()).loads[0];
  if (!load) throw new Error('no load');
  const [decision] = await db
    .insert(decisions)
    .values({
      userId: OWNER_ID,
      ts: new Date(),
      loadId: load.loadId,
      loadName: load.name,
      kind: load.kind,
      verdict: load.verdict,
      sentence: load.explanation.sentence,
      explanation: load.explanation,
      configVersion: 1,
      kernelVersion: 'test',
      simulated: true,
    })
    .returning({ id: decisions.id });
  ids.decision = String(decision?.id);
  const [override] = await db
    .insert(overrides)
    .values({
      userId: OWNER_ID,
      loadId: load.loadId,
      state: 'off',
      endsAt: new Date(Date.now() + 3_600_000),
      createdBy: 'sweep',
    })
    .returning({ id: overrides.id });
  ids.override = override?.id ?? '';
  const [alert] = await db
    .insert(alerts)
    .values({ userId: OWNER_ID, key: 'sweep', severity: 'info', text: 'Sweep.', raisedAt: new Date() })
    .returning({ id: alerts.id });
  ids.alert = alert?.id ?? '';
  before = await settingsSnapshot(db);
});

beforeEach(() => expect(before).not.toBe(''));

// Whatever a route refused, nothing of it may be there.
afterAll(async () => expect(await settingsSnapshot(site().db)).toBe(before));

function expectProblem(answer: Awaited<ReturnType<typeof call>>, status: number) {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('cache-control')).toBe('no-store, no-transform');
  expect(answer.body).toMatchObject({
    status,
    title: expect.any(String),
    detail: expect.any(String),
    type: expect.stringMatching(/^urn:commandcenter:problem:/),
  });
  expect(answer.text).not.toMatch(/select |insert |update "|violates|relation|postgres/i);
}

it('describes every route file there is', () => {
  expect([...modules.keys()]).toEqual(Object.keys(routes).sort());
});

describe.each(Object.entries(routes))('%s', (path, described) => {
  const send = (method: string, options: Parameters<typeof call>[2] = {}) =>
    call(modules.get(path) ?? {}, method, { params: paramsOf(described), ...options });
  const guarded = Object.entries(described.access).filter(([, scope]) => scope !== 'open') as [
    string,
    Scope,
  ][];
  const writing = Object.entries(described.body ?? {}) as ['POST' | 'PUT', Record<string, unknown>][];
  const changing = guarded.filter(([method]) => method !== 'GET');

  it('answers 405 with Allow where a method is not offered', async () => {
    if (path.includes('[[...path]]')) return;
    const offered = new Set([
      ...Object.keys(described.access),
      ...('GET' in described.access ? ['HEAD'] : []),
    ]);
    for (const method of METHODS.filter((name) => !offered.has(name))) {
      const answer = await send(method);
      expectProblem(answer, 405);
      expect(answer.headers.get('allow')?.split(', ').sort()).toEqual([...offered, 'OPTIONS'].sort());
    }
    const options = await send('OPTIONS');
    expect(options.status).toBe(204);
    expect(options.headers.get('allow')).toContain(Object.keys(described.access)[0]);
    expect(options.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('lets no stranger in: no, unknown, malformed, expired or revoked credentials', async () => {
    const expired = await site().token('admin', { expiresAt: new Date(Date.now() - 1) });
    for (const [method] of guarded) {
      const body = described.body?.[method as 'PUT'];
      const unknown = `cc_${'x'.repeat(43)}`;
      for (const options of [
        {},
        { token: expired },
        { token: unknown },
        { token: 'nonsense' },
        { token: "' or 1=1 --" },
        { cookie: 'x'.repeat(43) },
        { cookie: '' },
        { headers: { authorization: 'Basic YTpi' } },
        { headers: { authorization: 'Bearer' } },
      ]) {
        const answer = await send(method, { body, ...options });
        expectProblem(answer, 401);
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      }
    }
  });

  it('asks for the right scope, of tokens and of accounts', async () => {
    for (const [method, needed] of guarded) {
      const body = described.body?.[method as 'PUT'];
      for (const scope of SCOPES.filter((name) => SCOPES.indexOf(name) < SCOPES.indexOf(needed))) {
        expectProblem(await send(method, { token: await site().token(scope), body }), 403);
      }
      if (needed !== 'admin') continue;
      const user = await site().otherOwner('user');
      const headers = { origin: 'http://site.test' };
      expectProblem(await send(method, { cookie: await site().session(user), body, headers }), 403);
      expectProblem(await send(method, { token: await site().token('admin', { ownerId: user }), body }), 403);
    }
  });

  it('takes a change with a cookie from its own pages only', async () => {
    const cookie = await site().session();
    for (const [method] of changing) {
      const body = described.body?.[method as 'PUT'];
      for (const headers of [
        {},
        { origin: 'http://evil.test' },
        { origin: 'null' },
        { origin: 'http://site.test:8080' },
        { 'sec-fetch-site': 'cross-site' },
      ]) {
        expectProblem(await send(method, { cookie, body, headers: headers as Record<string, string> }), 403);
      }
    }
  });

  it('refuses what is no JSON object of its fields', async () => {
    for (const [method, valid] of writing) {
      const sent = (body: unknown, headers: Record<string, string> = {}) =>
        send(method, { token: admin, body, headers });
      for (const type of ['', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
        expectProblem(await sent(JSON.stringify(valid), { 'content-type': type }), 415);
      }
      const most = described.maxBodyBytes ?? 65_536;
      const large = await sent(JSON.stringify({ ...valid, pad: 'x'.repeat(most) }));
      expectProblem(large, 413);
      expect(large.body.errors[0].values.maximum).toBe(most);
      expectProblem(await sent(`${' '.repeat(most)}${JSON.stringify(valid)}`), 413);
      for (const body of [
        '',
        '  ',
        '{}',
        '[]',
        '{',
        `${JSON.stringify(valid)}}`,
        'null',
        '1',
        '"text"',
        '[1]',
      ]) {
        expectProblem(await sent(body), 400);
      }
      expectProblem(await sent(new Uint8Array([0x7b, 0xff, 0x7d])), 400);
      for (const field of ['user_id', 'id', 'no_such_field', '__proto__', 'constructor']) {
        const answer = await sent(`{${JSON.stringify(field)}: {"a": 1}, ${JSON.stringify(valid).slice(1)}`);
        expectProblem(answer, 400);
        expect(answer.body.errors).toContainEqual(
          expect.objectContaining({ path: field, code: 'unknown_field' }),
        );
      }
      for (const [field] of Object.entries(valid)) {
        const answer = await sent({ ...valid, [field]: { not: ['a', 'value'] } });
        expectProblem(answer, 400);
        expect(answer.body.errors[0].path.split('.')[0]).toBe(field);
      }
    }
  });

  it('names nothing of another owner and nothing that is not there', async () => {
    if (!described.id) return;
    const stranger = await site().token('admin', { ownerId: await site().otherOwner() });
    for (const [method] of guarded) {
      const body = described.body?.[method as 'PUT'];
      expectProblem(await send(method, { token: stranger, body }), 404);
      for (const id of [
        '00000000-0000-4000-8000-00000000ffff',
        '999999999',
        'x',
        '%00',
        "1' or '1'='1",
        '-1',
        '',
      ]) {
        expectProblem(await send(method, { token: admin, body, params: { id } }), 404);
      }
    }
  });

  it('answers who may, and HEAD like GET without a body', async () => {
    if (described.access.GET === undefined) return;
    if (path === 'app/api/events') return;
    const token = await site().token(described.access.GET === 'open' ? 'read' : described.access.GET);
    const { query } = described;
    const get = await send('GET', { token, query });
    expect(get.status, get.text).toBe(200);
    expect(get.headers.get('content-type')).toContain('application/json');
    const head = await send('HEAD', { token, query });
    expect([head.status, head.text]).toEqual([200, '']);
    const cookie = await site().session();
    expect((await send('GET', { cookie, query })).status).toBe(200);
  });
});

it('a path that nothing serves is a 404 for every method', async () => {
  for (const method of METHODS.filter((name) => name !== 'HEAD')) {
    expectProblem(await call(modules.get('app/api/[[...path]]') ?? {}, method, { token: admin }), 404);
  }
});
