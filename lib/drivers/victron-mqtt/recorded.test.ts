import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Benches, battery, until } from './bench.case';
import { startOwnBroker } from './broker-fake';
import { RECORDINGS as folder } from './recordings.case';

const benches = new Benches();
afterEach(() => benches.end());

interface Expected {
  readonly voltageV: number | null;
  readonly currentA: number | null;
  readonly powerW: number | null;
  readonly temperatureC: number | null;
  readonly socPct: number | null;
  readonly stage: string;
  readonly pvW: number | null;
  readonly loadW: number | null;
  readonly gridW: number | null;
}
const NOTHING: Expected = {
  voltageV: null,
  currentA: null,
  powerW: null,
  temperatureC: null,
  socPct: null,
  stage: 'unknown',
  pvW: null,
  loadW: null,
  gridW: null,
};

describe.skipIf(folder === undefined)(
  `recorded devices${folder === undefined ? ' (skipped: no folder victron-mqtt below COMMANDCENTER_FIXTURES)' : ''}`,
  () => {
    const file = (name: string) => join(folder ?? '', name);

    it.each<[string, Partial<Expected>]>([
      [
        'capture_battery_idle.txt',
        { voltageV: 52.98, currentA: 0.3, powerW: 15, temperatureC: 25.6, socPct: 100 },
      ],
      ['dump_pylontech.txt', { voltageV: 52.21, currentA: -1, powerW: -52, temperatureC: 27.6, socPct: 99 }],
      [
        'dump_lynxbms.txt',
        { voltageV: 26.39, currentA: -0.3, powerW: -16, temperatureC: 22.2, socPct: 89.21 },
      ],
      ['dump_smartshunt-battery.txt', { voltageV: 13.48, currentA: 0, powerW: 2.696, socPct: 100 }],
      ['dump_mppt1.txt', { voltageV: 24.3, pvW: 41.31 }],
      ['dump_quattro-3phase-grid-genset.txt', { voltageV: 27.13, stage: 'bulk', loadW: 3820 }],
      ['dump_em-grid.txt', { gridW: 4642 }],
      ['dump_ess.txt', {}],
      ['dump_relays-temperature-and-manual.txt', {}],
    ])('%s', async (name, expected) => {
      const gx = await benches.gx({ dump: file(name), values: {}, moveEveryMs: 0 });
      expect(gx.portalId).toBe('c0619ab00000');
      const { device } = await benches.device({ host: gx.host, port: gx.port }, { silence: 5_000 });
      // Asking a known path makes the silent ones (settings only) show a sign of life.
      await gx.set('system/0/Timers/TimeOnGrid', 1);
      const { capabilities } = device;
      const readings = async () => {
        const seen = await battery(device);
        const read = {
          voltageV: seen.packVoltageV,
          currentA: seen.currentA,
          powerW: seen.powerW,
          temperatureC: seen.temperatureC,
          socPct: seen.reportedSocPct,
          pvW: (await capabilities.pv?.readPvW()) ?? null,
          loadW: (await capabilities.load?.readLoadW()) ?? null,
          gridW: (await capabilities.grid?.readGridW()) ?? null,
        };
        const rounded = Object.fromEntries(
          Object.entries(read).map(([key, value]) => [
            key,
            value === null ? null : Math.round(value.value * 1000) / 1000,
          ]),
        );
        return { ...rounded, stage: seen.chargeStage };
      };
      // Topics arrive one by one.
      await expect.poll(readings, { timeout: 10_000 }).toEqual({ ...NOTHING, ...expected });
    });

    it('switches the relay that is manual and refuses the one that is not', async () => {
      const gx = await benches.gx({ dump: file('dump_relays-temperature-and-manual.txt'), values: {} });
      const relay = async (number: 1 | 2) => {
        const { device } = await benches.device({ host: gx.host, port: gx.port, relay: number });
        return device.capabilities.switch;
      };
      await expect((await relay(1))?.setSwitch('on')).rejects.toThrow(/relay 1 is temperature/);
      const second = await relay(2);
      await second?.setSwitch('on');
      expect((await second?.readSwitch())?.state).toBe('on');
      expect(gx.get('system/0/Relay/1/State')).toBe(1);
    });

    it('plays the whole session: full publish, change, write and echo, a device that vanishes', async () => {
      const lines = readFileSync(file('session_constructed.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { t: number; dir: string; topic: string; payload: string | null });
      const said = (from: number, to: number) =>
        lines.filter(({ t, dir }) => dir === 'b>c PUBLISH' && t >= from && t < to);
      const broker = await startOwnBroker({ port: 0, password: null, tls: null });
      benches.keep(() => broker.close());
      const requests: { topic: string; payload: string }[] = [];
      const play = async (from: number, to: number) => {
        for (const { topic, payload } of said(from, to)) await broker.publish(topic, payload ?? '', false);
      };
      broker.onRequest((topic, payload) => {
        requests.push({ topic, payload });
        if (topic.endsWith('/keepalive') && payload === '') void play(0, 1);
      });
      const { device } = await benches.device({
        host: broker.host,
        port: broker.port,
        portal_id: 'c0619ab00000',
      });
      const seen = await battery(device);
      expect(seen.packVoltageV?.value).toBe(53.21);
      expect(seen.currentA?.value).toBe(-31.4);
      expect(seen.powerW?.value).toBe(-1671);
      expect(seen.reportedSocPct?.value).toBe(71.5);
      // The sensor is of type battery and the system has no temperature of its own.
      expect(seen.temperatureC?.value).toBe(31.2);
      expect((await device.capabilities.pv?.readPvW())?.value).toBe(842);
      expect((await device.capabilities.load?.readLoadW())?.value).toBe(2281);
      expect(await device.capabilities.grid?.readGridW()).toBeNull();
      expect(requests[0]).toEqual({ topic: 'R/c0619ab00000/keepalive', payload: '' });
      const keepalive = lines.find(({ t }) => t === 30);
      const again = await until(() => requests.find(({ payload }) => payload !== ''));
      expect(again.topic).toBe(keepalive?.topic);
      expect(JSON.parse(again.payload)).toEqual(JSON.parse(keepalive?.payload ?? ''));
      await play(31, 32);
      await until(async () => (await battery(device)).powerW?.value === -1698);
      await play(60, 61);
      await sleep(50);
      expect((await battery(device)).powerW?.value).toBe(-1698);
      await until(async () => (await battery(device).catch((error) => error.code)) === 'stale');
    });
  },
);
