import { desc } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Connection, connect } from '@/db/client';
import { hvacZones, minerProfiles, settingsVersions } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { createDevice, updateDevice } from '@/lib/devices/mutations';
import { listDevices } from '@/lib/devices/queries';
import { deviceInput } from '@/lib/devices/schema';
import { createZone, deleteZone, updateZone } from '@/lib/hvac/mutations';
import { getZone } from '@/lib/hvac/queries';
import { zoneInput } from '@/lib/hvac/schema';
import { createMiner, deleteMiner, orderMiners, updateMiner } from '@/lib/miners/mutations';
import { getMiner, listMiners } from '@/lib/miners/queries';
import { minerInput } from '@/lib/miners/schema';
import { parseInput } from '@/lib/validate';
import { createTestDatabase, type TestDatabase } from '@/test/database';

const author = { ownerId: OWNER_ID, actor: 'tester' };
let database: TestDatabase;
let connection: Connection;
let db: Connection['db'];

beforeAll(async () => {
  vi.stubEnv('COMMANDCENTER_SECRET_KEY', 'ab'.repeat(32));
  database = await createTestDatabase();
  connection = connect(database.url, { max: 8, applicationName: 'test' });
  db = connection.db;
  // Otherwise a deadlock is only looked for after a second.
  await connection.sql.unsafe(
    `alter database ${new URL(database.url).pathname.slice(1)} set deadlock_timeout = '50ms'`,
  );
  await connection.end();
  connection = connect(database.url, { max: 8, applicationName: 'test' });
  db = connection.db;
});
afterAll(async () => {
  await connection.end();
  await database.drop();
  vi.unstubAllEnvs();
});
beforeEach(async () => {
  await db.delete(minerProfiles);
  await db.delete(hvacZones);
});

const makeMiner = (name: string, extra: object = {}) => {
  const voltages = { start_voltage: 52, stop_voltage: 50, emergency_stop_voltage: 48 };
  const input = parseInput(minerInput, { name, power_draw_watts: 1000, ...voltages, ...extra });
  return createMiner(db, { ...author, input });
};
const makeZone = (zone_name: string, extra: object = {}) =>
  createZone(db, { ...author, input: parseInput(zoneInput, { zone_name, ...extra }) });

const ROUNDS = 15;

test('a miner moved into a zone that is deleted meanwhile never names a zone that is gone', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const zone = await makeZone(`Z${round}`);
    const miner = await makeMiner(`M${round}`);
    const [moved, removed] = await Promise.allSettled([
      updateMiner(db, { ...author, id: miner.id, patch: { zone_id: zone.id } }),
      deleteZone(db, { ...author, id: zone.id }),
    ]);
    expect(removed.status).toBe('fulfilled');
    if (moved.status === 'rejected') expect(moved.reason).toMatchObject({ issues: [{ path: 'zone_id' }] });
    expect((await getMiner(db, OWNER_ID, miner.id))?.zoneId).toBeNull();
  }
});

test('a zone heated by a miner that is deleted meanwhile never names a miner that is gone', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const zone = await makeZone(`Z${round}`);
    const miner = await makeMiner(`M${round}`);
    const [, removed] = await Promise.allSettled([
      updateZone(db, { ...author, id: zone.id, patch: { heating_miner_id: miner.id } }),
      deleteMiner(db, { ...author, id: miner.id }),
    ]);
    expect(removed.status).toBe('fulfilled');
    expect((await getZone(db, OWNER_ID, zone.id))?.heatingMinerId).toBeNull();
  }
});

test('a miner and a zone that name each other are deleted at once', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const miner = await makeMiner(`M${round}`);
    const zone = await makeZone(`Z${round}`, { heating_miner_id: miner.id });
    await updateMiner(db, { ...author, id: miner.id, patch: { zone_id: zone.id } });
    await Promise.all([
      deleteMiner(db, { ...author, id: miner.id }),
      deleteZone(db, { ...author, id: zone.id }),
    ]);
  }
  expect(await db.$count(minerProfiles)).toBe(0);
  expect(await db.$count(hvacZones)).toBe(0);
});

test('a link that ends because its other side was deleted is on record', async () => {
  const miner = await makeMiner('M');
  const zone = await makeZone('Z', { heating_miner_id: miner.id });
  await deleteMiner(db, { ...author, id: miner.id });
  const [gone, unlinked] = await db
    .select()
    .from(settingsVersions)
    .orderBy(desc(settingsVersions.id))
    .limit(2);
  expect(gone).toMatchObject({ entity: 'miner', entityId: miner.id, after: null });
  expect(unlinked).toMatchObject({
    entity: 'zone',
    entityId: zone.id,
    before: { heating_miner_id: miner.id },
    after: { heating_miner_id: null },
  });
});

test('many orders at once: each is carried out, and one of them stands whole', async () => {
  for (let i = 0; i < 6; i++) await makeMiner(`M${i}`);
  const ids = (await listMiners(db, OWNER_ID)).map((row) => row.id);
  const orders = ids.map((_, turn) => [...ids.slice(turn), ...ids.slice(0, turn)]);
  await Promise.all(orders.map((order) => orderMiners(db, { ...author, ids: order })));
  expect(orders).toContainEqual((await listMiners(db, OWNER_ID)).map((row) => row.id));
});

test('a measuring role that many devices take at once is held by one', async () => {
  const holders = async () =>
    (await listDevices(db, OWNER_ID)).filter((row) => row.roles.includes('battery')).length;
  const take = (key: string) => {
    const settings = { driver: 'victron-mqtt', connection: { host: '127.0.0.1' }, roles: ['battery'] };
    return createDevice(db, { ...author, input: parseInput(deviceInput, { key, name: key, ...settings }) });
  };
  const rows = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(take));
  expect(await holders()).toBe(1);
  await Promise.all(
    rows.map((row) => updateDevice(db, { ...author, id: row.id, patch: { roles: ['battery'] } })),
  );
  expect(await holders()).toBe(1);
});
