import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { DriverError } from '../types';
import { Benches, battery, refusal, until } from './bench.case';
import { startOwnBroker } from './broker-fake';
import { FAKE_CERTIFICATE } from './certificate-fake';
import type { FakeGx } from './fake';
import { SAMPLE_SITE } from './site-fake';

const benches = new Benches();
afterEach(() => benches.end());

const at = (gx: FakeGx) => ({ host: gx.host, port: gx.port });

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

  it('forgets what vanished meanwhile also on firmware that never says when it told everything', async () => {
    const gx = await benches.gx({ firmware: 'old' });
    const { device } = await benches.device(at(gx));
    expect(await device.capabilities.thermometer?.readTemperatureC()).not.toBeNull();
    await gx.stopBroker();
    await gx.vanish('temperature/24');
    await gx.startBroker();
    await until(
      async () => (await device.capabilities.thermometer?.readTemperatureC().catch(() => 'down')) === null,
    );
    expect((await battery(device)).packVoltageV?.value).toBeCloseTo(52.4, 1);
  });

  it('is not fooled by a broker that remembers the last words of a dead device', async () => {
    const broker = await startOwnBroker({ port: 0, password: null, tls: null });
    benches.keep(() => broker.close());
    const remember = () => broker.publish('N/c0ffee000009/battery/1/Dc/0/Voltage', '{"value": 52.4}', true);
    await remember();
    const { device, log } = await benches.device({ host: broker.host, port: broker.port });
    expect((await battery(device)).packVoltageV?.value).toBe(52.4);
    await until(async () => (await refusal(device))?.code === 'stale');
    await broker.stop();
    await broker.start();
    await remember();
    await until(() => log.filter((line) => line.startsWith('Found')).length === 2);
    await sleep(100);
    expect(await refusal(device)).toMatchObject({ code: 'stale' });
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

  it('is back at the first pause, and no shorter one, once the device has talked', async () => {
    const gx = await benches.gx();
    const { device } = await benches.device(at(gx), { firstRetry: 150, longestRetry: 60_000 });
    await battery(device);
    for (let round = 0; round < 4; round += 1) {
      const began = performance.now();
      await gx.stopBroker();
      await gx.startBroker();
      await until(async () => (await refusal(device)) !== null);
      await until(async () => (await refusal(device)) === null);
      expect(performance.now() - began).toBeGreaterThanOrEqual(145);
      expect(performance.now() - began).toBeLessThan(600);
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

async function listen(answer: (socket: Socket) => void): Promise<{ host: string; port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    answer(socket);
  });
  const sockets = new Set<Socket>();
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
