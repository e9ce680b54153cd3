import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Connection, connect } from '@/db/client';
import {
  controlState,
  devices,
  hvacZones,
  minerProfiles,
  settingsVersions,
  telemetry,
  telemetry1d,
  telemetry1m,
  telemetry15m,
  users,
} from '@/db/schema';
import { DEFAULT_VOLTAGE_CURVE, OWNER_ID } from '@/lib/core/defaults';
import { createDevice, deleteDevice, removeSimulatedSite, updateDevice } from '@/lib/devices/mutations';
import { listDevices } from '@/lib/devices/queries';
import { deviceInput, devicePatch } from '@/lib/devices/schema';
import { unsealConnection } from '@/lib/devices/secrets';
import { serialiseDevice } from '@/lib/devices/serialise';
import { AppError } from '@/lib/errors';
import { createZone, deleteZone, updateZone } from '@/lib/hvac/mutations';
import { zoneInput, zonePatch } from '@/lib/hvac/schema';
import { createMiner, deleteMiner, orderMiners, updateMiner } from '@/lib/miners/mutations';
import { listMiners } from '@/lib/miners/queries';
import { minerInput, minerPatch } from '@/lib/miners/schema';
import { serialiseMiner } from '@/lib/miners/serialise';
import { resetPreferences, updatePreferences } from '@/lib/preferences/mutations';
import { getPreferences } from '@/lib/preferences/queries';
import { preferencesPatch } from '@/lib/preferences/schema';
import { serialisePreferences } from '@/lib/preferences/serialise';
import { noteRecorded, rollUp } from '@/lib/telemetry/rollup';
import { parseInput } from '@/lib/validate';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { etagOf } from './etag';

const author = { ownerId: OWNER_ID, actor: 'tester' };
let database: TestDatabase;
let connection: Connection;
let db: Connection['db'];

beforeAll(async () => {
  vi.stubEnv('COMMANDCENTER_SECRET_KEY', 'ab'.repeat(32));
  database = await createTestDatabase();
  connection = connect(database.url, { max: 4, applicationName: 'test' });
  db = connection.db;
});
afterAll(async () => {
  await connection.end();
  await database.drop();
  vi.unstubAllEnvs();
});

const stored = async () => {
  const row = await getPreferences(db, OWNER_ID);
  if (row === null) throw new Error('no preferences');
  return row;
};
const patchPreferences = async (patch: Record<string, unknown>, ifMatch?: string) =>
  updatePreferences(db, { ...author, ifMatch, patch: parseInput(preferencesPatch, patch) });
const versions = () => db.$count(settingsVersions);

