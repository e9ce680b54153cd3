import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Benches, battery, refusal, until } from './bench.case';
import { startOwnBroker } from './broker-fake';
import { createVictronMqtt } from './driver';
import type { FakeGx } from './fake';
import { victronMqttConnection } from './schema';
import { SAMPLE_SITE } from './site-fake';
import { KEEPALIVE_CHANGES_ONLY } from './wire';

const benches = new Benches();
afterEach(() => benches.end());

const at = (gx: FakeGx) => ({ host: gx.host, port: gx.port });
const asked = (gx: FakeGx, path: string) =>
  gx.requests.filter(({ topic }) => topic === `R/${gx.portalId}/${path}`).map(({ payload }) => payload);

describe('what it reads', () => {
  it('reads a site in our units and signs', async () => {
    const gx = await benches.gx({ moveEveryMs: 0 });
    const { device } = await benches.device(at(gx));
    const { packVoltageV, currentA, powerW, temperatureC, reportedSocPct, chargeStage } =
      await battery(device);
    expect(packVoltageV?.value).toBe(52.4);
    expect(currentA?.value).toBe(-20);
    expect(powerW?.value).toBe(-1048);
    expect(temperatureC?.value).toBe(18.5);
    expect(reportedSocPct?.value).toBe(71.5);
    expect(chargeStage).toBe('bulk');
    expect((await device.capabilities.pv?.readPvW())?.value).toBe(1500);
    expect((await device.capabilities.load?.readLoadW())?.value).toBe(2450);
    expect(await device.capabilities.grid?.readGridW()).toBeNull();
    expect((await device.capabilities.thermometer?.readTemperatureC())?.value).toBe(21.3);
    expect(device.capabilities.switch).toBeUndefined();
  });

  it('tells null (no value now) from an empty payload (the whole service is gone)', async () => {
    const gx = await benches.gx({
      values: { ...SAMPLE_SITE, 'system/0/Dc/Pv/Power': null, 'pvinverter/20/Ac/Power': 700 },
      moveEveryMs: 0,
    });
    const { device } = await benches.device(at(gx));
    const pv = async () => (await device.capabilities.pv?.readPvW())?.value;
    expect(await pv()).toBe(2200);
    await gx.vanish('pvinverter/20');
    await until(async () => (await pv()) === 1500);
    await gx.set('solarcharger/279/Yield/Power', null);
    await until(async () => (await device.capabilities.pv?.readPvW()) === null);
    await gx.set('system/0/Dc/Battery/Soc', null);
    await until(async () => (await battery(device)).reportedSocPct === null);
    expect((await battery(device)).packVoltageV?.value).toBe(52.4);
    await gx.vanish('system/0');
    await gx.vanish('battery/512');
    await until(async () => (await battery(device)).packVoltageV === null);
  });

  it('never turns text that is not JSON into a number, and says so when there is nothing else', async () => {
    const gx = await benches.gx({ moveEveryMs: 0 });
    const { device } = await benches.device(at(gx));
    expect((await battery(device)).packVoltageV?.value).toBe(52.4);
    await gx.garble('system/0/Dc/Battery/Current');
    await until(async () => (await battery(device)).currentA === null);

    const nonsense = await benches.gx({ values: { 'battery/1/Dc/0/Voltage': 52 }, moveEveryMs: 100 });
    await nonsense.garble('battery/1/Dc/0/Voltage');
    const other = await benches.device(at(nonsense));
    expect(await refusal(other.device)).toMatchObject({ code: 'malformed' });
  });
});

