import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { OWNER_ID } from '@/lib/core/defaults';
import { getPreferences } from '@/lib/preferences/queries';
import { type Answer, call, openSite, settingsSnapshot } from '@/test/api';
import * as migration from '../db/run-v19-migration/route';
import * as deviceById from './devices/[id]/route';
import * as devices from './devices/route';
import * as zoneById from './hvac/zones/[id]/route';
import * as zones from './hvac/zones/route';
import * as minerById from './miners/[id]/route';
import * as minerOrder from './miners/order/route';
import * as miners from './miners/route';
import * as mode from './mode/route';
import * as reset from './preferences/reset/route';
import * as preferences from './preferences/route';

const MINER = {
  name: 'New miner',
  power_draw_watts: 3000,
  start_voltage: 52,
  stop_voltage: 50,
  emergency_stop_voltage: 48,
};

const site = openSite();
let admin = '';
beforeAll(async () => {
  admin = await site().token('admin');
});

const send = (module: object, method: string, options: Parameters<typeof call>[2] = {}) =>
  call(module, method, { token: admin, ...options });
const etag = (answer: Answer) => answer.headers.get('etag') ?? expect.fail('no ETag');

async function refused(sent: Promise<Answer>, status: number): Promise<Answer> {
  const before = await settingsSnapshot(site().db);
  const answer = await sent;
  expect(answer.status, answer.text).toBe(status);
  expect(await settingsSnapshot(site().db)).toBe(before);
  return answer;
}

