import { setTimeout as sleep } from 'node:timers/promises';
import { asc, desc, eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connection, connect } from '@/db/client';
import {
  alerts,
  controlState,
  decisions,
  devices,
  minerProfiles,
  telemetry,
  userPreferences,
} from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { minerLoadId } from '@/lib/core/loads';
import { openDevice } from '@/lib/drivers/registry';
import { type FakeGx, startFakeGx } from '@/lib/drivers/victron-mqtt/fake';
import type { StatusTick } from '@/lib/status/types';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { type CuttableLine, cuttableLine, HandClock, type TestSite, TICK_MS, testSite } from './site.case';

// A clear morning in California: the bank is in the middle and the sun comes up.
const START = Date.UTC(2026, 5, 1, 17, 0);

let database: TestDatabase;
let direct: Connection;
let line: CuttableLine;
let clock: HandClock;
const sites: TestSite[] = [];
const databases: TestDatabase[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  databases.push(database);
  direct = connect(database.url, { max: 2, applicationName: 'test' });
  line = await cuttableLine(database.url);
  clock = new HandClock(START);
  await direct.db
    .update(devices)
    .set({ connection: { part: 'inverter', weather: 'clear' } })
    .where(eq(devices.key, 'sim_inverter'));
  await direct.db.update(minerProfiles).set({ startHysteresisMinutes: 0, minimumOffMinutes: 0 });
});
afterEach(async () => {
  line.mend();
  for (const { site } of sites.splice(0)) await site.stop();
  await line.close();
  await direct.end();
});
afterAll(async () => {
  for (const each of databases) await each.drop();
});

function start(workerId: string, options: Partial<Parameters<typeof testSite>[0]> = {}): TestSite {
  const started = testSite({ url: line.url, workerId, clock, ...options });
  sites.push(started);
  return started;
}

const history = () => direct.db.select().from(telemetry).orderBy(asc(telemetry.ts));
const changes = () => direct.db.select().from(decisions).orderBy(asc(decisions.ts), asc(decisions.id));
async function status(): Promise<StatusTick> {
  const [row] = await direct.db.select().from(controlState);
  return row?.lastTick as StatusTick;
}
const primary = async () => {
  const [row] = await direct.db.select().from(minerProfiles).orderBy(asc(minerProfiles.priorityLevel));
  return row ?? expect.unreachable('no miner');
};
const verdictOf = async (loadId: string) =>
  (await status()).loads.find((load) => load.loadId === loadId)?.verdict;
const uncontrolled = (row: { loads: unknown }, loadId: string) =>
  (row.loads as Record<string, { uncontrolled?: true }>)[loadId]?.uncontrolled === true;
const stateIn = (row: { loads: unknown }, loadId: string) =>
  (row.loads as Record<string, { state: string }>)[loadId]?.state;