describe('keepalive', () => {
  it('asks once for everything, then only keeps it talking', async () => {
    const gx = await benches.gx();
    const { device } = await benches.device(at(gx));
    await battery(device);
    await until(() => asked(gx, 'keepalive').length >= 4);
    expect(asked(gx, 'keepalive')[0]).toBe('');
    expect(new Set(asked(gx, 'keepalive').slice(1))).toEqual(new Set([KEEPALIVE_CHANGES_ONLY]));
    // On new firmware this topic sends everything once more.
    expect(asked(gx, 'system/0/Serial')).toEqual([]);
  });

  it('keeps the device talking past its own time-out', async () => {
    const gx = await benches.gx({ silenceAfterMs: 300 });
    const { device } = await benches.device(at(gx));
    await battery(device);
    const before = (await battery(device)).packVoltageV?.sampleAt ?? 0;
    await sleep(900);
    expect((await battery(device)).packVoltageV?.sampleAt).toBeGreaterThan(before + 700);
  });

  it('keeps old firmware talking by its own keepalive', async () => {
    const gx = await benches.gx({ firmware: 'old', silenceAfterMs: 300 });
    const { device } = await benches.device(at(gx));
    expect((await battery(device)).packVoltageV?.value).toBeCloseTo(52.4, 1);
    const before = (await battery(device)).packVoltageV?.sampleAt ?? 0;
    await until(() => asked(gx, 'system/0/Serial').length >= 3);
    await sleep(600);
    expect((await battery(device)).packVoltageV?.sampleAt).toBeGreaterThan(before + 500);
  });

  it('reads old firmware that knows no other keepalive than its serial number', async () => {
    const broker = await startOwnBroker({ port: 0, password: null, tls: null });
    benches.keep(() => broker.close());
    broker.onRequest((topic) => {
      if (topic !== 'R/c0ffee000009/system/0/Serial') return;
      void broker.publish('N/c0ffee000009/battery/258/Dc/0/Voltage', '{"value": 51.9}', false);
    });
    const { device } = await benches.device(
      { host: broker.host, port: broker.port, portal_id: 'c0ffee000009' },
      { keepalive: 10_000, silence: 10_000 },
    );
    expect((await battery(device)).packVoltageV?.value).toBe(51.9);
  });

  it('waits for the end of its own full publish, not of somebody else’s', async () => {
    const broker = await startOwnBroker({ port: 0, password: null, tls: null });
    benches.keep(() => broker.close());
    const say = (path: string, body: object) =>
      broker.publish(`N/c0ffee000009/${path}`, JSON.stringify(body), false);
    const answer = async () => {
      await say('battery/258/Dc/0/Voltage', { value: 51.9 });
      await say('full_publish_completed', { 'full-publish-completed-echo': 'not ours', value: 1 });
      await sleep(200);
      await say('system/0/Dc/Battery/Voltage', { value: 52.6 });
      await say('full_publish_completed', { value: 2 });
    };
    broker.onRequest((topic, payload) => {
      if (topic === 'R/c0ffee000009/keepalive' && payload === '') void answer();
    });
    const { device } = await benches.device(
      { host: broker.host, port: broker.port, portal_id: 'c0ffee000009' },
      { settle: 1_000 },
    );
    expect((await battery(device)).packVoltageV?.value).toBe(52.6);
  });
});

describe('which GX device', () => {
  it('finds the portal by its serial number, and takes a pasted one', async () => {
    const gx = await benches.gx();
    const found = await benches.device(at(gx));
    await battery(found.device);
    const pasted = await benches.device({ ...at(gx), portal_id: gx.portalId.toUpperCase() });
    expect((await battery(pasted.device)).packVoltageV?.value).toBeCloseTo(52.4, 1);
  });

  it('reads a plain player: repeated lines, no serial number, no answer to anything, one battery only', async () => {
    const broker = await startOwnBroker({ port: 0, password: null, tls: null });
    benches.keep(() => broker.close());
    const lines = { Voltage: 52.21, Current: -1, Power: -52, Temperature: 27.6 };
    const player = setInterval(() => {
      for (const [name, value] of Object.entries(lines)) {
        void broker.publish(`N/c0619ab00000/battery/512/Dc/0/${name}`, JSON.stringify({ value }), false);
      }
      void broker.publish('N/c0619ab00000/battery/512/Soc', '{"value": 99}', false);
    }, 50);
    benches.keep(() => clearInterval(player));
    const { device } = await benches.device({ host: broker.host, port: broker.port });
    const seen = await battery(device);
    expect(seen.packVoltageV?.value).toBe(52.21);
    expect(seen.currentA?.value).toBe(-1);
    expect(seen.powerW?.value).toBe(-52);
    expect(seen.temperatureC?.value).toBe(27.6);
    expect(seen.reportedSocPct?.value).toBe(99);
    await sleep(700);
    expect((await battery(device)).packVoltageV?.value).toBe(52.21);
  });

  it('finds a GX device that has taken the place of another', async () => {
    const first = await benches.gx();
    const { device } = await benches.device(at(first));
    expect((await battery(device)).packVoltageV?.value).toBeCloseTo(52.4, 1);
    await first.close();
    await benches.gx({
      port: first.port,
      portalId: 'c0ffee000002',
      values: { 'system/0/Dc/Battery/Voltage': 49 },
    });
    await until(
      async () => (await battery(device).catch(() => null))?.packVoltageV?.value.toFixed(0) === '49',
    );
  });

  it('asks which one when a broker carries two', async () => {
    const home = await benches.gx();
    await benches.gx({ brokerUrl: `mqtt://${home.host}:${home.port}`, portalId: 'c0ffee000002' });
    const { device } = await benches.device(at(home));
    const refused = await until(() => refusal(device));
    expect(refused).toMatchObject({ code: 'refused' });
    expect(refused.message).toContain('c0ffee000001, c0ffee000002');
    expect(refused.message).toContain('portal_id');
    const chosen = await benches.device({ ...at(home), portal_id: 'c0ffee000002' });
    expect((await battery(chosen.device)).packVoltageV?.value).toBeCloseTo(52.4, 1);
  });

  it('names the batteries that are there when the chosen one is not, and is silent while that one is', async () => {
    const long = `Bank ${'x'.repeat(300)}`;
    const gx = await benches.gx({
      values: { 'battery/512/Dc/0/Voltage': 52.4, 'battery/512/CustomName': long },
    });
    const { device } = await benches.device({ ...at(gx), battery_instance: 999 });
    const refused = await refusal(device);
    expect(refused).toMatchObject({ code: 'refused' });
    expect(refused?.message).toMatch(
      /no battery 999 now, only 512 \(Bank x{35}, 52\.4 V\)\. Is it connected\? Otherwise correct battery_instance\.$/,
    );
    const chosen = await benches.device({ ...at(gx), battery_instance: 512 });
    expect((await battery(chosen.device)).packVoltageV?.value).toBeCloseTo(52.4, 1);
    await gx.set('battery/512/Dc/0/Voltage', null);
    await until(async () => (await battery(chosen.device)).packVoltageV === null);
  });

  it('names the portal that is there when the pasted one is not', async () => {
    const gx = await benches.gx();
    const { device } = await benches.device({ ...at(gx), portal_id: 'c0ffee0000ff' }, { firstRead: 200 });
    const refused = await refusal(device);
    expect(refused).toMatchObject({ code: 'unreachable' });
    expect(refused?.message).toContain('c0ffee0000ff');
    expect(refused?.message).toContain(gx.portalId);
  });
});

