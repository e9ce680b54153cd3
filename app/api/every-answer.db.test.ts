import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '@/db/client';
import {
  alerts,
  controlState,
  devices,
  deviceTests,
  minerProfiles,
  overrides,
  resistanceEvidence,
  userPreferences,
  users,
} from '@/db/schema';
import { hashPassword } from '@/lib/auth/password';
import { findSession } from '@/lib/auth/sessions';
import { readConfiguration } from '@/lib/configuration/queries';
import { toConfigurationFile } from '@/lib/configuration/serialise';
import { OWNER_ID } from '@/lib/core/defaults';
import { getDeviceTest } from '@/lib/device-tests/queries';
import { serialiseDeviceTest } from '@/lib/device-tests/serialise';
import type { DeviceTestResult } from '@/lib/device-tests/types';
import { getDevice } from '@/lib/devices/queries';
import { serialiseDevice } from '@/lib/devices/serialise';
import { getZone } from '@/lib/hvac/queries';
import { serialiseZone } from '@/lib/hvac/serialise';
import { getMiner, listMiners } from '@/lib/miners/queries';
import { serialiseMiner } from '@/lib/miners/serialise';
import { getMode } from '@/lib/mode/queries';
import { serialiseMode } from '@/lib/mode/serialise';
import { listOverrides } from '@/lib/overrides/queries';
import { serialiseOverride } from '@/lib/overrides/serialise';
import { getPreferences } from '@/lib/preferences/queries';
import { defaultPreferences, serialisePreferences } from '@/lib/preferences/serialise';
import { getRetention } from '@/lib/retention/queries';
import { serialiseRetention } from '@/lib/retention/serialise';
import type { StatusTick } from '@/lib/status/types';
import { rollUp } from '@/lib/telemetry/rollup';
import { HandClock, testSite } from '@/lib/worker/site.case';
import { type Answer, call, openSite, routeModules, settingsSnapshot } from '@/test/api';
import { MINER, numbered, PASSWORD, PLUG } from '@/test/samples';

const DEVICE_TEST = { driver: 'simulated', connection: { part: 'inverter' } };
const FROM_ITSELF = { origin: 'http://site.test' };
// A clear morning in California: miners start, and with them everything that an answer tells of them.
const START = Date.UTC(2026, 5, 1, 17);
const RANGE = '?from=2026-06-01T16:00:00Z&to=2026-06-01T18:00:00Z';

const site = openSite();
let modules: ReadonlyMap<string, object> = new Map();
let admin = '';

interface Asked {
  readonly id?: string;
  readonly body?: Record<string, unknown>;
  readonly query?: string;
  readonly cookie?: string;
  /** What was stored until then. */
  readonly before?: string;
}
/** A request and what it was answered. */
interface Told extends Asked {
  readonly answer: Answer;
}

interface Reading {
  /** What the request is made of, with the rows that it is about. */
  readonly ask?: () => Asked | Promise<Asked>;
  /** Where the answer shows no names because there is nothing. */
  readonly empty?: readonly string[];
  /** Objects whose keys are data of the owner's and no names of ours. */
  readonly keyedByData?: RegExp;
}
interface Change extends Reading {
  readonly status?: number;
  /** What another connection finds once the answer is there. */
  readonly stored: (db: Database, told: Told) => Promise<unknown>;
  /** What it has to find; where missing, the answer, with what was sent. */
  readonly told?: (told: Told) => unknown;
}
interface Answers {
  readonly [read: `GET ${string}`]: Reading;
  readonly [change: `POST ${string}` | `PUT ${string}` | `DELETE ${string}`]: Change;
}

const send = (endpoint: string, { id, before: _before, ...asked }: Asked) => {
  const [method = '', path = ''] = endpoint.split(/ (.*)/);
  const module = modules.get(path) ?? expect.fail(`There is no ${path}.`);
  const by = asked.cookie === undefined ? { token: admin } : { headers: FROM_ITSELF };
  return call(module, method, { ...asked, ...by, params: id === undefined ? undefined : { id } });
};