describe('preferences', () => {
  beforeEach(async () => {
    await resetPreferences(db, author);
  });

  test('a change is there on the next read over another connection, with a version', async () => {
    const before = await versions();
    await patchPreferences({ voltage_low: 47.5, location_lat: null });
    const other = connect(database.url, { max: 1, applicationName: 'test' });
    expect(await getPreferences(other.db, OWNER_ID)).toMatchObject({ voltageLow: 47.5, locationLat: null });
    await other.end();
    expect(await versions()).toBe(before + 1);
  });

  test('a change wakes whoever listens, once it is there to be read; a refused one wakes nobody', async () => {
    const reads: ReturnType<typeof getPreferences>[] = [];
    const listener = await connection.sql.listen('commandcenter_settings', (ownerId) => {
      reads.push(getPreferences(db, ownerId));
    });
    await expect(patchPreferences({ voltage_low: 51 })).rejects.toThrow();
    await patchPreferences({ voltage_low: 46.5 });
    await expect.poll(() => reads.length).toBe(1);
    expect((await reads[0])?.voltageLow).toBe(46.5);
    await listener.unlisten();
  });

  test('an impossible order names both fields and both values, one of them stored', async () => {
    await expect(patchPreferences({ voltage_low: 50.5 })).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'voltage_low', code: 'ordering', values: { voltage_low: 50.5, voltage_restart: 50 } }],
    });
    await expect(patchPreferences({ voltage_restart: 46 })).rejects.toMatchObject({
      issues: [{ path: 'voltage_restart', values: { voltage_low: 47, voltage_restart: 46 } }],
    });
  });

  test('the two calibration voltages take the ends of the curve with them', async () => {
    await patchPreferences({ voltage_at_0_percent: 44.5, voltage_at_100_percent: 57 });
    const { voltageCurve } = await stored();
    expect(voltageCurve).toEqual([
      { soc: 0, voltage: 44.5 },
      ...DEFAULT_VOLTAGE_CURVE.slice(1, -1),
      { soc: 100, voltage: 57 },
    ]);
  });

  test('a calibration voltage that would pass the next point is refused, and the curve stays', async () => {
    await expect(patchPreferences({ voltage_at_0_percent: 47.5 })).rejects.toMatchObject({
      issues: [{ path: 'voltage_at_0_percent', code: 'curve' }],
    });
    expect((await stored()).voltageCurve).toEqual(DEFAULT_VOLTAGE_CURVE);
  });

  test.each([
    [[{ soc: 0, voltage: 45 }]],
    [
      [
        { soc: 0, voltage: 45 },
        { soc: 100, voltage: 55 },
      ],
    ],
    [
      [
        { soc: 0, voltage: 45 },
        { soc: 50, voltage: 51 },
        { soc: 50, voltage: 52 },
        { soc: 100, voltage: 56 },
      ],
    ],
    [
      [
        { soc: 0, voltage: 45 },
        { soc: 50, voltage: 51 },
        { soc: 60, voltage: 51 },
        { soc: 100, voltage: 56 },
      ],
    ],
    [
      [
        { soc: 10, voltage: 45 },
        { soc: 100, voltage: 56 },
      ],
    ],
  ])('curve %j is refused', async (voltage_curve) => {
    await expect(patchPreferences({ voltage_curve })).rejects.toMatchObject({ code: 'invalid' });
  });

  test('what PostgreSQL would round is refused before it breaks a rule there', async () => {
    await expect(patchPreferences({ voltage_low: 49.999999999 })).rejects.toMatchObject({
      issues: [{ path: 'voltage_low', message: 'must have at most 2 decimals' }],
    });
    await patchPreferences({ voltage_low: 49.99 });
    expect((await stored()).voltageLow).toBe(49.99);
  });

  test.each(['"words"', '{"points":[1,2]}', '[{"soc":"a"},null]', '[]'])(
    'a stored curve of another make (%s) stands in the way of its own repair only',
    async (curve) => {
      await connection.sql.unsafe(`update user_preferences set voltage_curve = '${curve}'::jsonb`);
      await patchPreferences({ voltage_low: 47.2 });
      await expect(patchPreferences({ voltage_at_0_percent: 44.5 })).rejects.toMatchObject({
        code: 'invalid',
        issues: [{ path: 'voltage_at_0_percent', code: 'curve' }],
      });
      await patchPreferences({ voltage_at_0_percent: 44.5, voltage_curve: null });
      expect(await stored()).toMatchObject({ voltageLow: 47.2, voltageAt0Percent: 44.5, voltageCurve: null });
    },
  );

  test('ETag: of two writers on the same version one wins; without it both changes survive', async () => {
    const etag = etagOf(serialisePreferences(await stored()));
    const results = await Promise.allSettled([
      patchPreferences({ voltage_low: 47.1 }, etag),
      patchPreferences({ voltage_low: 47.2 }, etag),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ code: 'stale' });

    await Promise.all([
      patchPreferences({ voltage_low: 47.3 }),
      patchPreferences({ voltage_float: 55.2 }),
      patchPreferences({ max_battery_discharge_watts: 4000 }),
    ]);
    expect(await stored()).toMatchObject({
      voltageLow: 47.3,
      voltageFloat: 55.2,
      maxBatteryDischargeWatts: 4000,
    });
  });
});

const miner = (name: string, extra: object = {}) =>
  parseInput(minerInput, {
    name,
    power_draw_watts: 1000,
    start_voltage: 52,
    stop_voltage: 50,
    emergency_stop_voltage: 48,
    ...extra,
  });