describe('silence', () => {
  it('is stale, not "no change", and asks again with a token of its own', async () => {
    const gx = await benches.gx();
    const { device, log } = await benches.device(at(gx));
    await battery(device);
    gx.hang();
    const refused = await until(() => refusal(device));
    expect(refused).toMatchObject({ code: 'stale' });
    expect(refused.message).toMatch(/nothing for \d+ s/);
    await until(() =>
      asked(gx, 'keepalive').find((payload) => payload.includes('full-publish-completed-echo')),
    );
    gx.wake();
    await until(async () => (await refusal(device)) === null);
    expect(log.filter((line) => line.startsWith('The GX device has fallen silent'))).toHaveLength(1);
    expect(log.filter((line) => line.startsWith('The GX device talks again'))).toHaveLength(1);
  });

  it('does not take the broker’s memory of a serial number for life', async () => {
    const gx = await benches.gx();
    gx.hang();
    const { device } = await benches.device(at(gx), { firstRead: 200 });
    expect(await refusal(device)).toMatchObject({ code: 'unreachable' });
  });

  it('notices silence after the clock was set back', async () => {
    const gx = await benches.gx();
    const bench = await benches.device(at(gx));
    await battery(bench.device);
    gx.hang();
    bench.shift(-3_600_000);
    await until(async () => (await refusal(bench.device))?.code === 'stale');
  });

  it('judges by the clock it was given, also when that is set back', async () => {
    const gx = await benches.gx();
    const bench = await benches.device(at(gx), { silence: 20_000 });
    await battery(bench.device);
    gx.hang();
    bench.shift(19_000);
    expect(await refusal(bench.device)).toBeNull();
    bench.shift(2_000);
    expect(await refusal(bench.device)).toMatchObject({ code: 'stale' });
    bench.shift(-3_600_000);
    const seen = await battery(bench.device);
    expect(seen.packVoltageV?.sampleAt).toBeLessThanOrEqual(bench.now());
  });
});

describe('sample times', () => {
  it('lets the neighbours of a service vouch for an unchanged value, and nobody else', async () => {
    const gx = await benches.gx({ moveEveryMs: 0 });
    const { device } = await benches.device(at(gx), { silence: 5_000 });
    const first = await battery(device);
    const pvFirst = await device.capabilities.pv?.readPvW();
    const roomFirst = await device.capabilities.thermometer?.readTemperatureC();
    await sleep(50);
    await gx.set('system/0/Dc/Battery/Current', -21);
    await until(async () => (await battery(device)).currentA?.value === -21);
    const second = await battery(device);
    expect(second.packVoltageV?.value).toBe(first.packVoltageV?.value);
    expect(second.packVoltageV?.sampleAt).toBe(second.currentA?.sampleAt);
    expect(second.packVoltageV?.sampleAt).toBeGreaterThanOrEqual((first.packVoltageV?.sampleAt ?? 0) + 50);
    expect((await device.capabilities.pv?.readPvW())?.sampleAt).toBeGreaterThan(pvFirst?.sampleAt ?? 0);
    expect(await device.capabilities.thermometer?.readTemperatureC()).toEqual(roomFirst);
  });

  it('shows a frozen voltage beside a moving current', async () => {
    const gx = await benches.gx();
    const { device } = await benches.device(at(gx));
    gx.freeze('system/0/Dc/Battery/Voltage');
    const first = await battery(device);
    await until(async () => (await battery(device)).currentA?.value !== first.currentA?.value);
    const frozen = (await battery(device)).packVoltageV;
    await sleep(100);
    expect((await battery(device)).packVoltageV?.value).toBe(frozen?.value);
  });
});

it('opens as the registry calls it, with its own timing', async () => {
  const gx = await benches.gx();
  const device = await createVictronMqtt('gx', victronMqttConnection.parse(at(gx)), {
    now: Date.now,
    log: { info: () => {}, warn: () => {} },
    site: {
      timeZone: 'UTC',
      latitudeDeg: 0,
      longitudeDeg: 0,
      pvArrayW: 0,
      batteryCapacityAh: 0,
      batteryNominalV: 51.2,
    },
    savedState: null,
    shared: new Map(),
  });
  benches.keep(() => device.close());
  expect((await battery(device)).packVoltageV?.value).toBeCloseTo(52.4, 1);
});
