import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Benches } from './bench.case';
import { startOwnBroker } from './broker-fake';
import type { FakeGx } from './fake';

const benches = new Benches();
afterEach(() => benches.end());

const at = (gx: FakeGx) => ({ host: gx.host, port: gx.port });

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
