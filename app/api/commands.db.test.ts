import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { commands } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { call, openSite } from '@/test/api';
import * as list from './commands/route';
import * as mode from './mode/route';

const site = openSite();
const START = Date.UTC(2026, 5, 1, 12);
let reader = '';
let control = '';

const over = (minute: number, fields: Partial<typeof commands.$inferInsert> = {}) => ({
  id: randomUUID(),
  userId: OWNER_ID,
  loadId: `miner:${minute % 2}`,
  loadName: 'S19',
  deviceKey: 'plug',
  desired: { state: 'on' as const },
  state: 'observed' as const,
  attempts: 1,
  // Two share each moment.
  intendedAt: new Date(START + 60_000 * Math.floor(minute / 2)),
  endedAt: new Date(START + 60_000 * minute),
  cause: `START ${minute}`,
  ...fields,
});

beforeAll(async () => {
  reader = await site().token('read');
  control = await site().token('control');
  const other = await site().otherOwner();
  await site()
    .db.insert(commands)
    .values([...Array.from({ length: 60 }, (_, minute) => over(minute)), over(99, { userId: other })]);
});

const get = (query = '') => call(list, 'GET', { token: reader, query });

describe('GET /api/commands', () => {
  it('lists the owner’s, newest first, with the time of each step', async () => {
    const { body } = await get();
    expect(body).toHaveLength(50);
    expect(body[0]).toEqual({
      id: expect.any(String),
      load_id: expect.stringMatching(/^miner:/),
      load_name: 'S19',
      device_key: 'plug',
      desired: { state: 'on', fan_speed: null },
      state: 'observed',
      cause: expect.stringMatching(/^START 5[89]$/),
      attempts: 1,
      intended_at: new Date(START + 29 * 60_000).toISOString(),
      sent_at: null,
      acknowledged_at: null,
      observed_at: null,
      retry_at: null,
      ended_at: expect.any(String),
      error: null,
      simulated: false,
    });
  });

  it('filters by load, and goes on where the last page ended', async () => {
    const seen: string[] = [];
    let query = '?limit=7';
    for (;;) {
      const { body } = await get(query);
      if (body.length === 0) break;
      seen.push(...body.map((row: { cause: string }) => row.cause));
      const last = body.at(-1);
      query = `?limit=7&before=${last.intended_at}&before_id=${last.id}`;
    }
    expect(new Set(seen).size).toBe(60);
    expect(seen).toHaveLength(60);
    const { body } = await get('?load_id=miner:1&limit=200');
    expect(body).toHaveLength(30);
  });

  it.each([['?limit=201'], ['?before=now'], ['?before_id=1'], ['?load=1']])('refuses %s', async (query) => {
    const answer = await get(query);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body.errors[0].path).toBe(query.slice(1).split('=')[0]);
  });
});

describe('a charge block that outlives automatic control', () => {
  const put = (body: unknown) => call(mode, 'PUT', { token: control, body });

  it('has to be there to be confirmed', async () => {
    for (const body of [
      { charge_block: 'keep' },
      { control_mode: 'advisory', charge_block: 'lift' },
      { charge_block: 'open' },
    ]) {
      const answer = await put(body);
      expect(answer.status, answer.text).toBe(400);
      expect(answer.body.errors[0].path).toBe('charge_block');
    }
    // Refused whole: the mode has not changed either.
    expect((await put({ control_mode: 'automatic' })).body).toMatchObject({
      control_mode: 'automatic',
      charge_block: null,
    });
  });

  it('is the owner’s to keep or to lift, and asked about anew after automatic control', async () => {
    await site()
      .db.insert(commands)
      .values(over(0, { loadId: 'charge:inverter', desired: { state: 'off' } }));
    expect((await put({ control_mode: 'paused' })).body.charge_block).toBe('unconfirmed');
    expect((await put({ charge_block: 'keep' })).body).toMatchObject({
      control_mode: 'paused',
      charge_block: 'keep',
    });
    expect((await put({ charge_block: 'lift' })).body.charge_block).toBe('lift');
    expect((await call(mode, 'GET', { token: control })).body.charge_block).toBe('lift');
    expect((await put({ control_mode: 'automatic' })).body.charge_block).toBeNull();
    expect((await put({ control_mode: 'advisory' })).body.charge_block).toBe('unconfirmed');
    await site().db.execute(sql`update commands set state = 'reverted' where load_id = 'charge:inverter'`);
    expect((await call(mode, 'GET', { token: control })).body.charge_block).toBeNull();
  });
});