describe('preferences', () => {
  beforeEach(async () => {
    expect((await send(reset, 'POST')).status).toBe(200);
  });

  it('are numbers, instants and a curve', async () => {
    const { body } = await send(preferences, 'GET');
    expect(body).toMatchObject({
      user_id: OWNER_ID,
      voltage_low: 47,
      location_lat: 37.3382,
      voltage_curve: expect.arrayContaining([{ soc: 0, voltage: 45 }]),
      grid_import_allowed: false,
      internal_resistance_mohm: null,
    });
    expect(body.updated_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('what a 2xx said is there on a fresh connection', async () => {
    const answer = await send(preferences, 'PUT', {
      body: { voltage_low: 46.25, operating_mode: 'aggressive' },
    });
    expect(answer.body).toMatchObject({ voltage_low: 46.25, operating_mode: 'aggressive' });
    const row = await site().fresh((db) => getPreferences(db, OWNER_ID));
    expect(row).toMatchObject({ voltageLow: 46.25, operatingMode: 'aggressive' });
    expect((await send(preferences, 'GET')).body).toEqual(answer.body);
  });

  it('an ordering violation names both fields and both values, the stored one too', async () => {
    const answer = await refused(send(preferences, 'PUT', { body: { voltage_low: 50.5 } }), 400);
    expect(answer.body.errors).toContainEqual(
      expect.objectContaining({
        path: 'voltage_low',
        values: { voltage_low: 50.5, voltage_restart: 50 },
        message: expect.stringMatching(/voltage_low.*50\.5.*voltage_restart.*50/),
      }),
    );
  });

  it.each([
    [{ voltage_at_0_percent: 39.9 }, 'voltage_at_0_percent'],
    [{ voltage_at_100_percent: 60.1 }, 'voltage_at_100_percent'],
    [{ voltage_low: '47' }, 'voltage_low'],
    [{ voltage_low: null }, 'voltage_low'],
    [{ timezone: 'Mars/Olympus' }, 'timezone'],
    [{ operating_mode: 'AGGRESSIVE' }, 'operating_mode'],
    [{ voltage_curve: [{ soc: 0, voltage: 45 }] }, 'voltage_curve'],
    [{ voltage_low: 46, voltage_hi: 1 }, 'voltage_hi'],
    [{ timezone: 'PST' }, 'timezone'],
    [{ timezone: 'cet' }, 'timezone'],
  ])('%j is refused by field and changes nothing', async (body, path) => {
    const answer = await refused(send(preferences, 'PUT', { body }), 400);
    expect(answer.body.errors.map((issue: { path: string }) => issue.path)).toContain(path);
  });

  it('says which time zone is none, and why', async () => {
    const answer = await refused(send(preferences, 'PUT', { body: { timezone: 'PST' } }), 400);
    expect(answer.body.errors).toEqual([
      expect.objectContaining({
        path: 'timezone',
        message: expect.stringContaining('abbreviation'),
        values: { timezone: 'PST' },
      }),
    ]);
    for (const timezone of ['UTC', 'GMT', 'Cuba', 'PST8PDT', 'America/Los_Angeles'])
      expect((await send(preferences, 'PUT', { body: { timezone } })).status).toBe(200);
  });

  it('two writers: with ETags one wins, without both fields survive', async () => {
    const tag = etag(await send(preferences, 'GET'));
    const write = (body: object, headers: Record<string, string> = {}) =>
      send(preferences, 'PUT', { body, headers });
    const answers = await Promise.all(
      [46.1, 46.2, 46.3, 46.4].map((voltage_low) => write({ voltage_low }, { 'if-match': tag })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412, 412, 412]);
    const winner = answers.find((answer) => answer.status === 200);
    expect((await send(preferences, 'GET')).body).toEqual(winner?.body);

    const both = await Promise.all([write({ voltage_low: 46.5 }), write({ pv_array_watts: 9999 })]);
    expect(both.map((answer) => answer.status)).toEqual([200, 200]);
    expect((await send(preferences, 'GET')).body).toMatchObject({ voltage_low: 46.5, pv_array_watts: 9999 });
  });

  it('a stale If-Match is 412, also on reset; * and a weak form of the tag are understood', async () => {
    const tag = etag(await send(preferences, 'GET'));
    const put = (ifMatch: string) =>
      send(preferences, 'PUT', { body: { pv_array_watts: 5000 }, headers: { 'if-match': ifMatch } });
    await refused(put('"something-else"'), 412);
    await refused(put('not a tag'), 400);
    await refused(send(reset, 'POST', { headers: { 'if-match': '"old"' } }), 412);
    expect((await put('*')).status).toBe(200);
    const next = etag(await send(preferences, 'GET'));
    expect(next).not.toBe(tag);
    expect((await put(`W/${next}`)).status).toBe(200);
  });

  it('a change with a cookie works from its own page', async () => {
    const answer = await call(preferences, 'PUT', {
      cookie: await site().session(),
      headers: { origin: 'http://site.test' },
      body: { pv_array_watts: 7000 },
    });
    expect(answer.status).toBe(200);
    const [version] = await site().db.execute<{ actor: string }>(
      sql`select actor from settings_versions order by id desc limit 1`,
    );
    expect(version?.actor).toContain('@');
  });
});

describe.each([
  ['miners', miners, minerById, MINER, 'name', { power_draw_watts: 2500 }],
  [
    'zones',
    zones,
    zoneById,
    { zone_name: 'New zone', temp_too_hot: 40 },
    'zone_name',
    { temp_too_hot: 41.5 },
  ],
] as const)('%s', (kind, collection, item, input, nameField, patch) => {
  it('are made, shown, changed and removed', async () => {
    const made = await send(collection, 'POST', { body: input });
    expect(made.status, made.text).toBe(201);
    const { id } = made.body;
    expect(made.headers.get('location')).toBe(`/api/${kind === 'zones' ? 'hvac/zones' : 'miners'}/${id}`);
    const shown = await send(item, 'GET', { params: { id } });
    expect(shown.body).toEqual(made.body);
    expect(etag(shown)).toBe(etag(made));
    expect((await send(collection, 'GET')).body).toContainEqual(made.body);

    const stale = etag(shown);
    const changed = await send(item, 'PUT', { params: { id }, body: patch, headers: { 'if-match': stale } });
    expect(changed.status, changed.text).toBe(200);
    expect(changed.body).toMatchObject({ ...input, ...patch });
    expect((await send(item, 'GET', { params: { id } })).body).toEqual(changed.body);
    await refused(send(item, 'PUT', { params: { id }, body: patch, headers: { 'if-match': stale } }), 412);
    await refused(send(item, 'DELETE', { params: { id }, headers: { 'if-match': stale } }), 412);

    await refused(send(collection, 'POST', { body: input }), 409);
    const removed = await send(item, 'DELETE', { params: { id }, headers: { 'if-match': etag(changed) } });
    expect([removed.status, removed.text]).toEqual([204, '']);
    await refused(send(item, 'GET', { params: { id } }), 404);
    await refused(send(item, 'PUT', { params: { id }, body: patch }), 404);
    await refused(send(item, 'DELETE', { params: { id } }), 404);
  });

  it('of many that take the same name at once one is made', async () => {
    const body = { ...input, [nameField]: 'Contested' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(collection, 'POST', { body })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    const made = answers.find((answer) => answer.status === 201);
    expect((await send(item, 'DELETE', { params: { id: made?.body.id } })).status).toBe(204);
  });

  it('are missing a field, or hold a wrong one: refused by name', async () => {
    const { [nameField]: _name, ...rest } = input as Record<string, unknown>;
    const answer = await refused(send(collection, 'POST', { body: { ...rest, enabled: true } }), 400);
    expect(answer.body.errors).toContainEqual({
      path: nameField,
      code: 'invalid_type',
      message: 'is required',
    });
    await refused(send(collection, 'POST', { body: { ...input, user_id: OWNER_ID } }), 400);
    await refused(send(collection, 'POST', { body: { ...input, [nameField]: 'nul \0 byte' } }), 400);
  });
});

describe('miners', () => {
  it('name both voltages that clash, the stored one included', async () => {
    const [first] = (await send(miners, 'GET')).body;
    const { id } = first;
    const answer = await refused(send(minerById, 'PUT', { params: { id }, body: { stop_voltage: 51 } }), 400);
    expect(answer.body.errors[0].values).toEqual({ stop_voltage: 51, start_voltage: 50 });
  });

  it('are listed by priority and ordered as a whole or not at all', async () => {
    const ids = (await send(miners, 'GET')).body.map((miner: { id: string }) => miner.id);
    const turned = await send(minerOrder, 'PUT', { body: { ids: [...ids].reverse() } });
    expect(turned.status, turned.text).toBe(200);
    expect(turned.body.map((miner: { id: string }) => miner.id)).toEqual([...ids].reverse());
    expect((await send(miners, 'GET')).body).toEqual(turned.body);
    const etag = turned.headers.get('etag') ?? '';
    expect((await send(miners, 'GET')).headers.get('etag')).toBe(etag);
    const order = (headers: Record<string, string>) => send(minerOrder, 'PUT', { body: { ids }, headers });
    expect((await order({ 'if-match': etag })).status).toBe(200);
    expect((await order({ 'if-match': etag })).status, 'two tabs, one order').toBe(412);
    for (const wrong of [
      ids.slice(1),
      [...ids, ids[0]],
      [...ids.slice(1), '00000000-0000-4000-8000-000000000000'],
    ]) {
      await refused(send(minerOrder, 'PUT', { body: { ids: wrong } }), 400);
    }
  });
});

describe('zones', () => {
  it('are not cooled and heated by one device', async () => {
    const [{ id, exhaust_fan_device_id: fan }] = (await send(zones, 'GET')).body;
    const answer = await refused(
      send(zoneById, 'PUT', { params: { id }, body: { heater_device_id: fan } }),
      400,
    );
    expect(answer.body.errors).toEqual([
      expect.objectContaining({
        path: 'heater_device_id',
        code: 'same_device',
        values: { exhaust_fan_device_id: fan, heater_device_id: fan },
      }),
    ]);
  });
});

describe('devices', () => {
  it('never show a secret, keep it through a change, and make an automatic site advisory', async () => {
    vi.stubEnv('COMMANDCENTER_SECRET_KEY', 'ab'.repeat(32));
    expect((await send(mode, 'PUT', { body: { control_mode: 'automatic' } })).status).toBe(200);
    const connection = { host: 'gx.test', username: 'me', password: 'hunter2hunter2' };
    const made = await send(devices, 'POST', {
      body: { key: 'gx', name: 'Cerbo GX', driver: 'victron-mqtt', connection, roles: ['battery'] },
    });
    expect(made.status, made.text).toBe(201);
    const { id } = made.body;
    expect(made.body).toMatchObject({
      control_enabled: false,
      roles: ['battery'],
      secrets_set: ['password'],
    });
    const changed = await send(deviceById, 'PUT', { params: { id }, body: { name: 'GX' } });
    const refusal = await refused(
      send(deviceById, 'PUT', {
        params: { id },
        body: { connection: { ...connection, port: 'hunter2hunter2' } },
      }),
      400,
    );
    const list = await send(devices, 'GET');
    for (const answer of [made, changed, refusal, list]) expect(answer.text).not.toContain('hunter2');
    const stored = await settingsSnapshot(site().db);
    expect(stored).toContain('sealed:');
    expect(stored).not.toContain('hunter2');
    expect((await send(mode, 'GET')).body.control_mode).toBe('advisory');
    expect((await send(deviceById, 'DELETE', { params: { id } })).status).toBe(204);
  });

  it('one device per measuring role', async () => {
    const make = (key: string) =>
      send(devices, 'POST', {
        body: {
          key,
          name: key,
          driver: 'simulated',
          connection: { part: 'inverter' },
          roles: ['battery', 'pv'],
        },
      });
    const [first, second] = [await make('first'), await make('second')];
    expect([first.status, second.status]).toEqual([201, 201]);
    const { body } = await send(devices, 'GET');
    const holders = body.filter((device: { roles: string[] }) => device.roles.includes('battery'));
    expect(holders.map((device: { key: string }) => device.key)).toEqual(['second']);
  });
});

describe('the control mode', () => {
  it('is for the scope "control", and says since when and by whom', async () => {
    const token = await site().token('control');
    const answer = await call(mode, 'PUT', { token, body: { control_mode: 'paused' } });
    expect(answer.body).toMatchObject({ control_mode: 'paused', mode_by: 'token control test' });
    const again = await call(mode, 'PUT', { token: admin, body: { control_mode: 'paused' } });
    expect(again.body).toEqual(answer.body);
    expect((await call(mode, 'GET', { token })).body).toEqual(answer.body);
    await refused(call(mode, 'PUT', { token, body: { control_mode: 'off' } }), 400);
  });
});

describe('POST /db/run-v19-migration', () => {
  it('is safe to repeat, also several at once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => send(migration, 'POST')));
    for (const answer of answers) {
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body).toMatchObject({
        status: 'ok',
        applied: [],
        default_data: { owner: 0, preferences: 0 },
      });
      expect(answer.body.already_applied.length).toBeGreaterThan(0);
      expect(answer.body.tables).toContain('user_preferences');
    }
  });

  it('applies missing defaults', async () => {
    await site().db.execute(sql`delete from user_preferences`);
    expect((await send(preferences, 'GET')).status).toBe(404);
    expect((await send(migration, 'POST')).body.default_data).toMatchObject({ preferences: 1 });
    expect((await send(preferences, 'GET')).status).toBe(200);
  });

  it('answers a failure with 500 and status "error", rolled back, without the database\'s text', async () => {
    const { db } = site();
    await db.execute(
      sql`insert into drizzle.__drizzle_migrations (hash, name) values ('x', '99999999999999_future')`,
    );
    const before = await settingsSnapshot(db);
    const answer = await send(migration, 'POST');
    expect([answer.status, answer.body.status]).toEqual([500, 'error']);
    expect(answer.body.message).toContain('newer version');
    await db.execute(sql`delete from drizzle.__drizzle_migrations where hash = 'x'`);
    await db.execute(sql`alter table user_preferences rename to hidden`);
    const broken = await send(migration, 'POST');
    await db.execute(sql`alter table hidden rename to user_preferences`);
    expect([broken.status, broken.body.status]).toEqual([500, 'error']);
    expect(broken.text).not.toMatch(/relation "|does not exist/);
    expect(await settingsSnapshot(db)).toBe(before);
  });
});