/** Makes a row through the API, for another request to be about. */
async function make(path: string, body: Record<string, unknown>): Promise<{ id: string }> {
  const { status, text, body: row } = await send(`POST ${path}`, { body });
  expect(status, text).toBeLessThan(300);
  return { id: row.id };
}
const aMiner = () => ({ name: numbered('Miner '), ...MINER });
const aZone = () => ({ zone_name: numbered('Zone ') });
const aPlug = () => ({ key: numbered('plug_'), ...PLUG });
const anOverride = async () => ({
  load_id: `miner:${(await make('app/api/miners', aMiner())).id}`,
  state: 'off',
  ends_at: new Date(Date.now() + 3_600_000).toISOString(),
});
const first = async (path: string): Promise<{ id: string }> => ({
  id: String((await send(`GET ${path}`, {})).body[0].id),
});

async function theAlert(): Promise<{ id: string }> {
  const [row] = await site().db.select({ id: alerts.id }).from(alerts);
  return row ?? expect.fail('no alert');
}

/** The file as it is exported, with something else in every section. */
async function otherConfiguration(): Promise<Record<string, unknown>> {
  const { body } = await send('GET app/api/configuration', {});
  return {
    ...body,
    preferences: { ...body.preferences, voltage_low: 46.5 },
    retention: { ...body.retention, raw_days: 21 },
    zones: body.zones.map((zone: object) => ({ ...zone, temp_too_hot: 42 })),
    miners: [
      ...body.miners.map((miner: object) => ({ ...miner, minimum_on_minutes: 12 })),
      { ...body.miners.at(-1), name: numbered('Miner '), priority_level: 10, device_identifier: null },
    ],
    devices: body.devices.slice(1).map((device: object) => ({ ...device, name: 'Other' })),
  };
}

const wireOf = <Row>(row: Row | null, serialise: (row: Row) => unknown) =>
  row === null ? null : serialise(row);
const storedMiner = async (db: Database, id = '') => wireOf(await getMiner(db, OWNER_ID, id), serialiseMiner);
const storedZone = async (db: Database, id = '') => wireOf(await getZone(db, OWNER_ID, id), serialiseZone);
const storedDevice = async (db: Database, id = '') =>
  wireOf(await getDevice(db, OWNER_ID, id), serialiseDevice);
const storedTest = async (db: Database, id = '') =>
  wireOf(await getDeviceTest(db, OWNER_ID, id), serialiseDeviceTest);
const storedPreferences = async (db: Database) =>
  wireOf(await getPreferences(db, OWNER_ID), serialisePreferences);
const storedOverride = async (db: Database, id = '') => {
  const rows = await listOverrides(db, { ownerId: OWNER_ID, now: Date.now(), limit: 100 });
  return wireOf(rows.find((row) => row.id === id) ?? null, serialiseOverride);
};
const gone = () => null;