describe('a tick', () => {
  it('measures, decides, switches and records the simulated site', async () => {
    const worker = start('a');
    expect(new Set(await worker.ticks(20))).toEqual(new Set(['recorded']));
    const rows = await history();
    expect(rows).toHaveLength(20);
    expect(rows.every((row) => row.packVoltageV !== null && row.simulated)).toBe(true);
    const { id } = await primary();
    expect(stateIn(rows.at(-1) ?? expect.unreachable(), minerLoadId(id))).toMatch(/on|ramping/);
    const own = (await changes()).filter((change) => change.loadId === minerLoadId(id));
    expect(own.map((change) => change.verdict)).toEqual(['START', 'KEEP_RUNNING']);
    const { lastStartedAt, totalRuntimeHours } = await primary();
    expect(lastStartedAt?.getTime()).toBeGreaterThan(START);
    expect(totalRuntimeHours).toBe(0);

    const last = await status();
    expect(last.at).toBe(clock.at);
    expect(last.loads).toHaveLength(6);
    expect(last.loads.every((load) => load.explanation.sentence && load.simulated)).toBe(true);
    expect(last.sources.every((source) => source.error === null && source.lastSeenAt !== null)).toBe(true);
    expect(last.readings.packVoltageV).toMatchObject({ source: 'sim_inverter', simulated: true });
  });

  it('switches before it searches for what would change a verdict, and then adds that to what is stored', async () => {
    const { id } = await primary();
    const newest = async () => {
      const change = (await changes()).filter(({ loadId }) => loadId === minerLoadId(id)).at(-1);
      return `${change?.verdict}: ${change?.explanation.flip.text}`;
    };
    const atTheSwitch: string[] = [];
    const worker = start('a', {
      open: async (row, context) => {
        const device = await openDevice(row, context);
        const { switch: plug } = device.capabilities;
        if (!plug || row.key !== 'smartload_1') return device;
        const watched: typeof plug = {
          readSwitch: () => plug.readSwitch(),
          async setSwitch(state, options) {
            atTheSwitch.push(`${state}, ${await newest()}`);
            await plug.setSwitch(state, options);
          },
          renewAutoOff: plug.renewAutoOff,
        };
        return { ...device, capabilities: { ...device.capabilities, switch: watched } };
      },
    });
    await worker.ticks(10);
    await direct.db.update(controlState).set({ controlMode: 'paused' });
    await worker.tick();
    expect(atTheSwitch.at(-1)).toBe('off, STOP: not worked out at this tick');
    expect(await newest()).toBe('STOP: until the owner ends the pause');
    const texts = (await changes()).map(({ explanation }) => explanation.flip.text);
    expect(texts).not.toContain('not worked out at this tick');
  });

  it('starts nothing for the first minute of a new leader, and says so', async () => {
    const worker = start('a');
    const { id } = await primary();
    await worker.ticks(6);
    expect((await status()).startsHeld).toMatchObject({ until: START + TICK_MS + 60_000 });
    const held = await history();
    expect(held.map((row) => stateIn(row, minerLoadId(id)))).toEqual(Array(6).fill('off'));
    // The kernel is told, so that it counts no start that was never sent.
    expect(held.every((row) => uncontrolled(row, minerLoadId(id)))).toBe(true);
    await worker.ticks(3);
    expect((await status()).startsHeld).toBeNull();
    expect(stateIn((await history()).at(-1) ?? expect.unreachable(), minerLoadId(id))).toMatch(/on|ramping/);
  });

  it('leaves nothing behind of a simulated site that is removed while it is under way', async () => {
    const worker = start('a');
    await worker.ticks(3);
    const tick = await direct.db.transaction(async (removal) => {
      await removal.delete(devices).where(eq(devices.driver, 'simulated'));
      await removal.delete(telemetry).where(eq(telemetry.simulated, true));
      // It reads the devices as they were, and has nearly all its time to record before they are gone.
      const underWay = worker.tick();
      expect(await Promise.race([underWay, sleep(500, 'waits')])).toBe('waits');
      return { underWay };
    });
    expect(await tick.underWay).toBe('recorded');
    expect((await history()).filter((row) => row.simulated)).toEqual([]);
    await worker.tick();
    expect((await history()).map((row) => row.simulated)).toEqual([false]);
  });

  it('tells listeners of every tick', async () => {
    const heard: string[] = [];
    const { unlisten } = await direct.sql.listen('commandcenter_tick', (payload) => void heard.push(payload));
    await start('a').ticks(3);
    await expect.poll(() => heard).toEqual(Array(3).fill(OWNER_ID));
    await unlisten();
  });

  it('obeys settings saved anywhere at the next tick', async () => {
    const worker = start('a');
    await worker.ticks(15);
    const { id } = await primary();
    expect(await verdictOf(minerLoadId(id))).toBe('KEEP_RUNNING');
    const second = connect(database.url, { max: 1, applicationName: 'someone else' });
    await second.db.update(minerProfiles).set({ enabled: false }).where(eq(minerProfiles.id, id));
    await second.end();
    await worker.tick();
    expect(await verdictOf(minerLoadId(id))).toBe('STOP');
    await worker.tick();
    expect(await verdictOf(minerLoadId(id))).toBe('DISABLED');
    await direct.db.update(userPreferences).set({ timezone: 'Asia/Kolkata' });
    await worker.tick();
    const kolkata = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Asia/Kolkata',
      hour: '2-digit',
      minute: '2-digit',
    });
    const [hour, minute] = kolkata.format(clock.at).split(':').map(Number);
    expect((await status()).localMinute).toBe((hour ?? 0) * 60 + (minute ?? 0));
    // The simulated site stands elsewhere now, and is opened anew; nobody loses sight of it for that.
    expect((await status()).loads.map(({ loadId, verdict }) => [loadId, verdict])).not.toContainEqual([
      expect.anything(),
      'CANNOT_DECIDE',
    ]);
  });

  it('sends nothing in advisory mode, and stops miners when it is paused', async () => {
    const worker = start('a');
    const { id } = await primary();
    await direct.db.update(controlState).set({ controlMode: 'advisory' });
    await worker.ticks(15);
    expect(await verdictOf(minerLoadId(id))).toBe('START');
    expect(stateIn((await history()).at(-1) ?? expect.unreachable(), minerLoadId(id))).toBe('off');
    await direct.db.update(controlState).set({ controlMode: 'automatic' });
    await worker.ticks(3);
    expect(stateIn((await history()).at(-1) ?? expect.unreachable(), minerLoadId(id))).toMatch(/on|ramping/);
    await direct.db.update(controlState).set({ controlMode: 'paused' });
    await worker.ticks(2);
    expect(stateIn((await history()).at(-1) ?? expect.unreachable(), minerLoadId(id))).toBe('off');
  });

  it('goes on by the readable part of settings that cannot be used, and raises an alert', async () => {
    const worker = start('a');
    await worker.tick();
    await direct.db.update(userPreferences).set({
      timezone: 'Mars/Olympus',
      voltageCurve: [
        { soc: 0, voltage: 45 },
        { soc: 60, voltage: 44 },
        { soc: 100, voltage: 56 },
      ],
    });
    expect(await worker.tick()).toBe('recorded');
    const open = await direct.db.select().from(alerts).orderBy(asc(alerts.key));
    const mine = open.filter(({ key }) => key.startsWith('settings:'));
    expect(mine.map(({ key }) => key)).toEqual(['settings:timezone', 'settings:voltage-curve']);
    expect(mine[0]?.text).toMatch(/Mars\/Olympus/);
    // Taken by earlier versions.
    await direct.db.update(userPreferences).set({ timezone: 'PST', voltageCurve: null });
    expect(await worker.tick()).toBe('recorded');
    const [zone] = await direct.db
      .select()
      .from(alerts)
      .where(eq(alerts.key, 'settings:timezone-abbreviation'));
    expect(zone).toMatchObject({ clearedAt: null, text: expect.stringMatching(/"PST" stands for several/) });
    await direct.db.delete(userPreferences);
    expect(await worker.tick()).toBe('recorded');
    expect((await status()).startsHeld?.reason).toMatch(/preferences are missing/);
  });

  it('reports a device that cannot be opened, and decides without it', async () => {
    const worker = start('a');
    await worker.tick();
    await direct.db.update(devices).set({ driver: 'no-such-driver' }).where(eq(devices.key, 'sim_inverter'));
    await worker.ticks(35);
    const last = await status();
    expect(last.sources.find(({ key }) => key === 'sim_inverter')?.error).toMatch(/no-such-driver/);
    expect(last.readings.packVoltageV.value).toBeNull();
    expect(last.loads.filter(({ kind }) => kind === 'miner').map(({ verdict }) => verdict)).toEqual([
      'CANNOT_DECIDE',
      'CANNOT_DECIDE',
    ]);
    const [row] = await direct.db.select().from(devices).where(eq(devices.key, 'sim_inverter'));
    expect(row?.lastError).toMatch(/no-such-driver/);
    const raised = await direct.db.select().from(alerts).where(eq(alerts.key, 'device:sim_inverter'));
    expect(raised).toHaveLength(1);
  });
});

