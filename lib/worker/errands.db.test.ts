import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { and, desc, eq, lt } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Connection, connect, openSession } from '@/db/client';
import { backupRuns, backupSettings, deviceTests } from '@/db/schema';
import { requestBackup, saveBackupSettings } from '@/lib/backup/mutations';
import { getBackupAlert } from '@/lib/backup/queries';
import { OWNER_ID } from '@/lib/core/defaults';
import { cancelDeviceTest, requestDeviceTest } from '@/lib/device-tests/mutations';
import { openDevice } from '@/lib/drivers/registry';
import type { Device } from '@/lib/drivers/types';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { createBackupErrand } from './backup-errand';
import { buildConfig, readSettings, type SiteConfig } from './config';
import { createDeviceTestErrand } from './device-test-errand';
import { Errands } from './errands';

const SOON = { timeout: 15_000, interval: 20 };
const AUTHOR = { ownerId: OWNER_ID, actor: 'me@example.com' };
const quiet = { info: () => {}, warn: () => {}, error: () => {} };
let database: TestDatabase;
let direct: Connection;
let config: SiteConfig | null;
let folder: string;
let dataDirectory: string;
let errands: Errands | null = null;
let open: typeof openDevice = openDevice;
/** Held back: the errands are not listening yet. */
let listening: Promise<void> | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
  direct = connect(database.url, { max: 2, applicationName: 'test' });
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'commandcenter-backups-'));
  dataDirectory = mkdtempSync(join(tmpdir(), 'commandcenter-data-'));
  config = buildConfig(await readSettings(direct.db, OWNER_ID, Date.now()), () => ({}));
  open = openDevice;
  listening = null;
});
afterEach(async () => {
  await errands?.stop();
  errands = null;
  await direct.db.delete(backupRuns);
  await direct.db.delete(backupSettings);
  await direct.db.delete(deviceTests);
  rmSync(folder, { recursive: true, force: true });
  rmSync(dataDirectory, { recursive: true, force: true });
});
afterAll(async () => {
  await direct.end();
  await database.drop();
});

function listensLate({ sql, ...connection }: Connection): Connection {
  const late = new Proxy(sql, {
    get(target, name) {
      if (name !== 'listen' || listening === null) return Reflect.get(target, name);
      const { listen } = target;
      return (...args: Parameters<typeof listen>) => listening?.then(() => listen(...args));
    },
  });
  return { ...connection, sql: late };
}

/** A worker's errands as main.ts wires them; they are called by notification, hardly ever by the clock. */
function start(everyMs = 60_000): Errands {
  errands = new Errands({
    ownerId: OWNER_ID,
    connect: () => listensLate(connect(database.url, { max: 2, applicationName: 'test-errands' })),
    config: () => config,
    everyMs,
    log: quiet,
    errands: [
      createBackupErrand({
        ownerId: OWNER_ID,
        dataDirectory,
        openSession: () => openSession(database.url, { applicationName: 'test-backup' }),
        now: Date.now,
        log: quiet,
      }),
      createDeviceTestErrand({
        ownerId: OWNER_ID,
        open: (row, context) => open(row, context),
        connectionOf: (row) => row.connection,
        openTimeoutMs: 1_500,
        readTimeoutMs: 1_500,
        now: Date.now,
        log: quiet,
      }),
    ],
  });
  errands.start();
  return errands;
}

const choose = (path: string, hour = 3) =>
  saveBackupSettings(direct.db, { ownerId: OWNER_ID, input: { folder: path, hour, keep: 2 }, dataDirectory });

async function lastRun() {
  const [row] = await direct.db.select().from(backupRuns).orderBy(desc(backupRuns.requestedAt)).limit(1);
  return row;
}
const whenEnded = () =>
  vi.waitFor(async () => {
    const run = await lastRun();
    expect(run?.endedAt).toBeInstanceOf(Date);
    return run;
  }, SOON);

