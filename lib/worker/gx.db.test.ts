import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as devicesRoute from '@/app/api/devices/route';
import * as modeRoute from '@/app/api/mode/route';
import * as statusRoute from '@/app/api/status/route';
import { commands, devices, minerProfiles, telemetry } from '@/db/schema';
import { unsealConnection } from '@/lib/devices/secrets';
import { type FakeGx, type FakeGxOptions, startFakeGx } from '@/lib/drivers/victron-mqtt/fake';
import { RECORDINGS } from '@/lib/drivers/victron-mqtt/recordings.case';
import { parseDump, SAMPLE_SITE } from '@/lib/drivers/victron-mqtt/site-fake';
import type { WireStatus } from '@/lib/status/serialise';
import { call, openSite } from '@/test/api';
import { HandClock, type TestSite, TICK_MS, testSite } from './site.case';

// A clear morning in California.
const START = Date.UTC(2026, 5, 1, 17, 0);
/** What a battery of a GX device says of itself, wherever it says it. */
const MEASURED = /\/Dc\/(Battery|0)\/(Voltage|Current|Power)$/;
const PASSWORD = 'the one on the label';

interface Gx {
  readonly name: string;
  readonly options: FakeGxOptions;
  readonly needsRecordings: boolean;
  readonly voltageV: number;
  /** + is charging. */
  readonly currentA: number;
  readonly powerW: number;
}
const recorded = (file: string, expected: Pick<Gx, 'voltageV' | 'currentA' | 'powerW'>): Gx => ({
  name: RECORDINGS ? file : `${file} (skipped: no folder victron-mqtt below COMMANDCENTER_FIXTURES)`,
  options: { dump: join(RECORDINGS ?? '', file) },
  needsRecordings: true,
  ...expected,
});
const CASES: readonly Gx[] = [
  { name: 'our own', options: {}, needsRecordings: false, voltageV: 52.4, currentA: -20, powerW: -1048 },
  recorded('capture_battery_idle.txt', { voltageV: 52.98, currentA: 0.3, powerW: 15 }),
  recorded('dump_pylontech.txt', { voltageV: 52.21, currentA: -1, powerW: -52 }),
];

for (const { name, options, needsRecordings, voltageV, currentA, powerW } of CASES) {
  describe.skipIf(needsRecordings && RECORDINGS === undefined)(`a GX device: ${name}`, () => {
    const site = openSite();
    let told: readonly string[];
    let gx: FakeGx;
    let clock: HandClock;
    let worker: TestSite;
    beforeEach(async () => {
      writeFileSync(join(site().dataDirectory, 'secret.key'), '5a'.repeat(32));
      const { dump } = options;
      const held = dump ? parseDump(readFileSync(dump, 'utf8')).values : SAMPLE_SITE;
      told = Object.keys(held).filter((path) => MEASURED.test(path));
      clock = new HandClock(START);
      gx = await startFakeGx({ ...options, password: PASSWORD, moveEveryMs: 0, now: clock.now });
      worker = testSite({
        url: site().url,
        workerId: 'a',
        clock,
        connectionOf: (row) => unsealConnection(row.connection),
      });
      const clear = { part: 'inverter', weather: 'clear' };
      await site().db.update(devices).set({ connection: clear }).where(eq(devices.key, 'sim_inverter'));
      await site().db.update(minerProfiles).set({ startHysteresisMinutes: 1, minimumOffMinutes: 1 });
    });
    afterEach(async () => {
      await worker.site.stop();
      await gx.close();
    });

    const history = () => site().db.select().from(telemetry).orderBy(asc(telemetry.ts));
    /** As the page asks for it, at the worker's time. */
    async function status(): Promise<WireStatus> {
      const token = await site().token('read');
      const { now } = clock;
      const watch = vi.spyOn(Date, 'now').mockImplementation(now);
      const answer = await call(statusRoute, 'GET', { token }).finally(() => watch.mockRestore());
      expect(answer.status).toBe(200);
      return answer.body;
    }
    async function setMode(mode: string) {
      const token = await site().token('control');
      const { status } = await call(modeRoute, 'PUT', { token, body: { control_mode: mode } });
      expect(status).toBe(200);
    }
    const verdicts = async () =>
      (await status()).loads.filter(({ kind }) => kind === 'miner').map(({ verdict }) => verdict);
    const startsSent = async () =>
      (await site().db.select().from(commands)).filter(
        ({ loadId, desired, sentAt }) =>
          loadId.startsWith('miner:') && desired.state === 'on' && sentAt !== null,
      ).length;
    /** Ticks of ten seconds in which the device tells its readings anew, as a real one does every second or two. */
    async function ticks(count: number) {
      for (let i = 0; i < count; i += 1) {
        clock.pass(TICK_MS);
        for (const path of told) await gx.set(path, gx.get(path) ?? null);
        await worker.site.run();
      }
    }

    it('is recorded and shown within two ticks, and lets nothing start once its broker is gone', async () => {
      await worker.ticks(5);
      const rowsBefore = (await history()).length;
      const added = await call(devicesRoute, 'POST', {
        token: await site().token('admin'),
        body: {
          key: 'gx',
          name: 'GX in the shed',
          driver: 'victron-mqtt',
          connection: { host: gx.host, port: gx.port, password: PASSWORD },
          roles: ['battery'],
        },
      });
      expect(added, added.text).toMatchObject({ status: 201 });
      // It takes the device in, and has two more.
      await worker.ticks(3);
      const rows = (await history()).slice(rowsBefore);
      expect(rows).toHaveLength(3);
      expect(rows[2]).toMatchObject({ packVoltageV: voltageV, currentA, batteryPowerW: powerW });
      const measured = (value: number) => expect.objectContaining({ value, source: 'gx', simulated: false });
      expect(await status()).toMatchObject({
        control_mode: 'advisory',
        readings: {
          pack_voltage_v: measured(voltageV),
          current_a: measured(currentA),
          battery_power_w: measured(powerW),
        },
      });

      // By what it measures a miner starts.
      await setMode('automatic');
      await ticks(12);
      expect(await verdicts()).toEqual(['KEEP_RUNNING', 'WAIT']);
      await setMode('paused');
      await ticks(3);
      expect(await startsSent()).toBe(1);

      await gx.stopBroker();
      await setMode('automatic');
      await worker.tick();
      expect(await verdicts()).toEqual(['WAIT', 'WAIT']);
      // Too old after three polls of ten seconds; after five minutes it is not known any more.
      await worker.ticks(3);
      expect(await verdicts()).toEqual(['CANNOT_DECIDE', 'CANNOT_DECIDE']);
      await worker.ticks(32);
      expect(await verdicts()).toEqual(['CANNOT_DECIDE', 'CANNOT_DECIDE']);
      expect(await startsSent()).toBe(1);
      const { battery, readings, sources } = await status();
      expect(battery.stale).toBe(true);
      expect(readings.pack_voltage_v.age_ms).toBeGreaterThan(300_000);
      expect(sources.find(({ key }) => key === 'gx')?.error).toMatch(/GX device/);
      expect((await history()).at(-1)?.packVoltageV).toBeNull();

      // Back, it starts what it would have started.
      await gx.startBroker();
      const isStale = async () => {
        await ticks(1);
        return (await status()).battery.stale;
      };
      // Its driver tries again by the real clock.
      await expect.poll(isStale, { timeout: 100_000, interval: 500 }).toBe(false);
      await ticks(9);
      expect(await startsSent()).toBe(2);
    }, 180_000);
  });
}