describe('a restart', () => {
  it('goes on from the memory and the site it left', async () => {
    const first = start('a');
    await first.ticks(20);
    const { id } = await primary();
    const seenSince = async () =>
      (await status()).loads.find((load) => load.loadId === minerLoadId(id))?.observedSinceMs;
    const since = await seenSince();
    expect(since).toBeGreaterThan(START);
    await first.site.stop();
    sites.length = 0;
    const second = start('b');
    await second.ticks(2);
    const rows = await history();
    expect(rows).toHaveLength(22);
    expect(stateIn(rows.at(-1) ?? expect.unreachable(), minerLoadId(id))).toBe('on');
    expect(await verdictOf(minerLoadId(id))).toBe('KEEP_RUNNING');
    expect(await seenSince()).toBe(since);
    // Only its memory tells a worker that it was this program that started the miner.
    const sentence = (await status()).loads.find((load) => load.loadId === minerLoadId(id))?.explanation
      .sentence;
    expect(sentence).toMatch(/keeps running \(battery/);
    const own = (await changes()).filter((change) => change.loadId === minerLoadId(id));
    expect(own.map((change) => change.verdict)).toEqual(['START', 'KEEP_RUNNING']);
    expect(rows.filter((row) => row.memory !== null).map((row) => row.ts)).toEqual([
      rows[0]?.ts,
      rows[20]?.ts,
    ]);
  });
});

describe('a real battery beside the simulated site', () => {
  let gx: FakeGx;
  beforeEach(async () => {
    gx = await startFakeGx({ now: clock.now, moveEveryMs: 0 });
  });
  afterEach(() => gx.close());

  it('takes over with its own sign and memory, and stops everything once it has been silent too long', async () => {
    const worker = start('a');
    await worker.ticks(12);
    const { id } = await primary();
    expect(await verdictOf(minerLoadId(id))).toBe('KEEP_RUNNING');
    for (const service of ['battery/512/Dc/0', 'system/0/Dc/Battery']) {
      await gx.set(`${service}/Voltage`, 51.23);
      await gx.set(`${service}/Current`, -20.5);
    }
    await direct.db
      .update(devices)
      .set({ roles: ['pv', 'load', 'grid'] })
      .where(eq(devices.key, 'sim_inverter'));
    await direct.db.insert(devices).values({
      userId: OWNER_ID,
      key: 'gx',
      name: 'GX in the shed',
      driver: 'victron-mqtt',
      connection: { host: gx.host, port: gx.port, tls: false, tls_verify: false },
      roles: ['battery'],
    });
    // Time passes slowly here: the messages of the broker travel by the real clock.
    const glance = async () => {
      clock.pass(1000);
      await worker.site.run();
      return await status();
    };
    await expect
      .poll(async () => (await glance()).readings.packVoltageV, { timeout: 15_000 })
      .toMatchObject({ value: 51.23, source: 'gx', simulated: false });
    const measured = await status();
    expect(measured.readings.currentA.value).toBe(-20.5);
    expect(measured.simulated).toBe(true);
    const row = (await history()).at(-1) ?? expect.unreachable();
    expect(row.packVoltageV).toBe(51.23);
    const memories = (await history()).filter(({ memory }) => memory !== null);
    expect(memories).toHaveLength(2);

    await gx.stopBroker();
    await worker.ticks(34);
    const silent = await status();
    expect(silent.sources.find(({ key }) => key === 'gx')?.error).toBeTruthy();
    expect(silent.readings.packVoltageV.ageMs).toBeGreaterThan(300_000);
    expect(silent.battery.stale).toBe(true);
    const miners = silent.loads.filter(({ kind }) => kind === 'miner');
    expect(miners.map(({ verdict }) => verdict)).toEqual(['CANNOT_DECIDE', 'CANNOT_DECIDE']);
    expect(miners.map(({ observed }) => observed)).toEqual(['off', 'off']);
    const raised = await direct.db.select().from(alerts).where(eq(alerts.key, 'device:gx'));
    expect(raised).toHaveLength(1);
    expect(raised[0]?.clearedAt).toBeNull();

    await gx.startBroker();
    // The next attempt to open it is up to a minute away.
    await worker.ticks(6);
    await expect.poll(async () => (await glance()).battery.stale, { timeout: 15_000 }).toBe(false);
    const [cleared] = await direct.db.select().from(alerts).where(eq(alerts.key, 'device:gx'));
    expect(cleared?.clearedAt).not.toBeNull();
  }, 60_000);
});

describe('two workers', () => {
  const session = (name: string) => sql`
    select pg_terminate_backend(pid, 2000) from pg_stat_activity
    where application_name = ${name} and datname = current_database()`;

  it('never both decide, and one takes over when the other loses its session', async () => {
    const [a, b] = [start('a'), start('b')];
    const told: string[][] = [[await a.tick(), await b.site.run()]];
    for (let i = 0; i < 5; i += 1) told.push(await Promise.all([a.tick(), b.site.run()]));
    expect(new Set(told.map((pair) => pair.join()))).toEqual(new Set(['recorded,standby']));

    await direct.db.execute(session('leader-a'));
    const takeover = [await b.tick(), await a.site.run()];
    expect(takeover).toEqual(['recorded', 'standby']);
    await b.ticks(3);
    const [state] = await direct.db.select().from(controlState);
    expect(state?.workerId).toBe('b');
    const rows = await history();
    expect(rows).toHaveLength(10);
    expect(new Set(rows.map((row) => row.ts.getTime())).size).toBe(10);
    expect((await status()).startsHeld).not.toBeNull();
    expect(a.log).toContain('standing by');

    await direct.db.execute(session('leader-b'));
    expect([await a.tick(), await b.site.run()]).toEqual(['recorded', 'standby']);
    const withMemory = (await history()).flatMap((row, i) => (row.memory === null ? [] : [i]));
    expect(withMemory).toEqual([0, 6, 10]);
  });

  it('do not record for each other: a worker whose name is gone writes nothing', async () => {
    const a = start('a');
    await a.ticks(2);
    await direct.db.update(controlState).set({ workerId: 'b' });
    expect(await a.tick()).toBe('standby');
    expect(await history()).toHaveLength(2);
  });

  it('go on without a pause in memory when the leader merely lost its session', async () => {
    const a = start('a');
    await a.ticks(10);
    const pid = await a.leaderPid();
    await direct.db.execute(session('leader-a'));
    // The server is done with a session before the worker hears of it; a tick that asks meanwhile is buffered.
    await expect.poll(() => a.leaderPid().catch(() => pid)).not.toBe(pid);
    expect(await a.ticks(2)).toEqual(['recorded', 'recorded']);
    expect(a.log).toContain('leading again');
    const rows = await history();
    expect(rows).toHaveLength(12);
    expect(rows.filter((row) => row.memory !== null)).toHaveLength(1);
    expect((await status()).startsHeld).not.toBeNull();
  });
});

describe('a worker that finds no database', () => {
  it('waits, and decides nothing', async () => {
    line.cut();
    const worker = start('a');
    expect(await worker.ticks(2)).toEqual(['waiting', 'waiting']);
    line.mend();
    expect(await worker.tick()).toBe('recorded');
    const [first] = await direct.db.select().from(telemetry).orderBy(desc(telemetry.ts));
    expect(first?.ts.getTime()).toBe(clock.at);
  });
});