describe('miners', () => {
  test('order of voltages, duplicate name, unknown zone', async () => {
    const row = await createMiner(db, { ...author, input: miner('A') });
    await expect(createMiner(db, { ...author, input: miner('A') })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(
      createMiner(db, { ...author, input: miner('B', { stop_voltage: 52 }) }),
    ).rejects.toMatchObject({
      issues: [{ values: { stop_voltage: 52, start_voltage: 52 } }],
    });
    const update = (patch: object) =>
      updateMiner(db, { ...author, id: row.id, patch: parseInput(minerPatch, patch) });
    await expect(update({ start_voltage: 49 })).rejects.toMatchObject({
      issues: [{ path: 'start_voltage', values: { stop_voltage: 50, start_voltage: 49 } }],
    });
    await expect(update({ zone_id: OWNER_ID })).rejects.toMatchObject({ issues: [{ path: 'zone_id' }] });
    await expect(update({ name: 'Primary S21+ (Revenue)' })).rejects.toMatchObject({ code: 'conflict' });
    expect((await listMiners(db, OWNER_ID)).find((one) => one.id === row.id)).toEqual(row);
    expect((await update({ device_identifier: '192.168.1.50' })).deviceIdentifier).toBe('192.168.1.50');
    await deleteMiner(db, { ...author, id: row.id });
    await expect(deleteMiner(db, { ...author, id: row.id })).rejects.toMatchObject({ code: 'not_found' });
  });

  test("another owner's miner is not there", async () => {
    const [stranger] = await db.insert(users).values({ email: 'stranger@example.org' }).returning();
    const row = await createMiner(db, { ownerId: stranger?.id ?? '', actor: 'x', input: miner('Theirs') });
    await expect(updateMiner(db, { ...author, id: row.id, patch: { enabled: false } })).rejects.toMatchObject(
      { code: 'not_found' },
    );
    await expect(deleteMiner(db, { ...author, id: row.id })).rejects.toMatchObject({ code: 'not_found' });
    expect((await listMiners(db, OWNER_ID)).map((one) => one.name)).not.toContain('Theirs');
  });

  test('a stored row that no rule of ours lets through does not break the list', async () => {
    await connection.sql.unsafe(`
      alter table miner_profiles drop constraint valid_miner_voltages, drop constraint valid_miner_operating_mode;
      insert into miner_profiles (user_id, name, power_draw_watts, start_voltage, stop_voltage, emergency_stop_voltage, operating_mode, created_at)
        values ('${OWNER_ID}', 'Odd', 1, 'NaN', 50, 60, 'turbo', 'infinity')`);
    const odd = (await listMiners(db, OWNER_ID)).map(serialiseMiner).find((wire) => wire.name === 'Odd');
    expect(JSON.parse(JSON.stringify(odd))).toMatchObject({
      start_voltage: null,
      operating_mode: 'turbo',
      created_at: null,
    });
    await connection.sql`delete from miner_profiles where name = 'Odd'`;
  });

  test('the order of twelve: levels 1 to 10, the last three share level 10', async () => {
    for (let i = 1; i <= 10; i++) await createMiner(db, { ...author, input: miner(`M${i}`) });
    const ids = (await listMiners(db, OWNER_ID)).map((row) => row.id).reverse();
    await expect(orderMiners(db, { ...author, ids: ids.slice(1) })).rejects.toMatchObject({
      code: 'invalid',
    });
    await expect(orderMiners(db, { ...author, ids: [...ids.slice(1), ids[1] ?? ''] })).rejects.toMatchObject({
      code: 'invalid',
    });
    const rows = await orderMiners(db, { ...author, ids });
    const level = new Map(rows.map((row) => [row.id, row.priorityLevel]));
    expect(ids.map((id) => level.get(id))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]);
    const [version] = await db.select().from(settingsVersions).orderBy(desc(settingsVersions.id)).limit(1);
    expect(version).toMatchObject({ entity: 'miner_order', actor: 'tester' });
    expect(version?.after).toContainEqual({ id: ids[11], priority_level: 10 });
  });

  test('ETag: what the worker counts does not make an edit stale', async () => {
    const [row] = await listMiners(db, OWNER_ID);
    if (row === undefined) throw new Error('no miner');
    const ifMatch = etagOf(serialiseMiner(row));
    await db.update(minerProfiles).set({ totalRuntimeHours: 12.5 }).where(eq(minerProfiles.id, row.id));
    await updateMiner(db, { ...author, id: row.id, ifMatch, patch: { model: 'new' } });
    await expect(
      updateMiner(db, { ...author, id: row.id, ifMatch, patch: { model: 'newer' } }),
    ).rejects.toMatchObject({ code: 'stale' });
  });
});

