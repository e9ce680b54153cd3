import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Connection, connect } from '@/db/client';
import { minerProfiles, telemetry, telemetry1m } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { readSilences, takeOver } from './store';
import { within } from './within';

const START = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;
let database: TestDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, { max: 2, applicationName: 'test' });
});
afterAll(async () => {
  await connection.end();
  await database.drop();
});

const every = (stepMs: number, from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / stepMs) + 1 }, (_, i) => from + i * stepMs);

it('tells the next worker when nothing was recorded while a miner ran, in ticks and in minutes', async () => {
  const { db } = connection;
  const [miner] = await db.select().from(minerProfiles);
  const minutes = [
    ...every(MINUTE, START - 60 * MINUTE, START - 30 * MINUTE),
    ...every(MINUTE, START, START + 10 * MINUTE),
    ...every(MINUTE, START + 40 * MINUTE, START + 60 * MINUTE),
  ];
  const ticks = [
    ...every(10_000, START + 60 * MINUTE, START + 70 * MINUTE),
    ...every(10_000, START + 74 * MINUTE, START + 80 * MINUTE),
    ...every(10_000, START + 600 * MINUTE, START + 610 * MINUTE),
  ];
  const row = { userId: OWNER_ID, simulated: false };
  const seconds = {
    coveredSeconds: 60,
    pvSeconds: 0,
    loadSeconds: 0,
    batterySeconds: 0,
    gridSeconds: 0,
    fullSeconds: 0,
    throttledSeconds: 0,
  };
  await db
    .insert(telemetry1m)
    .values(minutes.map((at) => ({ ...row, ...seconds, ts: new Date(at), samples: 6 })));
  await db.insert(telemetry).values(ticks.map((at) => ({ ...row, ts: new Date(at), configVersion: 1 })));
  const look = () => readSilences(db, OWNER_ID, START + 605 * MINUTE);
  expect(await look()).toEqual([]);
  await db
    .update(minerProfiles)
    .set({ lastStartedAt: new Date(START), lastStoppedAt: new Date(START - MINUTE) })
    .where(eq(minerProfiles.id, miner?.id ?? ''));
  expect(await look()).toEqual([
    { from: START + 10 * MINUTE, to: START + 40 * MINUTE },
    { from: START + 80 * MINUTE, to: START + 600 * MINUTE },
  ]);
});

it('lets a worker take control without going through what was recorded', async () => {
  const { db } = connection;
  await db.transaction(async (busy) => {
    await busy.execute(sql`lock table telemetry_1m, telemetry_15m in access exclusive mode`);
    const { lastSeen } = await within(5000, () =>
      takeOver(connection, { ownerId: OWNER_ID, workerId: 'b' }, START),
    );
    expect(lastSeen).toMatchObject({ at: START + 610 * MINUTE, silences: null });
  });
});
