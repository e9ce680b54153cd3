import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { DriverError } from '../types';
import { Benches, battery, refusal, until } from './bench.case';
import { startOwnBroker } from './broker-fake';
import { FAKE_CERTIFICATE } from './certificate-fake';
import { createVictronMqtt } from './driver';
import { type FakeGx, SAMPLE_SITE } from './fake';
import { victronMqttConnection } from './schema';
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
    const { device } = await benches.device({
      host: broker.host,
      port: broker.port,
      portal_id: 'c0ffee000009',
    });
    expect((await battery(device)).packVoltageV?.value).toBe(51.9);
  });

  it('waits for the end of its own full publish, not of somebody else’s', async () => {
    const broker = await startOwnBroker({ port: 0, password: null, tls: null });
    benches.keep(() => broker.close());
    const say = (path: string, body: object) =>
      broker.publish(`N/c0ffee000009/${path}`, JSON.stringify(body), false);
    broker.onRequest(async (topic, payload) => {
      if (topic !== 'R/c0ffee000009/keepalive' || payload !== '') return;
      await say('battery/258/Dc/0/Voltage', { value: 51.9 });
      await say('full_publish_completed', { 'full-publish-completed-echo': 'not ours', value: 1 });
      await sleep(200);
      await say('system/0/Dc/Battery/Voltage', { value: 52.6 });
      await say('full_publish_completed', { value: 2 });
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

describe('connection', () => {
  it('says at once that the broker is gone, and forgets what vanished meanwhile when it is back', async () => {
    const gx = await benches.gx({ values: { ...SAMPLE_SITE, 'temperature/25/Temperature': 4 } });
    const { device, log } = await benches.device({ ...at(gx), temperature_instance: 24 });
    expect(await device.capabilities.thermometer?.readTemperatureC()).not.toBeNull();
    await gx.stopBroker();
    await until(async () => (await refusal(device))?.code === 'unreachable', 300);
    await until(async () => (await refusal(device))?.message.includes('connection refused'));
    await gx.vanish('temperature/24');
    await gx.set('system/0/Dc/Battery/Soc', 55);
    await gx.startBroker();
    await until(async () => (await refusal(device)) === null);
    await until(async () => (await battery(device)).reportedSocPct?.value === 55);
    await until(async () => (await device.capabilities.thermometer?.readTemperatureC()) === null);
    // Transitions, not attempts.
    expect(log.filter((line) => line.startsWith('Connected'))).toHaveLength(2);
    expect(log.filter((line) => line.includes('connection refused')).length).toBeLessThanOrEqual(1);
  });

  it('opens at once while nothing answers, and reads fail in words within the first wait', async () => {
    const { host, port } = await deadPort();
    const began = performance.now();
    const { device } = await benches.device({ host, port });
    expect(performance.now() - began).toBeLessThan(100);
    const refused = await refusal(device);
    expect(refused).toBeInstanceOf(DriverError);
    expect(refused).toMatchObject({ code: 'unreachable', retry: true });
    expect(refused?.message).toContain(`No MQTT at ${host}:${port}: connection refused`);
  });

  it('tries again after 1, 2, 4 … times the first pause, up to the longest', async () => {
    const arrivals: number[] = [];
    const server = await listen((socket) => {
      arrivals.push(performance.now());
      socket.destroy();
    });
    const { device } = await benches.device(server);
    await until(() => arrivals.length >= 6);
    const pauses = arrivals.slice(1).map((time, index) => time - (arrivals[index] ?? 0));
    for (const [index, expected] of [50, 100, 200, 200, 200].entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(expected - 5);
      expect(pauses[index]).toBeLessThan(expected + 150);
    }
    expect(await refusal(device)).toMatchObject({ code: 'unreachable' });
    await device.close();
    const count = arrivals.length;
    await sleep(400);
    expect(arrivals).toHaveLength(count);
  });

  it('is back at the first pause once the device has talked', async () => {
    const gx = await benches.gx();
    const { device } = await benches.device(at(gx), { longestRetry: 60_000 });
    await battery(device);
    for (let round = 0; round < 3; round += 1) {
      await gx.stopBroker();
      await until(async () => (await refusal(device)) !== null);
      await gx.startBroker();
      await until(async () => (await refusal(device)) === null, 1_000);
    }
  });

  it('gives up waiting for a host that takes the connection and says nothing', async () => {
    const server = await listen(() => {});
    const { device } = await benches.device(server, { answer: 150 });
    const refused = await refusal(device);
    expect(refused).toMatchObject({ code: 'unreachable' });
    expect(refused?.message).toContain('MQTT');
  });

  it('recognises that something else than a broker answers', async () => {
    const server = await listen((socket) => {
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    });
    const { device } = await benches.device(server);
    const refused = await refusal(device);
    expect(refused).toBeInstanceOf(DriverError);
    expect(['malformed', 'unreachable']).toContain(refused?.code);
  });

  it('closes promptly while connected, while connecting and twice', async () => {
    const gx = await benches.gx();
    const connected = await benches.device(at(gx));
    await battery(connected.device);
    const connecting = await benches.device(await listen(() => {}));
    const began = performance.now();
    await connected.device.close();
    await connecting.device.close();
    await connected.device.close();
    expect(performance.now() - began).toBeLessThan(100);
    expect(await refusal(connected.device)).toMatchObject({ code: 'unreachable', message: 'gx is closed.' });
    const before = gx.requests.length;
    await sleep(300);
    expect(gx.requests).toHaveLength(before);
  });

  it('publishes through somebody else’s broker as well', async () => {
    const broker = await startOwnBroker({ port: 0, password: null, tls: null });
    benches.keep(() => broker.close());
    await benches.gx({ brokerUrl: `mqtt://${broker.host}:${broker.port}` });
    const { device } = await benches.device({ host: broker.host, port: broker.port });
    expect((await battery(device)).packVoltageV?.value).toBeCloseTo(52.4, 1);
  });
});

describe('sign-in and TLS', () => {
  it('signs in with the password, and says when it is wrong without repeating it', async () => {
    const gx = await benches.gx({ password: 'open sesame' });
    const right = await benches.device({ ...at(gx), password: 'open sesame' });
    expect((await battery(right.device)).packVoltageV?.value).toBeCloseTo(52.4, 1);
    const wrong = await benches.device({ ...at(gx), username: 'owner', password: 'guess-4711' });
    const refused = await refusal(wrong.device);
    expect(refused).toMatchObject({ code: 'auth', retry: false });
    expect(JSON.stringify([refused, refused?.message, wrong.log, right.log])).not.toMatch(
      /guess-4711|open sesame/,
    );
    const none = await benches.device(at(gx));
    expect(await refusal(none.device)).toMatchObject({ code: 'auth' });
  });

  it('accepts the certificate a GX device signed itself, unless told to verify', async () => {
    const gx = await benches.gx({ tls: FAKE_CERTIFICATE, password: 'open sesame' });
    const device = (more: object) => benches.device({ ...at(gx), password: 'open sesame', ...more });
    expect((await battery((await device({ tls: true })).device)).packVoltageV?.value).toBeCloseTo(52.4, 1);
    const refused = await refusal((await device({ tls: true, tls_verify: true })).device);
    expect(refused).toMatchObject({ code: 'refused', retry: false });
    expect(refused?.message).toContain('tls_verify');
    const plain = await refusal((await device({ tls: false })).device);
    expect(plain).toMatchObject({ code: 'unreachable' });
    expect(plain?.message).toContain('ask for TLS (port 8883)');
  });

  it('says that a plain port does not speak TLS', async () => {
    const gx = await benches.gx();
    const { device } = await benches.device({ ...at(gx), tls: true });
    const refused = await refusal(device);
    expect(refused).toMatchObject({ code: 'unreachable' });
    expect(refused?.message).toContain('Turn tls off');
  });
});

describe('relay', () => {
  const writes = (gx: FakeGx) => gx.requests.filter(({ topic }) => topic.startsWith('W/'));
  const relay = async (gx: FakeGx, number: 1 | 2) => {
    const { device } = await benches.device({ ...at(gx), relay: number });
    const control = device.capabilities.switch;
    if (!control) throw new Error('no switch');
    return control;
  };

  it('switches, reads back and writes only what changes', async () => {
    const gx = await benches.gx();
    const control = await relay(gx, 1);
    expect(await control.readSwitch()).toMatchObject({ state: 'off', powerW: null });
    await control.setSwitch('on');
    expect(gx.get('system/0/Relay/0/State')).toBe(1);
    expect((await control.readSwitch()).state).toBe('on');
    await control.setSwitch('on');
    expect(writes(gx)).toEqual([
      { topic: `W/${gx.portalId}/system/0/Relay/0/State`, payload: '{"value":1}' },
    ]);
    await control.setSwitch('off');
    expect((await control.readSwitch()).state).toBe('off');
    await Promise.all([control.setSwitch('on'), control.setSwitch('off'), control.setSwitch('on')]);
    expect((await control.readSwitch()).state).toBe('on');
  });

  it('refuses a relay that the GX device uses itself, also when that was changed just now', async () => {
    const gx = await benches.gx();
    const second = await relay(gx, 2);
    await expect(second.setSwitch('on')).rejects.toMatchObject({ code: 'refused' });
    await expect(second.setSwitch('on')).rejects.toThrow(/relay 2 is temperature/);
    const first = await relay(gx, 1);
    await first.setSwitch('on');
    await gx.set('settings/0/Settings/Relay/Function', 1);
    await expect(first.setSwitch('off')).rejects.toThrow(/generator start\/stop/);
    expect(writes(gx)).toHaveLength(1);
    expect((await first.readSwitch()).state).toBe('on');
  });

  it('refuses when the device does not say what the relay is for, or does not follow', async () => {
    const broker = await startOwnBroker({ port: 0, password: null, tls: null });
    benches.keep(() => broker.close());
    let purposeKnown = false;
    const say = (path: string, value: number) =>
      broker.publish(`N/c0ffee000009/${path}`, JSON.stringify({ value }), false);
    const life = setInterval(() => void say('system/0/Relay/0/State', 0), 30);
    benches.keep(() => clearInterval(life));
    broker.onRequest((topic) => {
      const asksPurpose = topic === 'R/c0ffee000009/settings/0/Settings/Relay/Function';
      if (asksPurpose && purposeKnown) void say('settings/0/Settings/Relay/Function', 2);
    });
    const { device } = await benches.device({ host: broker.host, port: broker.port, relay: 1 });
    const control = device.capabilities.switch;
    await expect(control?.setSwitch('on')).rejects.toThrow(/not known/);
    purposeKnown = true;
    await expect(control?.setSwitch('on')).rejects.toThrow(/asked to close and did not within 0.3 s/);
  });

  it('fails as unreachable when the broker is gone', async () => {
    const gx = await benches.gx();
    const control = await relay(gx, 1);
    await control.readSwitch();
    await gx.stopBroker();
    await sleep(50);
    await expect(control.setSwitch('on')).rejects.toMatchObject({ code: 'unreachable' });
    await expect(control.readSwitch()).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('says when there is no such relay', async () => {
    const gx = await benches.gx({ values: { 'system/0/Dc/Battery/Voltage': 52 } });
    await expect((await relay(gx, 1)).readSwitch()).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('the fake device itself', () => {
  it('retains nothing but its serial number and falls silent without keepalives', async () => {
    const gx = await benches.gx({ silenceAfterMs: 200 });
    const seen: string[] = [];
    const listener = await connectAsync(`mqtt://${gx.host}:${gx.port}`);
    benches.keep(() => listener.endAsync(true));
    listener.on('message', (topic) => seen.push(topic));
    await listener.subscribeAsync('N/#');
    await sleep(150);
    expect(seen).toEqual([`N/${gx.portalId}/system/0/Serial`]);
    await listener.publishAsync(`R/${gx.portalId}/keepalive`, '');
    await until(() => seen.includes(`N/${gx.portalId}/full_publish_completed`));
    expect(seen.length).toBeGreaterThan(Object.keys(SAMPLE_SITE).length);
    await sleep(300);
    const count = seen.length;
    await sleep(150);
    expect(seen).toHaveLength(count);
  });

  it('keeps settings within their limits and echoes what it took', async () => {
    const gx = await benches.gx({
      values: { 'settings/0/Settings/CGwacs/MaxDischargePower': { value: -1, min: -1, max: 5000 } },
    });
    const client = await connectAsync(`mqtt://${gx.host}:${gx.port}`);
    benches.keep(() => client.endAsync(true));
    const topic = `${gx.portalId}/settings/0/Settings/CGwacs/MaxDischargePower`;
    const seen: unknown[] = [];
    client.on('message', (_topic, payload) => seen.push(JSON.parse(payload.toString())));
    await client.subscribeAsync(`N/${topic}`);
    await client.publishAsync(`W/${topic}`, '{"value": 9000}');
    await client.publishAsync(`W/${topic}`, '{"value": 3000}');
    await until(() => seen.length > 0);
    expect(seen).toEqual([{ min: -1, max: 5000, value: 3000 }]);
  });
});

describe('connection settings', () => {
  const problems = (input: object) =>
    victronMqttConnection
      .safeParse({ host: 'venus.local', ...input })
      .error?.issues.map((issue) => issue.path[0]);

  it.each([
    [{ host: 'mqtt://192.168.1.50' }, 'host'],
    [{ host: 'owner:secret@192.168.1.50' }, 'host'],
    [{ host: '' }, 'host'],
    [{ port: 0 }, 'port'],
    [{ portal_id: '#' }, 'portal_id'],
    [{ portal_id: 'c0619ab0000' }, 'portal_id'],
    [{ relay: 0 }, 'relay'],
    [{ battery_instance: -1 }, 'battery_instance'],
  ])('refuses %j', (input, field) => {
    expect(problems(input)).toEqual([field]);
  });

  it.each(['192.168.1.50', 'venus.local', 'einstein', 'fe80::1', '::1'])('accepts host %s', (host) => {
    expect(problems({ host })).toBeUndefined();
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

async function listen(
  answer: (socket: import('node:net').Socket) => void,
): Promise<{ host: string; port: number }> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    answer(socket);
  });
  const sockets = new Set<import('node:net').Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  benches.keep(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

async function deadPort(): Promise<{ host: string; port: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return { host: '127.0.0.1', port };
}
