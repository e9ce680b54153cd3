import { describe, expect, it } from 'vitest';
import { openDevice } from '../registry';
import { DriverError } from '../types';
import type { SimulatedFault } from './schema';

const START = Date.parse('2026-05-04T17:00:00Z');

/** A heater plug, a fan and a clock. */
async function house(faults: SimulatedFault[]) {
  let now = START;
  const shared = new Map<string, unknown>();
  const open = (key: string, connection: object) =>
    openDevice(
      { key, driver: 'simulated', connection: { ...connection, zone: 'Room', faults } },
      {
        now: () => now,
        log: { info() {}, warn() {} },
        site: {
          timeZone: 'UTC',
          latitudeDeg: 37,
          longitudeDeg: -122,
          pvArrayW: 12_960,
          batteryCapacityAh: 900,
          batteryNominalV: 51.2,
        },
        savedState: null,
        shared,
      },
    );
  const plug = (await open('heater', { part: 'heater', rated_w: 1500 })).capabilities.switch;
  const fan = (await open('fan', { part: 'fan' })).capabilities.fan;
  if (!plug || !fan) throw new Error('a heater has a switch and a fan has speeds');
  return {
    plug,
    fan,
    pass: (seconds: number) => {
      now += 1000 * seconds;
    },
    /** It takes one step of the house until it counts as running. */
    state: async () => ((await plug.readSwitch()).state === 'off' ? 'off' : 'on'),
    speed: async () => (await fan.readFanSpeed()).value,
    set: async (state: 'on' | 'off') => {
      try {
        await plug.setSwitch(state);
        return 'acknowledged';
      } catch (error) {
        return error instanceof DriverError ? error.code : String(error);
      }
    },
  };
}

describe('a simulated device with faults', () => {
  // What it answers to "on", what it is at once, a minute later, and what it then draws.
  it.each([
    ['drop', 'unreachable', 'off', 'off', 0],
    ['mute', 'unreachable', 'on', 'on', 1500],
    ['refuse', 'refused', 'off', 'off', 0],
    ['lie', 'acknowledged', 'off', 'off', 0],
    ['idle', 'acknowledged', 'on', 'on', 0],
    ['delay', 'acknowledged', 'off', 'on', 1500],
    ['duplicate', 'acknowledged', 'on', 'on', 1500],
    ['revert', 'acknowledged', 'on', 'off', 0],
  ] as const)('that does %s: %s, %s, then %s at %i W', async (kind, answer, atOnce, later, draws) => {
    const { plug, set, state, pass } = await house([{ kind }]);
    expect(await set('on')).toBe(answer);
    expect(await state()).toBe(atOnce);
    pass(60);
    expect(await state()).toBe(later);
    pass(60);
    expect((await plug.readSwitch()).powerW?.value).toBe(draws);
  });

  it('that reboots is silent for a while, and off', async () => {
    const { plug, set, state, pass } = await house([{ kind: 'reboot', times: 1, seconds: 40 }]);
    expect(await set('on')).toBe('unreachable');
    pass(39);
    await expect(plug.readSwitch()).rejects.toThrow('does not answer');
    pass(1);
    expect(await state()).toBe('off');
    expect(await set('on')).toBe('acknowledged');
    expect(await state()).toBe('on');
  });

  it('repeats an old command after a newer one', async () => {
    const { set, state, pass } = await house([{ kind: 'duplicate', asks: 'on', seconds: 30 }]);
    await set('on');
    await set('off');
    expect(await state()).toBe('off');
    pass(30);
    expect(await state()).toBe('on');
  });

  it('fails as often as it is told to, and at the same commands again', async () => {
    const answers = async (faults: SimulatedFault[]) => {
      const { set } = await house(faults);
      const told: string[] = [];
      for (let i = 0; i < 200; i += 1) told.push(await set(i % 2 === 0 ? 'on' : 'off'));
      return told;
    };
    const failed = (told: string[]) => told.filter((answer) => answer !== 'acknowledged').length;
    const some = await answers([{ kind: 'drop', share: 0.25, seed: 7 }]);
    expect(failed(some)).toBeGreaterThan(30);
    expect(failed(some)).toBeLessThan(70);
    expect(await answers([{ kind: 'drop', share: 0.25, seed: 7 }])).toEqual(some);
    const two = await answers([{ kind: 'refuse', asks: 'off', times: 2 }]);
    expect(two.flatMap((answer, i) => (answer === 'refused' ? [i] : []))).toEqual([1, 3]);
  });

  it('does the same with the speeds of a fan', async () => {
    const { fan, speed, pass } = await house([{ kind: 'revert', asks: 'on', seconds: 20 }]);
    await fan.setFanSpeed(4);
    expect(await speed()).toBe(4);
    pass(20);
    expect(await speed()).toBe(0);
  });
});