describe('a backup that is asked for', () => {
  it('is written at once, and one at a time', async () => {
    await choose(folder);
    start();
    await requestBackup(direct.db, AUTHOR);
    await expect(requestBackup(direct.db, AUTHOR)).rejects.toThrow(/already/);
    const run = await whenEnded();
    expect(run).toMatchObject({ state: 'done', requestedBy: 'me@example.com', error: null });
    expect(readdirSync(folder)).toEqual([run?.file]);
    expect(run?.rows).toBeGreaterThan(5);
  });

  it('says why when the folder is gone, alerts, and is quiet again after a good one', async () => {
    await choose(folder);
    start();
    rmSync(folder, { recursive: true });
    await requestBackup(direct.db, AUTHOR);
    expect(await whenEnded()).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/does not exist/),
    });
    expect(await getBackupAlert(direct.db, OWNER_ID)).toMatchObject({ key: 'backup:failed' });
    const settings = await readSettings(direct.db, OWNER_ID, Date.now());
    expect(buildConfig(settings, () => ({})).notices).toMatchObject([{ key: 'backup:failed' }]);

    folder = mkdtempSync(join(tmpdir(), 'commandcenter-backups-'));
    await choose(folder);
    await requestBackup(direct.db, AUTHOR);
    await vi.waitFor(async () => expect((await lastRun())?.state).toBe('done'), SOON);
    expect(await getBackupAlert(direct.db, OWNER_ID)).toBeNull();
  });

  it('does not fill the system’s disk when the backup disk is not mounted', async () => {
    await choose(folder);
    await direct.db.update(backupSettings).set({ otherDisk: true });
    start();
    await requestBackup(direct.db, AUTHOR);
    expect((await whenEnded())?.error).toMatch(/mount the backup disk/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('needs a folder that takes one', async () => {
    await expect(choose('/no/such/folder')).rejects.toThrow(/does not exist/);
    await expect(choose('relative/path')).rejects.toThrow(/whole path/);
    await expect(requestBackup(direct.db, AUTHOR)).rejects.toThrow(/Choose the folder/);
  });

  it('that a killed worker began is failed by the next', async () => {
    await choose(folder);
    await direct.db
      .insert(backupRuns)
      .values({ userId: OWNER_ID, requestedBy: 'x', state: 'running', startedAt: new Date() });
    start();
    expect(await whenEnded()).toMatchObject({ state: 'failed', error: expect.stringMatching(/was stopped/) });
  });
});

describe('an errand that is asked for before the worker listens', () => {
  it('is found as soon as it does', async () => {
    let listen = () => {};
    listening = new Promise((resolve) => {
      listen = resolve;
    });
    start();
    // Its first look, at the start, finds nothing.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { id } = await ask({ driver: 'simulated', connection: { part: 'inverter' } });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await testOf(id))?.state).toBe('requested');
    listen();
    expect((await whenTested(id))?.state).toBe('passed');
  });
});

describe('the nightly backup', () => {
  it('is made up for once, and old files go', async () => {
    await choose(folder, 0);
    await direct.db.update(backupSettings).set({ since: new Date(Date.now() - 3 * 86_400_000) });
    const worker = start(50);
    const run = await whenEnded();
    expect(run).toMatchObject({ state: 'done', requestedBy: 'the schedule' });
    // Many more looks at the clock later.
    await requestDeviceTest(direct.db, { ownerId: OWNER_ID, input: { driver: 'recording', connection: {} } });
    await vi.waitFor(async () => {
      const [test] = await direct.db.select().from(deviceTests);
      expect(test?.endedAt).toBeInstanceOf(Date);
    }, SOON);
    await worker.stop();
    expect(await direct.db.select().from(backupRuns)).toHaveLength(1);
  });

  it('waits while another worker is in charge', async () => {
    config = null;
    await choose(folder, 0);
    await direct.db.update(backupSettings).set({ since: new Date(Date.now() - 3 * 86_400_000) });
    const worker = start(10);
    await worker.stop();
    expect(await lastRun()).toBeUndefined();
  });
});

const testOf = async (id: string) => {
  const [row] = await direct.db.select().from(deviceTests).where(eq(deviceTests.id, id));
  return row;
};
const whenTested = (id: string) =>
  vi.waitFor(async () => {
    const row = await testOf(id);
    expect(row?.endedAt).toBeInstanceOf(Date);
    return row;
  }, SOON);
const ask = (input: Parameters<typeof requestDeviceTest>[1]['input']) =>
  requestDeviceTest(direct.db, { ownerId: OWNER_ID, input });

describe('a clock that was far ahead', () => {
  it('does not end the nightly backups, nor hide what came of the last one', async () => {
    await choose(folder);
    const ahead = new Date(Date.now() + 3650 * 86_400_000);
    const long = new Date(Date.now() - 3 * 86_400_000);
    await direct.db.update(backupSettings).set({ since: long });
    await direct.db.insert(backupRuns).values({
      userId: OWNER_ID,
      requestedBy: 'the schedule',
      state: 'failed',
      requestedAt: ahead,
      startedAt: ahead,
      endedAt: ahead,
      error: 'It was the future.',
    });
    await direct.db.insert(backupRuns).values({
      userId: OWNER_ID,
      requestedBy: 'the schedule',
      state: 'done',
      requestedAt: ahead,
      startedAt: ahead,
      endedAt: ahead,
    });
    start(50);
    const today = () =>
      direct.db.$count(backupRuns, and(lt(backupRuns.startedAt, ahead), eq(backupRuns.state, 'done')));
    await vi.waitFor(async () => expect(await today()).toBe(1), SOON);
    expect(await getBackupAlert(direct.db, OWNER_ID)).toBeNull();
    // Called again many times meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await today()).toBe(1);
  });
});

describe('a device test', () => {
  it('reads what a device measures', async () => {
    start();
    const { id } = await ask({ driver: 'simulated', connection: { part: 'inverter' } });
    const row = await whenTested(id);
    expect(row).toMatchObject({ state: 'passed', error: null });
    expect(row?.result).toMatchObject({
      readings: expect.arrayContaining([
        { name: 'Battery voltage', unit: 'V', value: expect.any(Number) },
        { name: 'PV power', unit: 'W', value: expect.any(Number) },
      ]),
      problems: [],
    });
  });

  it('says in words what went wrong', async () => {
    start();
    const { id } = await ask({ driver: 'recording', connection: { file: 'none.csv' } });
    const row = await whenTested(id);
    expect(row?.state).toBe('failed');
    expect(row?.error).toMatch(/none\.csv/);
    expect(row?.error).toMatch(/^[A-Z].*\.$/);
  });

  it('of a machine that takes the connection and says nothing ends in time', async () => {
    const silent: Server = createServer();
    const port = await new Promise<number>((resolve) =>
      silent.listen(0, '127.0.0.1', () => {
        const address = silent.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      }),
    );
    start();
    const { id } = await ask({ driver: 'victron-mqtt', connection: { host: '127.0.0.1', port } });
    expect((await whenTested(id))?.error).toMatch(/did not answer|does not/i);
    silent.close();
  });

  it('that is cancelled stays cancelled, and its device is closed', async () => {
    let closed = 0;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    open = async () => {
      const device: Device = {
        key: 'test',
        capabilities: { pv: { readPvW: async () => null } },
        simulated: false,
        simulatedRoles: [],
        pollSeconds: 1,
        saveState: () => null,
        close: async () => {
          closed += 1;
          release();
        },
      };
      return device;
    };
    start();
    const { id } = await ask({ driver: 'recording', connection: {} });
    await vi.waitFor(async () => expect((await testOf(id))?.state).toBe('running'), SOON);
    await cancelDeviceTest(direct.db, OWNER_ID, id);
    await held;
    expect(closed).toBe(1);
    await errands?.stop();
    expect(await testOf(id)).toMatchObject({ state: 'cancelled', result: null });
  });

  it('that a newer one replaces is cancelled', async () => {
    const first = await ask({ driver: 'simulated', connection: { part: 'inverter' } });
    await ask({ driver: 'simulated', connection: { part: 'inverter' } });
    expect((await testOf(first.id))?.state).toBe('cancelled');
  });
});
