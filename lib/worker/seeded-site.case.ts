import { asc, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import { type Connection, connect } from '@/db/client';
import { controlState, devices, minerProfiles, telemetry } from '@/db/schema';
import { openDevice } from '@/lib/drivers/registry';
import type { BatteryMeasurement, Device, MaybeMeasured } from '@/lib/drivers/types';
import type { StatusLoad, StatusTick } from '@/lib/status/types';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { type CuttableLine, cuttableLine, HandClock, type TestSite, testSite } from './site.case';

type WorkerOptions = Omit<Parameters<typeof testSite>[0], 'url' | 'workerId' | 'clock'>;

/** What sensors say in place of the truth. */
export interface Senses {
  battery?: (measured: BatteryMeasurement) => BatteryMeasurement;
  pvW?: (measured: MaybeMeasured) => MaybeMeasured;
  temperatureC?: (measured: MaybeMeasured) => MaybeMeasured;
}

/** The seeded site under a clear sky, its miners free to start at once, and workers on it. */
export interface SeededSite {
  readonly db: Connection['db'];
  readonly line: CuttableLine;
  readonly clock: HandClock;
  /** What the devices were told, oldest first: "smartload_1 on", "ac_infinity_1 4". */
  readonly calls: string[];
  readonly senses: Senses;
  /** Somebody else switches a device. */
  meddle(deviceKey: string, state: 'on' | 'off'): Promise<void>;
  start(workerId: string, options?: WorkerOptions): TestSite;
  status(): Promise<StatusTick>;
  /** As the last tick shows it. */
  load(loadId: string): Promise<StatusLoad>;
  /** Observed states of one load, a tick each, oldest first. */
  statesOf(loadId: string): Promise<(string | null)[]>;
}

/** Such a site for each test of the calling file, at `startAt` (epoch ms). */
export function seededSite(startAt: number): () => SeededSite {
  const databases: TestDatabase[] = [];
  const workers: TestSite[] = [];
  let current: { site: SeededSite; direct: Connection } | null = null;

  beforeEach(async () => {
    const database = await createTestDatabase();
    databases.push(database);
    const direct = connect(database.url, { max: 2, applicationName: 'test' });
    const { db } = direct;
    const line = await cuttableLine(database.url);
    const clock = new HandClock(startAt);
    await db
      .update(devices)
      .set({ connection: { part: 'inverter', weather: 'clear' } })
      .where(eq(devices.key, 'sim_inverter'));
    await db.update(minerProfiles).set({ startHysteresisMinutes: 0, minimumOffMinutes: 0 });
    const calls: string[] = [];
    const senses: Senses = {};
    const opened = new Map<string, Device>();
    const status = async () => {
      const [row] = await db.select().from(controlState);
      return row?.lastTick as StatusTick;
    };
    const site: SeededSite = {
      db,
      line,
      clock,
      calls,
      senses,
      async meddle(deviceKey, state) {
        await opened.get(deviceKey)?.capabilities.switch?.setSwitch(state);
      },
      start(workerId, options = {}) {
        const open: typeof openDevice = async (row, context) => {
          const device = await openDevice(row, context);
          opened.set(row.key, device);
          return noted(device, { calls, senses });
        };
        const worker = testSite({ url: line.url, workerId, clock, open, ...options });
        workers.push(worker);
        return worker;
      },
      status,
      load: async (loadId) =>
        (await status()).loads.find((load) => load.loadId === loadId) ?? expect.unreachable(loadId),
      async statesOf(loadId) {
        const rows = await db.select({ loads: telemetry.loads }).from(telemetry).orderBy(asc(telemetry.ts));
        return rows.map(
          ({ loads }) => (loads as Record<string, { state: string }> | null)?.[loadId]?.state ?? null,
        );
      },
    };
    current = { site, direct };
  });
  afterEach(async () => {
    current?.site.line.mend();
    for (const { site } of workers.splice(0)) await site.stop();
    await current?.site.line.close();
    await current?.direct.end();
  });
  afterAll(async () => {
    for (const each of databases) await each.drop();
  });
  return () => current?.site ?? expect.unreachable('seededSite() is ready in tests and hooks only');
}

function noted(device: Device, { calls, senses }: Pick<SeededSite, 'calls' | 'senses'>): Device {
  const { switch: plug, fan, chargeControl, battery, pv, thermometer } = device.capabilities;
  const note = (what: string | number) => void calls.push(`${device.key} ${what}`);
  return {
    ...device,
    capabilities: {
      ...device.capabilities,
      ...(battery && {
        battery: {
          readBattery: async () => {
            const measured = await battery.readBattery();
            return senses.battery?.(measured) ?? measured;
          },
        },
      }),
      ...(pv && {
        pv: {
          readPvW: async () => {
            const measured = await pv.readPvW();
            return senses.pvW ? senses.pvW(measured) : measured;
          },
        },
      }),
      ...(thermometer && {
        thermometer: {
          readTemperatureC: async () => {
            const measured = await thermometer.readTemperatureC();
            return senses.temperatureC ? senses.temperatureC(measured) : measured;
          },
        },
      }),
      ...(plug && {
        switch: {
          readSwitch: () => plug.readSwitch(),
          setSwitch(state, options) {
            note(state);
            return plug.setSwitch(state, options);
          },
          renewAutoOff: plug.renewAutoOff,
        },
      }),
      ...(fan && {
        fan: {
          readFanSpeed: () => fan.readFanSpeed(),
          setFanSpeed(step) {
            note(step);
            return fan.setFanSpeed(step);
          },
        },
      }),
      ...(chargeControl && {
        chargeControl: {
          readChargePermission: () => chargeControl.readChargePermission(),
          setChargePermission(permitted) {
            note(permitted ? 'permit' : 'block');
            return chargeControl.setChargePermission(permitted);
          },
        },
      }),
    },
  };
}
