import { type Device, type DriverContext, DriverError } from '@/lib/drivers/types';

export interface PlugConnection {
  readonly url: string;
  readonly ratedW: number;
  /** It has a dead-man timer. */
  readonly timed: boolean;
  /** Milliseconds of the worker's clock in one of the plugs'. */
  readonly hurry: number;
}

/** A busy machine's ticks are long beside a clock that hurries. */
const TIMER_SLACK = 5;

/** The driver of a plug of plugs.ts. */
export function openPlug(key: string, connection: PlugConnection, context: DriverContext): Device {
  const { url, ratedW, timed, hurry } = connection;
  const ask = async (path: string, body?: object): Promise<{ on: boolean }> => {
    try {
      const response = await fetch(`${url}${path}`, {
        method: body ? 'POST' : 'GET',
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(2000),
      });
      return (await response.json()) as { on: boolean };
    } catch (cause) {
      throw new DriverError('unreachable', `${key} does not answer.`, true, { cause });
    }
  };
  const autoOffMs = (seconds: number | undefined) =>
    timed && seconds !== undefined ? { autoOffMs: (TIMER_SLACK * 1000 * seconds) / hurry } : {};
  return {
    key,
    capabilities: {
      switch: {
        async readSwitch() {
          const sampleAt = Math.round(context.now());
          const { on } = await ask('');
          return {
            state: on ? 'on' : 'off',
            sampleAt,
            powerW: { value: on ? ratedW : 0, sampleAt },
            insideMeasuredLoad: false,
          };
        },
        async setSwitch(state, options = {}) {
          await ask('', { on: state === 'on', ...autoOffMs(options.autoOffSeconds) });
        },
        ...(timed && {
          renewAutoOff: async (seconds: number) => void (await ask('/renew', autoOffMs(seconds))),
        }),
      },
    },
    simulated: false,
    simulatedRoles: [],
    pollSeconds: 5,
    saveState: () => null,
    close: async () => {},
  };
}