/** Each request that is answered with success, by method and route. */
const answers: Answers = {
  'GET app/api/alerts': {},
  'PUT app/api/alerts/[id]': {
    ask: async () => ({ ...(await theAlert()), body: { acknowledged: true } }),
    stored: async (db, { id = '' }) => {
      const [row] = await db.select().from(alerts).where(eq(alerts.id, id));
      return row && { at: row.acknowledgedAt?.toISOString(), by: row.acknowledgedBy };
    },
    told: ({ answer: { body } }) => ({ at: body.acknowledged_at, by: 'token admin test' }),
  },
  'GET app/api/commands': {},
  'GET app/api/configuration': {},
  'POST app/api/configuration/preview': {
    ask: async () => ({
      body: await otherConfiguration(),
      before: await settingsSnapshot(site().db),
    }),
    stored: settingsSnapshot,
    told: ({ before }) => before,
  },
  'POST app/api/configuration': {
    ask: async () => ({ body: await otherConfiguration() }),
    stored: async (db, { body }) => {
      const exportedAt = Date.parse(String(body?.exported_at));
      return toConfigurationFile(await readConfiguration(db, OWNER_ID), exportedAt);
    },
    told: ({ body }) => body,
  },
  'GET app/api/decisions': {},
  'GET app/api/decisions/[id]': { ask: () => first('app/api/decisions') },
  'GET app/api/devices': {},
  'POST app/api/devices': {
    ask: () => ({ body: aPlug() }),
    status: 201,
    stored: (db, { answer }) => storedDevice(db, answer.body.id),
  },
  'GET app/api/devices/[id]': { ask: () => first('app/api/devices') },
  'PUT app/api/devices/[id]': {
    ask: async () => ({ ...(await make('app/api/devices', aPlug())), body: { name: 'Other' } }),
    stored: (db, { id }) => storedDevice(db, id),
  },
  'DELETE app/api/devices/[id]': {
    ask: () => make('app/api/devices', aPlug()),
    status: 204,
    stored: (db, { id }) => storedDevice(db, id),
    told: gone,
  },
  'POST app/api/devices/tests': {
    ask: () => ({ body: DEVICE_TEST }),
    status: 202,
    // Nothing has been tried yet.
    empty: ['readings'],
    stored: (db, { answer }) => storedTest(db, answer.body.id),
    told: ({ answer }) => answer.body,
  },
  'GET app/api/devices/tests/[id]': {
    ask: async () => {
      const result: DeviceTestResult = {
        readings: [{ name: 'Battery voltage', value: 52.1, unit: 'V' }],
        problems: ['No meter answers.'],
        controls: ['switch'],
        tookMs: 12,
      };
      const test = { userId: OWNER_ID, ...DEVICE_TEST, state: 'passed', result } as const;
      const [row] = await site().db.insert(deviceTests).values(test).returning({ id: deviceTests.id });
      return { id: row?.id };
    },
  },
  'DELETE app/api/devices/tests/[id]': {
    ask: () => make('app/api/devices/tests', DEVICE_TEST),
    status: 204,
    stored: (db, { id }) => storedTest(db, id),
    told: () => expect.objectContaining({ state: 'cancelled' }),
  },
  'GET app/api/gains': { ask: () => ({ query: '?from=2026-05-31&to=2026-06-02' }) },
  'GET app/api/health': {},
  'GET app/api/hvac/zones': {},
  'POST app/api/hvac/zones': {
    ask: () => ({ body: aZone() }),
    status: 201,
    stored: (db, { answer }) => storedZone(db, answer.body.id),
  },
  'GET app/api/hvac/zones/[id]': { ask: () => first('app/api/hvac/zones') },
  'PUT app/api/hvac/zones/[id]': {
    ask: async () => ({ ...(await make('app/api/hvac/zones', aZone())), body: { temp_too_hot: 41.5 } }),
    stored: (db, { id }) => storedZone(db, id),
  },
  'DELETE app/api/hvac/zones/[id]': {
    ask: () => make('app/api/hvac/zones', aZone()),
    status: 204,
    stored: (db, { id }) => storedZone(db, id),
    told: gone,
  },
  'GET app/api/miners': {},
  'POST app/api/miners': {
    ask: () => ({ body: aMiner() }),
    status: 201,
    stored: (db, { answer }) => storedMiner(db, answer.body.id),
  },
  'GET app/api/miners/[id]': { ask: () => first('app/api/miners') },
  'PUT app/api/miners/[id]': {
    ask: async () => ({ ...(await make('app/api/miners', aMiner())), body: { power_draw_watts: 2500 } }),
    stored: (db, { id }) => storedMiner(db, id),
  },
  'DELETE app/api/miners/[id]': {
    ask: () => make('app/api/miners', aMiner()),
    status: 204,
    stored: (db, { id }) => storedMiner(db, id),
    told: gone,
  },
  'PUT app/api/miners/order': {
    ask: async () => {
      const ids = (await listMiners(site().db, OWNER_ID)).map(({ id }) => id);
      return { body: { ids: ids.toReversed() } };
    },
    stored: async (db) => (await listMiners(db, OWNER_ID)).map(({ id }) => id),
    told: ({ body }) => body?.ids,
  },
  'GET app/api/mode': {},
  'PUT app/api/mode': {
    ask: () => ({ body: { control_mode: 'paused' } }),
    stored: async (db) => wireOf(await getMode(db, OWNER_ID), serialiseMode),
  },
  'GET app/api/overrides': {},
  'POST app/api/overrides': {
    ask: async () => ({ body: await anOverride() }),
    status: 201,
    stored: (db, { answer }) => storedOverride(db, answer.body.id),
  },
  'DELETE app/api/overrides/[id]': {
    ask: async () => make('app/api/overrides', await anOverride()),
    status: 204,
    stored: (db, { id }) => storedOverride(db, id),
    told: () => expect.objectContaining({ active: false, ended_at: expect.any(String) }),
  },
  'GET app/api/preferences': {},
  'PUT app/api/preferences': {
    ask: () => ({ body: { voltage_low: 46.25, operating_mode: 'aggressive' } }),
    stored: storedPreferences,
  },
  'POST app/api/preferences/reset': {
    ask: async () => {
      await send('PUT app/api/preferences', { body: { voltage_low: 46.75 } });
      return {};
    },
    stored: storedPreferences,
    told: ({ answer }) => ({ ...answer.body, ...defaultPreferences() }),
  },
  'GET app/api/replay/history': { ask: () => ({ query: RANGE }) },
  'GET app/api/resistance': {},
  'POST app/api/session': {
    ask: () => ({ body: { email: 'owner@example.com', password: PASSWORD } }),
    status: 204,
    stored: async (db, { answer }) => {
      const secret = /cc_session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
      return (await findSession(db, secret))?.ownerId;
    },
    told: () => OWNER_ID,
  },
  'DELETE app/api/session': {
    ask: async () => ({ cookie: await site().session() }),
    status: 204,
    stored: (db, { cookie = '' }) => findSession(db, cookie),
    told: gone,
  },
  'GET app/api/since': { ask: () => ({ query: '?from=2026-06-01T16:00:00Z' }) },
  'GET app/api/status': {},
  'GET app/api/telemetry': { ask: () => ({ query: RANGE }) },
  'GET app/api/telemetry/export': {
    ask: () => ({ query: `${RANGE}&resolution=raw` }),
    // By ids of loads and of zones.
    keyedByData: /^\[\]\.(loads|zones)$/,
  },
  'GET app/api/telemetry/runs': { ask: () => ({ query: RANGE }) },
  'GET app/api/telemetry/storage': {},
  'GET app/api/telemetry/retention': {},
  'PUT app/api/telemetry/retention': {
    ask: () => ({ body: { raw_days: 20 } }),
    stored: async (db) => serialiseRetention(await getRetention(db, OWNER_ID)),
  },
  'POST app/db/run-v19-migration': {
    ask: async () => {
      await site().db.delete(userPreferences);
      return {};
    },
    stored: async (db, { answer }) => [
      (await db.select().from(userPreferences)).length,
      answer.body.default_data.preferences,
    ],
    told: () => [1, 1],
  },
};

