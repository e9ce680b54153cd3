import { asc, eq } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getDatabase } from '@/db/client';
import { alerts, hvacZones, minerProfiles, overrides, userPreferences } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { fanLoadId, heaterLoadId, minerLoadId } from '@/lib/core/loads';
import { call, openSite } from '@/test/api';
import * as alertById from './alerts/[id]/route';
import * as alertList from './alerts/route';
import * as byId from './overrides/[id]/route';
import * as list from './overrides/route';

const site = openSite();
let token = '';
let miner = '';
let zone = '';

beforeAll(async () => {
  token = await site().token('control');
  const { db } = site();
  const [first] = await db.select().from(minerProfiles).orderBy(asc(minerProfiles.priorityLevel));
  const [room] = await db.select().from(hvacZones).orderBy(asc(hvacZones.zoneName));
  miner = first?.id ?? '';
  zone = room?.id ?? '';
});
beforeEach(() => site().db.delete(overrides));

const all = async (query = '') => (await call(list, 'GET', { token, query })).body;
const post = (body: Record<string, unknown>) => call(list, 'POST', { token, body });
const end = (id: string) => call(byId, 'DELETE', { token, params: { id } });
const minutesFrom = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 60_000;

async function refused(body: Record<string, unknown>) {
  const before = await all();
  const answer = await post(body);
  expect(answer.status, answer.text).toBe(400);
  expect(await all()).toEqual(before);
  return answer.body;
}

