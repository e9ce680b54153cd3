import { DriverError, type Switch } from '../types';
import type { GxClient } from './client';
import type { GxPath } from './wire';

/** `Settings/Relay/Function`: only "manual" lets anyone but the GX device itself switch the relay. */
const FUNCTION_NAMES = [
  'alarm',
  'generator start/stop',
  'manual',
  'tank pump',
  'temperature',
  'genset helper',
];
const MANUAL = 2;

/**
 * One relay of the GX device as a switch, numbered as in its menu (1 or 2).
 * `setSwitch` rejects with `refused` when the relay's function is not manual or the relay does not follow in time.
 */
export function createRelay(client: GxClient, number: 1 | 2, writeMs: number): Switch {
  const state: GxPath = { service: 'system', instance: 0, path: `Relay/${number - 1}/State` };
  const purpose: GxPath = {
    service: 'settings',
    instance: 0,
    path: number === 1 ? 'Settings/Relay/Function' : 'Settings/Relay/1/Function',
  };
  const known = ({ service, instance, path }: GxPath) => client.values.value(service, instance, path);
  const ready = async () => {
    await client.firstAnswer;
    const failure = client.failure();
    if (failure) throw failure;
  };
  let queue: Promise<unknown> = Promise.resolve();

  const checkPurpose = async () => {
    // Settings are not reliably announced when they change: ask each time.
    const answer = client.waitFor(purpose, (value) => value !== null, writeMs);
    client.request(purpose);
    const found = await answer;
    if (found === MANUAL) return;
    const name = typeof found === 'number' ? (FUNCTION_NAMES[found] ?? `number ${found}`) : 'not known';
    throw new DriverError(
      'refused',
      `The function of relay ${number} is ${name} on the GX device, which would undo any switching. Set it to manual there (Settings, Relay).`,
      false,
    );
  };

  const set = async (wanted: 0 | 1) => {
    await ready();
    await checkPurpose();
    if (known(state) === wanted) return;
    const seen = client.waitFor(state, (value) => value === wanted, writeMs);
    client.write(state, wanted);
    if ((await seen) !== null) return;
    throw (
      client.failure() ??
      new DriverError(
        'refused',
        `Relay ${number} of the GX device was asked to ${wanted === 1 ? 'close' : 'open'} and did not within ${writeMs / 1000} s.`,
        true,
      )
    );
  };

  return {
    async readSwitch() {
      await ready();
      const value = known(state);
      const sampleAt = client.values.sampleAt(state.service, state.instance, state.path);
      if (sampleAt === null) {
        throw new DriverError('unsupported', `The GX device has no relay ${number}.`, false);
      }
      return {
        state: value === 1 ? 'on' : value === 0 ? 'off' : 'unknown',
        sampleAt,
        powerW: null,
        insideMeasuredLoad: true,
      };
    },
    setSwitch(wanted) {
      // One at a time: two writes in flight could not be told apart by their echo.
      const turn = queue.then(() => set(wanted === 'on' ? 1 : 0));
      queue = turn.catch(() => {});
      return turn;
    },
  };
}
