import { uniform } from '../site-physics/random';
import {
  type Capabilities,
  type Device,
  DriverError,
  type FanControl,
  type Switch,
  type SwitchOptions,
} from '../types';
import type { SimulatedFault } from './schema';

/** How devices fail in the field, for rehearsal: a wrapper, so that the model of the house stays what it is. */
export function withFaults(
  device: Device,
  faults: readonly SimulatedFault[] | undefined,
  now: () => number,
): Device {
  if (!faults || faults.length === 0) return device;
  const { switch: plug, fan } = device.capabilities;
  const capabilities: Capabilities = {
    ...device.capabilities,
    ...(plug && { switch: faultySwitch(plug, { key: device.key, faults, now }) }),
    ...(fan && { fan: faultyFan(fan, { key: device.key, faults, now }) }),
  };
  return { ...device, capabilities };
}

interface Script {
  readonly key: string;
  readonly faults: readonly SimulatedFault[];
  /** Epoch ms. */
  readonly now: () => number;
}

function faultySwitch(plug: Switch, script: Script): Switch {
  let idle = false;
  let options: SwitchOptions | undefined;
  const line = new FaultyLine<'on' | 'off'>(script, {
    rest: 'off',
    read: async () => ((await plug.readSwitch()).state === 'off' ? 'off' : 'on'),
    write: (state) => plug.setSwitch(state, options),
  });
  return {
    ...plug,
    async readSwitch() {
      await line.reach();
      const seen = await plug.readSwitch();
      return idle ? { ...seen, state: 'ramping', powerW: { value: 0, sampleAt: seen.sampleAt } } : seen;
    },
    async setSwitch(state, asked) {
      options = asked;
      const fault = await line.command(state);
      idle = fault === 'idle' && state === 'on';
    },
  };
}

function faultyFan(fan: FanControl, script: Script): FanControl {
  const line = new FaultyLine<number>(script, {
    rest: 0,
    read: async () => (await fan.readFanSpeed()).value,
    write: (step) => fan.setFanSpeed(step),
  });
  return {
    async readFanSpeed() {
      await line.reach();
      return fan.readFanSpeed();
    },
    async setFanSpeed(step) {
      await line.command(step);
    },
  };
}

interface Actuator<State> {
  /** What it is after a reboot. */
  readonly rest: State;
  read(): Promise<State>;
  write(state: State): Promise<void>;
}

/** The way to one actuator. What happens later is caught up with at the next contact. */
class FaultyLine<State extends 'on' | 'off' | number> {
  private readonly later: { readonly at: number; readonly state: State }[] = [];
  private readonly befell: number[] = [];
  private silentUntil = Number.NEGATIVE_INFINITY;
  private commands = 0;

  constructor(
    private readonly script: Script,
    private readonly actuator: Actuator<State>,
  ) {}

  /** Rejects while the device is silent. */
  async reach(): Promise<void> {
    const { key, now } = this.script;
    if (now() < this.silentUntil) throw new DriverError('unreachable', `${key} does not answer.`, true);
    const due = this.later.filter(({ at }) => at <= now()).sort((a, b) => a.at - b.at);
    for (const event of due) {
      this.later.splice(this.later.indexOf(event), 1);
      await this.actuator.write(event.state);
    }
  }

  /** Carries a command out as its fault has it, and tells which that was. */
  async command(state: State): Promise<SimulatedFault['kind'] | null> {
    const { key, now } = this.script;
    await this.reach();
    const fault = this.faultOf(state);
    const { actuator } = this;
    if (fault === null) {
      await actuator.write(state);
      return null;
    }
    const afterwards = now() + 1000 * (fault.seconds ?? 60);
    switch (fault.kind) {
      case 'lie':
        break;
      case 'idle':
        if (isOff(state)) await actuator.write(state);
        break;
      case 'delay':
        this.later.push({ at: afterwards, state });
        break;
      case 'duplicate':
        await actuator.write(state);
        this.later.push({ at: afterwards, state });
        break;
      case 'revert': {
        const before = await actuator.read();
        await actuator.write(state);
        this.later.push({ at: afterwards, state: before });
        break;
      }
      case 'refuse':
        throw new DriverError('refused', `${key} refuses: it is locked.`, false);
      case 'mute':
        await actuator.write(state);
        throw new DriverError('unreachable', `${key} did not answer.`, true);
      case 'drop':
        throw new DriverError('unreachable', `${key} did not answer.`, true);
      case 'reboot':
        await actuator.write(actuator.rest);
        this.silentUntil = afterwards;
        throw new DriverError('unreachable', `${key} did not answer.`, true);
    }
    return fault.kind;
  }

  private faultOf(state: State): SimulatedFault | null {
    const { key, faults } = this.script;
    this.commands += 1;
    const asks = isOff(state) ? 'off' : 'on';
    for (const [i, fault] of faults.entries()) {
      if (fault.asks !== undefined && fault.asks !== asks) continue;
      if ((this.befell[i] ?? 0) >= (fault.times ?? Number.POSITIVE_INFINITY)) continue;
      if (uniform(fault.seed ?? 1, key.length + i, this.commands) >= (fault.share ?? 1)) continue;
      this.befell[i] = (this.befell[i] ?? 0) + 1;
      return fault;
    }
    return null;
  }
}

function isOff(state: 'on' | 'off' | number): boolean {
  return state === 'off' || state === 0;
}