describe('zones', () => {
  test('each pair of temperatures, nulls aside, and the margin above the charge limit', async () => {
    const zone = (extra: object) =>
      createZone(db, { ...author, input: parseInput(zoneInput, { zone_name: 'Attic', ...extra }) });
    await expect(zone({ temp_too_hot: 20, temp_cold_ok: 25 })).rejects.toMatchObject({
      issues: [{ values: { temp_cold_ok: 25, temp_too_hot: 20 } }],
    });
    await expect(zone({ temp_cold_ok: 1.9, block_charging_below_temp: 0 })).rejects.toMatchObject({
      issues: [{ path: 'temp_cold_ok', values: { temp_cold_ok: 1.9, block_charging_below_temp: 0 } }],
    });
    const row = await zone({ temp_cold_ok: 2, block_charging_below_temp: 0 });
    const update = (patch: object) =>
      updateZone(db, { ...author, id: row.id, patch: parseInput(zonePatch, patch) });
    await expect(update({ temp_hot_ok: 2 })).rejects.toMatchObject({ issues: [{ path: 'temp_hot_ok' }] });
    await expect(update({ heating_miner_id: OWNER_ID })).rejects.toMatchObject({
      issues: [{ path: 'heating_miner_id' }],
    });
    await expect(update({ zone_name: 'Heat Room' })).rejects.toMatchObject({ code: 'conflict' });
    const [bound] = await db
      .update(minerProfiles)
      .set({ zoneId: row.id })
      .where(eq(minerProfiles.name, 'M1'))
      .returning();
    await deleteZone(db, { ...author, id: row.id });
    expect((await listMiners(db, OWNER_ID)).find((one) => one.id === bound?.id)?.zoneId).toBeNull();
    expect(await db.$count(hvacZones)).toBe(2);
  });
});