describe('an override', () => {
  it('is there on the next read over a fresh connection, with its end, its reason and who asked', async () => {
    const sent = {
      load_id: minerLoadId(miner),
      state: 'off',
      duration_minutes: 45,
      reason: 'cleaning the fans',
    };
    const made = await post(sent);
    expect(made.status, made.text).toBe(201);
    expect(made.body).toMatchObject({
      load_id: minerLoadId(miner),
      load_name: 'Primary S21+ (Revenue)',
      state: 'off',
      active: true,
      ended_at: null,
      created_by: 'token control test',
      reason: 'cleaning the fans',
    });
    expect(minutesFrom(made.body.starts_at, made.body.ends_at)).toBe(45);
    const [row] = await site().fresh((db) => db.select().from(overrides));
    expect(row?.endsAt.toISOString()).toBe(made.body.ends_at);
    expect(await all()).toEqual([made.body]);
  });

  it('is for every kind of load that there is', async () => {
    for (const load_id of [heaterLoadId(zone), fanLoadId(zone)]) {
      expect((await post({ load_id, state: 'on', until: 'sunrise' })).status).toBe(201);
    }
    expect((await all()).map((row: { load_name: string }) => row.load_name)).toEqual([
      'Heat Room fan',
      'Heat Room heater',
    ]);
  });

  it('ends the one before it for the same load, and that one only', async () => {
    const load_id = minerLoadId(miner);
    const first = (await post({ load_id, state: 'off', duration_minutes: 60 })).body;
    const other = (await post({ load_id: fanLoadId(zone), state: 'on', duration_minutes: 60 })).body;
    const second = (await post({ load_id, state: 'on', duration_minutes: 60 })).body;
    const rows = await all();
    expect(rows.map((row: { id: string; active: boolean }) => [row.id, row.active])).toEqual([
      [second.id, true],
      [other.id, true],
      [first.id, false],
    ]);
    expect(rows[2].ended_at).toBe(second.starts_at);
  });

  it('leaves exactly one in force when several are asked for at once', async () => {
    const load_id = minerLoadId(miner);
    const answers = await Promise.all(
      ['on', 'off', 'on', 'off', 'on'].map((state) => post({ load_id, state, duration_minutes: 5 })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(201));
    expect((await all()).filter((row: { active: boolean }) => row.active)).toHaveLength(1);
  });

  it('is ended now by DELETE, which wakes whoever listens; ending it again changes nothing', async () => {
    const heard: string[] = [];
    const { unlisten } = await getDatabase().sql.listen('commandcenter_settings', (owner) =>
      heard.push(owner),
    );
    const { id } = (await post({ load_id: minerLoadId(miner), state: 'on', duration_minutes: 60 })).body;
    await expect.poll(() => heard).toEqual([OWNER_ID]);
    expect((await end(id)).status).toBe(204);
    await expect.poll(() => heard).toHaveLength(2);
    const [ended] = await all();
    expect(ended).toMatchObject({ id, active: false });
    expect(Date.parse(ended.ended_at)).toBeLessThanOrEqual(Date.now());
    expect((await end(id)).status).toBe(204);
    expect(await all()).toEqual([ended]);
    await unlisten();
  });

  it('that has run out keeps its own end', async () => {
    await site()
      .db.insert(overrides)
      .values({
        userId: OWNER_ID,
        loadId: minerLoadId(miner),
        state: 'on',
        startsAt: new Date(Date.now() - 7_200_000),
        endsAt: new Date(Date.now() - 3_600_000),
        createdBy: 'test',
      });
    await post({ load_id: minerLoadId(miner), state: 'off', duration_minutes: 5 });
    const [now, before] = await all();
    expect(now).toMatchObject({ state: 'off', active: true });
    expect(before).toMatchObject({ state: 'on', active: false, ended_at: null });
  });

  it('of a load that is not there names the ones that are', async () => {
    for (const load_id of ['miner:nobody', 'Primary', heaterLoadId(miner)]) {
      const { errors, detail } = await refused({ load_id, state: 'off', duration_minutes: 5 });
      expect(detail).toContain(load_id);
      expect(errors[0]).toMatchObject({ path: 'load_id', code: 'unknown_load' });
      expect(errors[0].values.allowed).toHaveLength(6);
    }
  });

  it('needs exactly one end, within 24 h', async () => {
    const load_id = minerLoadId(miner);
    expect((await refused({ load_id, state: 'off' })).detail).toMatch(/exactly one of/);
    const two = await refused({ load_id, state: 'off', duration_minutes: 5, until: 'sunrise' });
    expect(two.detail).toMatch(/exactly one of ends_at, duration_minutes and until/);
    const long = await refused({ load_id, state: 'off', duration_minutes: 1441 });
    expect(long.errors[0]).toMatchObject({ path: 'duration_minutes', values: { maximum: 1440 } });
    const ends_at = new Date(Date.now() + 25 * 3_600_000).toISOString();
    const far = await refused({ load_id, state: 'off', ends_at });
    expect(far.detail).toMatch(/ends_at must be at most 24 h from now/);
    const past = await refused({ load_id, state: 'off', ends_at: '2020-01-01T00:00:00Z' });
    expect(past.detail).toMatch(/ends_at must be later than now/);
    await refused({ load_id, state: 'off', until: 'noon' });
    await refused({ load_id, state: 'maybe', duration_minutes: 5 });
  });

  it('until sunrise needs a place', async () => {
    const { db } = site();
    await db.update(userPreferences).set({ locationLat: null }).where(eq(userPreferences.userId, OWNER_ID));
    const { errors } = await refused({ load_id: minerLoadId(miner), state: 'on', until: 'sunrise' });
    expect(errors[0]).toMatchObject({ path: 'until', values: { location_lat: null } });
    await db
      .update(userPreferences)
      .set({ locationLat: 37.3382 })
      .where(eq(userPreferences.userId, OWNER_ID));
  });

  it('of another owner can be neither seen nor made nor ended', async () => {
    const { id } = (await post({ load_id: minerLoadId(miner), state: 'on', duration_minutes: 60 })).body;
    const stranger = await site().token('admin', { ownerId: await site().otherOwner() });
    expect((await call(list, 'GET', { token: stranger })).body).toEqual([]);
    expect((await call(byId, 'DELETE', { token: stranger, params: { id } })).status).toBe(404);
    const body = { load_id: minerLoadId(miner), state: 'off', duration_minutes: 5 };
    expect((await call(list, 'POST', { token: stranger, body })).status).toBe(400);
    expect(await all()).toMatchObject([{ id, active: true }]);
  });

  it('is listed by load, and what is in force first however much came after', async () => {
    const load_id = minerLoadId(miner);
    const { id } = (await post({ load_id: fanLoadId(zone), state: 'on', duration_minutes: 60 })).body;
    for (let i = 0; i < 3; i += 1)
      await end((await post({ load_id, state: 'on', duration_minutes: 5 })).body.id);
    expect((await all('?limit=2')).map((row: { id: string }) => row.id)[0]).toBe(id);
    expect(await all(`?load_id=${load_id}`)).toHaveLength(3);
  });
});

describe('GET /api/alerts', () => {
  it('lists what is the case now, then what was, newest first, the acknowledged behind, and nothing of another owner', async () => {
    const { db } = site();
    const row = (key: string, minute: number, cleared: number | null, userId = OWNER_ID) => ({
      userId,
      key,
      severity: 'warning' as const,
      text: `${key} happened.`,
      raisedAt: new Date(Date.UTC(2026, 5, 1, 12, minute)),
      clearedAt: cleared === null ? null : new Date(Date.UTC(2026, 5, 1, 12, cleared)),
    });
    await db
      .insert(alerts)
      .values([
        row('first', 0, null),
        row('second', 1, 2),
        row('third', 3, null),
        row('fourth', 4, 5),
        row('other', 6, null, await site().otherOwner()),
      ]);
    const { body } = await call(alertList, 'GET', { token });
    expect(body.map((alert: { key: string }) => alert.key)).toEqual(['third', 'first', 'fourth', 'second']);
    expect(body[2]).toEqual({
      id: expect.any(String),
      key: 'fourth',
      severity: 'warning',
      text: 'fourth happened.',
      raised_at: '2026-06-01T12:04:00.000Z',
      cleared_at: '2026-06-01T12:05:00.000Z',
      acknowledged_at: null,
      acknowledged_by: null,
    });
    expect((await call(alertList, 'GET', { token, query: '?limit=1' })).body).toHaveLength(1);

    const id = body[0].id;
    const seen = await call(alertById, 'PUT', { token, params: { id }, body: { acknowledged: true } });
    expect(seen.status, seen.text).toBe(200);
    expect(seen.body).toMatchObject({ id, cleared_at: null, acknowledged_by: 'token control test' });
    const keysNow = async () =>
      (await call(alertList, 'GET', { token })).body.map((alert: { key: string }) => alert.key);
    expect(await keysNow()).toEqual(['first', 'third', 'fourth', 'second']);
    await call(alertById, 'PUT', { token, params: { id }, body: { acknowledged: false } });
    expect(await keysNow()).toEqual(['third', 'first', 'fourth', 'second']);
  });
});
