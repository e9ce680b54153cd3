import { describe, expect, it } from 'vitest';
import type { Decision, LoadKind, LoadObservation, LoadState } from '@/lib/core/types';
import { type Capabilities, type Device, DriverError } from '@/lib/drivers/types';
import { actuate } from './actuate';
import type { OpenedDevice } from './devices';

const decided = (loadId: string, desired: Decision['desired'], fanSpeed: number | null = null): Decision => ({
  loadId,
  kind: loadId.split(':')[0] as LoadKind,
  name: loadId,
  verdict: 'WAIT',
  binding: null,
  desired,
  fanSpeed,
  bookedW: 0,
  probe: false,
  dueAt: null,
});
const observed = (kind: LoadKind, state: LoadState, fanSpeed?: number): LoadObservation => ({
  kind,
  state,
  sinceMs: 0,
  powerW: null,
  insideMeasuredLoad: true,
  reachable: true,
  ...(fanSpeed !== undefined && { fanSpeed }),
});

interface Setup {
  readonly decisions: Decision[];
  readonly loads: Record<string, LoadObservation>;
  readonly offOnly?: boolean;
  readonly simulated?: boolean;
  readonly controlEnabled?: boolean;
  /** One device for all loads instead of one for each. */
  readonly shared?: boolean;
  readonly obey?: (state: string) => Promise<void>;
}

async function act(setup: Setup) {
  const sent: string[] = [];
  const devices = new Map<string, OpenedDevice>();
  const links = setup.decisions.map(({ loadId, kind }) => {
    const deviceKey = setup.shared ? 'plug' : `plug of ${loadId}`;
    const send = async (what: string) => {
      sent.push(`${loadId} ${what}`);
      await setup.obey?.(what);
    };
    const capabilities: Capabilities =
      kind === 'fan'
        ? {
            fan: {
              readFanSpeed: async () => ({ value: 0, sampleAt: 0 }),
              setFanSpeed: (step) => send(String(step)),
            },
          }
        : {
            switch: {
              readSwitch: () => Promise.reject(new Error('not read here')),
              setSwitch: send,
            },
          };
    const device: Device = {
      key: deviceKey,
      capabilities,
      simulated: setup.simulated ?? true,
      simulatedRoles: [],
      pollSeconds: 5,
      saveState: () => null,
      close: async () => {},
    };
    devices.set(deviceKey, {
      device,
      error: null,
      settings: {
        key: deviceKey,
        name: deviceKey,
        driver: 'simulated',
        connection: {},
        problem: null,
        roles: [],
        controlEnabled: setup.controlEnabled ?? true,
        driverState: null,
      },
    });
    return { loadId, kind, name: loadId, deviceKey, ratedW: 1000 };
  });
  const done = await actuate({
    decisions: setup.decisions,
    snapshot: { loads: setup.loads },
    links,
    deviceOf: (key) => devices.get(key) ?? null,
    timeoutMs: 50,
    offOnly: setup.offOnly ?? false,
  });
  return { sent, errors: done.map(({ error }) => error) };
}

describe('actuate', () => {
  it('asks for what differs from what is observed, and for nothing else', async () => {
    const states = ['on', 'off', 'ramping', 'unknown'] as const;
    for (const [desired, expected] of [
      ['on', ['off', 'unknown']],
      ['off', ['on', 'ramping', 'unknown']],
      [null, []],
    ] as const) {
      const { sent } = await act({
        decisions: states.map((state) => decided(`miner:${state}`, desired)),
        loads: Object.fromEntries(states.map((state) => [`miner:${state}`, observed('miner', state)])),
      });
      expect(sent.sort()).toEqual(expected.map((state) => `miner:${state} ${desired}`).sort());
    }
  });

  it('sets a fan to its step, and to another one while it runs', async () => {
    const { sent } = await act({
      decisions: [decided('fan:a', 'on', 4), decided('fan:b', 'on', 4), decided('fan:c', 'off')],
      loads: {
        'fan:a': observed('fan', 'on', 3),
        'fan:b': observed('fan', 'on', 4),
        'fan:c': observed('fan', 'on', 7),
      },
    });
    expect(sent.sort()).toEqual(['fan:a 4', 'fan:c 0']);
  });

  it('switches off and cools, but turns nothing on while starts are held', async () => {
    const { sent } = await act({
      decisions: [
        decided('miner:a', 'on'),
        decided('heater:b', 'on'),
        decided('miner:c', 'off'),
        decided('fan:d', 'on', 5),
      ],
      loads: {
        'miner:a': observed('miner', 'off'),
        'heater:b': observed('heater', 'off'),
        'miner:c': observed('miner', 'on'),
        'fan:d': observed('fan', 'off', 0),
      },
      offOnly: true,
    });
    expect(sent.sort()).toEqual(['fan:d 5', 'miner:c off']);
  });

  it('sends nothing to a real device, to one without control, or to one nobody has seen', async () => {
    const decisions = [decided('miner:a', 'off')];
    const loads = { 'miner:a': observed('miner', 'on') };
    expect((await act({ decisions, loads, simulated: false })).sent).toEqual([]);
    expect((await act({ decisions, loads, controlEnabled: false })).sent).toEqual([]);
    expect((await act({ decisions, loads: {} })).sent).toEqual([]);
    expect(
      (await act({ decisions, loads: { 'miner:a': { ...observed('miner', 'on'), controllable: false } } }))
        .sent,
    ).toEqual([]);
    expect((await act({ decisions, loads })).sent).toEqual(['miner:a off']);
  });

  it('makes one call at a time per device, and lets a silent one hold up no other', async () => {
    let open = 0;
    let most = 0;
    const slowly = async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 10));
      open -= 1;
    };
    const decisions = ['a', 'b', 'c'].map((name) => decided(`miner:${name}`, 'off'));
    const loads = Object.fromEntries(decisions.map(({ loadId }) => [loadId, observed('miner', 'on')]));
    await act({ decisions, loads, shared: true, obey: slowly });
    expect(most).toBe(1);
    most = 0;
    await act({ decisions, loads, obey: slowly });
    expect(most).toBe(3);

    const began = performance.now();
    const { errors } = await act({ decisions, loads, obey: () => new Promise(() => {}) });
    expect(performance.now() - began).toBeLessThan(140);
    expect(errors).toEqual(Array(3).fill('no answer within 50 ms'));
  });

  it('reports a refusal in the driver’s words', async () => {
    const { errors } = await act({
      decisions: [decided('miner:a', 'off')],
      loads: { 'miner:a': observed('miner', 'on') },
      obey: () => Promise.reject(new DriverError('refused', 'The plug is locked', false)),
    });
    expect(errors).toEqual(['The plug is locked']);
  });
});
