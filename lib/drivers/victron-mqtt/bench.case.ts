import { setTimeout as sleep } from 'node:timers/promises';
import type { Device, DriverContext } from '../types';
import type { GxTiming } from './client';
import { createVictronMqtt } from './driver';
import type { FakeGx, FakeGxOptions } from './fake';
import { startFakeGx } from './fake';
import { victronMqttConnection } from './schema';

/** The real timing in about a hundredth of the time. */
export const FAST: GxTiming = {
  keepalive: 150,
  silence: 500,
  answer: 1_000,
  firstRetry: 50,
  longestRetry: 200,
  marker: 80,
  settle: 250,
  sweep: 250,
  firstRead: 1_500,
  write: 300,
};

export interface Bench {
  readonly device: Device;
  readonly log: string[];
  /** The clock the device sees, epoch ms. */
  now(): number;
  /** Sets that clock forward or back. */
  shift(ms: number): void;
}

/** Opens devices and fakes and remembers them, so that one `end` closes everything. */
export class Benches {
  private readonly open: (() => Promise<void>)[] = [];

  async gx(options: FakeGxOptions = {}): Promise<FakeGx> {
    const gx = await startFakeGx({ moveEveryMs: 40, ...options });
    this.keep(() => gx.close());
    return gx;
  }

  async device(connection: Record<string, unknown>, timing: Partial<GxTiming> = {}): Promise<Bench> {
    const log: string[] = [];
    let offsetMs = 0;
    const now = () => Date.now() + offsetMs;
    const write = (fields: object, message: string) => log.push(`${message} ${JSON.stringify(fields)}`);
    const context: DriverContext = {
      now,
      log: { info: write, warn: write },
      site: {
        timeZone: 'Asia/Kathmandu',
        latitudeDeg: 27.7,
        longitudeDeg: 85.3,
        pvArrayW: 13_000,
        batteryCapacityAh: 900,
        batteryNominalV: 51.2,
      },
      savedState: null,
      shared: new Map(),
    };
    const device = await createVictronMqtt('gx', victronMqttConnection.parse(connection), context, {
      timing: { ...FAST, ...timing },
      random: () => 0.5,
    });
    this.keep(() => device.close());
    return {
      device,
      log,
      now,
      shift(ms) {
        offsetMs += ms;
      },
    };
  }

  keep(end: () => Promise<unknown> | unknown): void {
    this.open.push(async () => {
      await end();
    });
  }

  async end(): Promise<void> {
    for (const end of this.open.splice(0).reverse()) await end();
  }
}

export async function until<T>(probe: () => T | Promise<T>, ms = 3_000): Promise<NonNullable<T>> {
  const deadline = performance.now() + ms;
  for (;;) {
    const found = await probe();
    if (found) return found as NonNullable<T>;
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${probe.toString()}`);
    await sleep(10);
  }
}

export function battery(device: Device) {
  const meter = device.capabilities.battery;
  if (!meter) throw new Error('no battery');
  return meter.readBattery();
}

/** The message and code of a rejected read, or null when it succeeds. */
export async function refusal(device: Device): Promise<{ code: string; message: string } | null> {
  try {
    await battery(device);
    return null;
  } catch (error) {
    return error as { code: string; message: string };
  }
}