/** Answers that are no JSON: this one's data is what GET app/api/status answers. */
const NOT_JSON = ['GET app/api/events'];

async function recordTheSite(): Promise<void> {
  const { db, url } = site();
  const clear = { part: 'inverter', weather: 'clear' };
  await db.update(devices).set({ connection: clear }).where(eq(devices.key, 'sim_inverter'));
  await db.update(minerProfiles).set({ startHysteresisMinutes: 0, minimumOffMinutes: 0 });
  const worker = testSite({ url, workerId: 'answers', clock: new HandClock(START) });
  await worker.ticks(20);
  await worker.site.stop();
  await rollUp(db, { ownerId: OWNER_ID, timeZone: 'America/Los_Angeles', full: { floatV: 55, tailA: 45 } });
  const [state] = await db.select().from(controlState);
  const lastTick: StatusTick = {
    ...(state?.lastTick as StatusTick),
    at: Date.now(),
    startsHeld: { reason: 'It watches first', until: Date.now() },
    badReadings: [{ reading: 'pack voltage', reason: 'too old' }],
  };
  await db.update(controlState).set({ lastTick, workerHeartbeatAt: new Date() });
  const during = { startsAt: new Date(START), endsAt: new Date(START + 60_000), createdBy: 'test' };
  await db.insert(overrides).values({ userId: OWNER_ID, loadId: 'miner:x', state: 'off', ...during });
  await db
    .insert(alerts)
    .values({ userId: OWNER_ID, key: 'x', severity: 'info', text: 'X.', raisedAt: new Date() });
  const steps = Array.from({ length: 20 }, (_, i) => ({
    userId: OWNER_ID,
    ts: new Date(START + i * 60_000),
    fromA: -10,
    deltaA: -60,
    deltaV: -0.3,
    batteryTemperatureC: 21,
    cause: 'natural',
    simulated: true,
  }));
  await db.insert(resistanceEvidence).values(steps);
}