describe('devices', () => {
  const input = (extra: object = {}) =>
    parseInput(deviceInput, {
      key: 'gx',
      name: 'Cerbo GX',
      driver: 'victron-mqtt',
      connection: { host: '127.0.0.1', password: 'hunter2' },
      roles: ['battery', 'pv'],
      ...extra,
    });
  const update = (id: string, patch: object) =>
    updateDevice(db, { ...author, id, patch: parseInput(devicePatch, patch) });

  test('real hardware takes its roles, makes the site advisory, and its password stays ours', async () => {
    const [mode] = await db.select().from(controlState);
    expect(mode?.controlMode).toBe('automatic');
    const row = await createDevice(db, { ...author, input: input() });
    const wire = JSON.stringify(serialiseDevice(row));
    expect(wire).not.toContain('hunter2');
    expect(serialiseDevice(row)).toMatchObject({
      connection: { host: '127.0.0.1' },
      secrets_set: ['password'],
      control_enabled: false,
    });
    expect(JSON.stringify(await db.select().from(devices))).not.toContain('hunter2');
    expect(JSON.stringify(await db.select().from(settingsVersions))).not.toContain('hunter2');
    expect(unsealConnection(row.connection)).toMatchObject({ password: 'hunter2' });

    const simulated = (await listDevices(db, OWNER_ID)).find((device) => device.key === 'sim_inverter');
    expect(simulated?.roles).toEqual(['load', 'grid']);
    expect((await db.select().from(controlState))[0]?.controlMode).toBe('advisory');

    const moved = await update(row.id, { connection: { host: '127.0.0.2' } });
    expect(unsealConnection(moved.connection)).toMatchObject({ host: '127.0.0.2', password: 'hunter2' });
    const ifMatch = etagOf(serialiseDevice(moved));
    const secret = (password: string) =>
      updateDevice(db, {
        ...author,
        id: row.id,
        ifMatch,
        patch: parseInput(devicePatch, { connection: { host: '127.0.0.2', password } }),
      });
    expect(unsealConnection((await secret('first')).connection)).toMatchObject({ password: 'first' });
    await expect(secret('second')).rejects.toMatchObject({ code: 'stale' });

    const open = await update(row.id, { connection: { host: '127.0.0.2', password: null } });
    expect(serialiseDevice(open)).toMatchObject({ secrets_set: [] });
  });

  test('bad input changes nothing', async () => {
    const before = await db.select().from(devices);
    const refused = async (work: Promise<unknown>, code: string) =>
      expect(work).rejects.toMatchObject({ code });
    await refused(createDevice(db, { ...author, input: input({ key: 'gx' }) }), 'conflict');
    await refused(createDevice(db, { ...author, input: input({ key: 'a', connection: {} }) }), 'invalid');
    await refused(
      createDevice(db, { ...author, input: input({ key: 'b', connection: { host: 'x', nonsense: 1 } }) }),
      'invalid',
    );
    await refused(
      createDevice(db, {
        ...author,
        input: parseInput(deviceInput, {
          key: 'c',
          name: 'C',
          driver: 'recording',
          connection: { file: 'home-a' },
          control_enabled: true,
        }),
      }),
      'invalid',
    );
    expect(() => parseInput(deviceInput, { key: 'd', name: 'D', driver: 'toaster' })).toThrow(AppError);
    expect(() => input({ key: 'Bad Key' })).toThrow(AppError);
    expect(() => input({ roles: ['pv', 'pv'] })).toThrow(AppError);
    expect(await db.select().from(devices)).toEqual(before);
  });

  test('a renamed device keeps its loads', async () => {
    const plug = (await listDevices(db, OWNER_ID)).find((device) => device.key === 'smartload_1');
    await update(plug?.id ?? '', { key: 'smartload_2' });
    expect((await listMiners(db, OWNER_ID)).map((row) => row.deviceIdentifier)).toContain('smartload_2');
    await update(plug?.id ?? '', { key: 'smartload_1' });
    const [newest] = await db
      .select()
      .from(settingsVersions)
      .where(eq(settingsVersions.entity, 'miner'))
      .orderBy(desc(settingsVersions.id))
      .limit(1);
    expect(newest).toMatchObject({
      before: { device_identifier: 'smartload_2' },
      after: { device_identifier: 'smartload_1' },
    });
  });

  test('beside a real battery the simulated site can go, with its history only', async () => {
    const row = { userId: OWNER_ID, configVersion: 1, packVoltageV: 52 };
    await db.insert(telemetry).values([
      { ...row, ts: new Date(1_000), simulated: true },
      { ...row, ts: new Date(2_000), simulated: false },
    ]);
    const roll = () => rollUp(db, { ownerId: OWNER_ID, timeZone: 'UTC', full: { floatV: 55, tailA: null } });
    const rolled = async () =>
      Promise.all(
        [telemetry1m, telemetry15m, telemetry1d].map((table) =>
          db
            .select({ simulated: table.simulated, covered: table.coveredSeconds })
            .from(table)
            .orderBy(table.simulated),
        ),
      );
    const measured = { simulated: false, covered: 10 };
    await roll();
    expect(await rolled()).toEqual(Array(3).fill([measured, { simulated: true, covered: 1 }]));
    await removeSimulatedSite(db, author);
    expect(await db.select({ ts: telemetry.ts }).from(telemetry)).toEqual([{ ts: new Date(2_000) }]);
    expect(await rolled()).toEqual(Array(3).fill([measured]));
    await db.transaction((tx) => noteRecorded(tx, OWNER_ID, new Date(0)));
    await roll();
    expect(await rolled()).toEqual(Array(3).fill([measured]));
    expect((await listDevices(db, OWNER_ID)).map((device) => device.driver)).toEqual(['victron-mqtt']);
    await expect(removeSimulatedSite(db, author)).rejects.toMatchObject({ code: 'conflict' });
    const [gx] = await listDevices(db, OWNER_ID);
    await deleteDevice(db, { ...author, id: gx?.id ?? '' });
    expect(await db.$count(devices)).toBe(0);
  });
});
