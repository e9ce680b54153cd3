import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect } from '@/db/client';
import { commands, controlState, devices, settingsVersions } from '@/db/schema';
import type { Command } from '@/lib/core/commands/types';
import { OWNER_ID } from '@/lib/core/defaults';
import { setUpDatabase } from '@/lib/devices/setup-database';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { ledgerStateOf, readLedger, writeCommands, writeLeftCommands } from './store';

const NOON = Date.UTC(2026, 5, 1, 12);
const me = { ownerId: OWNER_ID, workerId: 'me' };
let database: TestDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await createTestDatabase();
  await setUpDatabase(database.url);
  connection = connect(database.url, { max: 2, applicationName: 'test' });
  await connection.db.update(controlState).set({ workerId: 'me' });
});
afterAll(async () => {
  await connection.end();
  await database.drop();
});

const command = (loadId: string, fields: Partial<Command> = {}): Command => ({
  id: randomUUID(),
  loadId,
  loadName: 'S19',
  deviceKey: 'smartload_1',
  desired: { state: 'on' },
  state: 'sent',
  attempts: 1,
  intendedAt: NOON,
  sentAt: NOON + 5,
  acknowledgedAt: null,
  observedAt: null,
  retryAt: null,
  endedAt: null,
  error: null,
  cause: 'START',
  simulated: false,
  ...fields,
});
const stored = (id: string) =>
  connection.db
    .select()
    .from(commands)
    .where(eq(commands.id, id))
    .then(([row]) => row);

describe('writeCommands', () => {
  it('writes each step over the one before, and reads back what the ledger goes on from', async () => {
    const fan = command('fan:a', { desired: { state: 'on', fanSpeed: 4 } });
    expect([...(await writeCommands(connection.db, me, [fan]))]).toEqual([fan.id]);
    const done: Command = {
      ...fan,
      state: 'observed',
      acknowledgedAt: NOON + 7,
      observedAt: NOON + 9,
      endedAt: NOON + 9,
    };
    await writeCommands(connection.db, me, [done]);
    // Its successor in one statement with the end of another, as when one replaces the other.
    const next = command('fan:a', { intendedAt: NOON + 60_000, sentAt: NOON + 60_001 });
    await writeCommands(connection.db, me, [done, next]);
    const state = await readLedger(connection.db, OWNER_ID, NOON + 120_000);
    expect(state.newest).toEqual([next]);
    expect(state.writes).toHaveLength(2);
    expect(ledgerStateOf([done, next], NOON + 120_000).newest).toEqual(state.newest);
  });

  it('leaves one command open per load', async () => {
    const first = command('miner:one');
    await writeCommands(connection.db, me, [first]);
    await expect(writeCommands(connection.db, me, [command('miner:one')])).rejects.toThrow();
    const ended: Command = { ...first, state: 'superseded', endedAt: NOON + 1 };
    await writeCommands(connection.db, me, [ended, command('miner:one')]);
    expect((await stored(first.id))?.endedAt).not.toBeNull();
  });

  it('writes nothing once another worker’s name stands on the site', async () => {
    const late = command('miner:late');
    const other = { ownerId: OWNER_ID, workerId: 'another' };
    expect((await writeCommands(connection.db, other, [late])).size).toBe(0);
    expect(await stored(late.id)).toBeUndefined();
  });

  it('does not go on with what was ended elsewhere', async () => {
    const intended = command('miner:moved', { state: 'intended', attempts: 0, sentAt: null });
    await writeCommands(connection.db, me, [intended]);
    await connection.db
      .update(commands)
      .set({ endedAt: new Date(NOON) })
      .where(eq(commands.id, intended.id));
    const sent: Command = { ...intended, state: 'sent', attempts: 1, sentAt: NOON };
    expect((await writeCommands(connection.db, me, [sent])).size).toBe(0);
    const ended: Command = { ...sent, state: 'reverted', endedAt: NOON + 1 };
    expect((await writeCommands(connection.db, me, [ended])).size).toBe(1);
  });

  it('writes no start that is sent by settings of devices that have changed since', async () => {
    const { db } = connection;
    const [version] = await db
      .insert(settingsVersions)
      .values({ userId: OWNER_ID, actor: 'tester', entity: 'device', entityId: OWNER_ID })
      .returning({ id: settingsVersions.id });
    const id = version?.id ?? 0;
    const on = command('miner:start');
    const off = command('miner:stop', { desired: { state: 'off' } });
    const before = { ...me, settingsVersion: id - 1 };
    expect([...(await writeCommands(db, before, [on, off]))]).toEqual([off.id]);
    expect((await writeCommands(db, { ...me, settingsVersion: id }, [on])).size).toBe(1);
  });

  it('writes nothing of a simulated device that is gone', async () => {
    const there = command('miner:there', { simulated: true });
    const gone = command('miner:gone', { simulated: true, deviceKey: 'shelly_s19_1' });
    await connection.db.delete(devices).where(eq(devices.key, 'shelly_s19_1'));
    expect([...(await writeCommands(connection.db, me, [there, gone]))]).toEqual([there.id]);
  });
});

describe('what a worker leaves that has stood down', () => {
  it('is added where it is not told, and changes nothing that is', async () => {
    const open = command('miner:left');
    await writeCommands(connection.db, me, [open]);
    const mine: Command = { ...open, state: 'superseded', endedAt: NOON + 1 };
    const untold = command('miner:left', {
      desired: { state: 'off' },
      state: 'acknowledged',
      endedAt: NOON + 9,
    });
    await writeLeftCommands(connection.db, OWNER_ID, [mine, untold]);
    expect((await stored(open.id))?.endedAt).toBeNull();
    expect((await stored(untold.id))?.desired).toEqual({ state: 'off' });
    await expect(writeLeftCommands(connection.db, OWNER_ID, [command('miner:x')])).rejects.toThrow(
      RangeError,
    );
  });
});