/** An answer that does not wait for its commit is there long before what it says. */
const SLOW_COMMITS = sql`
  create function slow_commit() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.1); return null; end $$;
  do $$ declare name regclass; begin
    for name in select oid from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace loop
      execute format('create constraint trigger slow_commit after insert or update or delete on %s
        deferrable initially deferred for each row execute function slow_commit()', name);
    end loop;
  end $$`;

beforeAll(async () => {
  modules = await routeModules();
  admin = await site().token('admin');
  const { db } = site();
  const owner = { email: 'owner@example.com', passwordHash: await hashPassword(PASSWORD) };
  await db.update(users).set(owner).where(eq(users.id, OWNER_ID));
  await recordTheSite();
  await db.execute(SLOW_COMMITS);
});

/** The answer's own words, which hold what was sent. */
function inItsWords({ body = {}, answer }: Told): unknown {
  expect(answer.body).toMatchObject(body);
  return answer.body;
}

/** Lists of plain words and ids: empty or not, they show no names. */
const WORDS = /(^|\.)(added|applied|controls|pending|problems|removed|roles|secrets_set|zone_ids)$/;

interface Names {
  readonly wrong: readonly string[];
  readonly empty: readonly string[];
}

/** Keys that are not spelled as the API spells them, and what shows no key at all; both by their paths. */
function namesIn(answer: unknown, keyedByData?: RegExp): Names {
  const wrong = new Set<string>();
  const empty = new Set<string>();
  const filled = new Set<string>();
  const look = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const isList = Array.isArray(value);
    if (isList && WORDS.test(path)) return;
    const isData = !isList && keyedByData?.test(path);
    const entries = Object.entries(value);
    (entries.length > 0 ? filled : empty).add(path);
    for (const [key, item] of entries) {
      const within = isList ? `${path}[]` : [path, isData ? '*' : key].filter(Boolean).join('.');
      if (!isList && !isData && !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(key)) wrong.add(within);
      look(item, within);
    }
  };
  look(answer, '');
  return { wrong: [...wrong], empty: [...empty].filter((path) => !filled.has(path)) };
}

it('describes every request that there is', async () => {
  const offered = [...modules].map(async ([path, module]) => {
    // It has no answer but 404.
    if (path.includes('[[...path]]')) return [];
    const { headers } = await call(module, 'OPTIONS');
    const methods = headers.get('allow')?.split(', ') ?? [];
    return methods.filter((name) => !/^(HEAD|OPTIONS)$/.test(name)).map((name) => `${name} ${path}`);
  });
  const described = [...Object.keys(answers), ...NOT_JSON];
  expect((await Promise.all(offered)).flat().sort()).toEqual(described.sort());
});

describe.each(Object.entries(answers))('%s', (endpoint, described: Reading & Partial<Change>) => {
  it('says in snake_case what is stored already', async () => {
    const { ask, status = 200, stored, told = inItsWords, empty = [], keyedByData } = described;
    const asked = (await ask?.()) ?? {};
    await site().fresh(async (db) => {
      // Connected before, so that nothing comes between answer and look.
      await db.execute(sql`select 1`);
      const answer = await send(endpoint, asked);
      expect(answer.status, answer.text).toBe(status);
      const there = await stored?.(db, { ...asked, answer });
      if (stored) expect(there).toEqual(told({ ...asked, answer }));
      const names = namesIn(answer.body, keyedByData);
      expect(names).toEqual({ wrong: [], empty });
    });
  });
});
