import type { ObservedSwitch } from '@/lib/core/commands/follow';
import type { Device } from '@/lib/drivers/types';
import type { LoadLink } from '../links';
import { ageOf, type Poller } from '../poll';
import { type Moment, oldestSwitchMs } from '../snapshot';

const UNKNOWN: ObservedSwitch = { state: 'unknown', fanSpeed: null, sampleAt: null };

interface SeenAt extends Moment {
  readonly poller: Pick<Poller, 'readings'>;
  readonly tickSeconds: number;
}

/** What the last polls say of a load; a reading too old to be believed is unknown. */
export function seenOfLoad({ kind }: LoadLink, device: Device | null, at: SeenAt): ObservedSwitch {
  const readings = device && at.poller.readings(device.key);
  if (!device || !readings) return UNKNOWN;
  const { fanSpeed, switch: plug } = readings;
  if (kind === 'fan' && device.capabilities.fan) {
    if (!fanSpeed || tooOld(fanSpeed, device, at)) return UNKNOWN;
    const { value, sampleAt } = fanSpeed;
    return { state: value > 0 ? 'on' : 'off', fanSpeed: value, sampleAt };
  }
  if (!plug || tooOld(plug, device, at)) return UNKNOWN;
  return { state: plug.state, fanSpeed: null, sampleAt: plug.sampleAt };
}

/** The same of a charger: on where it may charge. */
export function seenOfCharger(device: Device, at: SeenAt): ObservedSwitch {
  const permission = at.poller.readings(device.key)?.chargePermission;
  if (!permission || tooOld(permission, device, at)) return UNKNOWN;
  return { state: permission.permitted ? 'on' : 'off', fanSpeed: null, sampleAt: permission.sampleAt };
}

function tooOld(
  kept: { readonly sampleAt: number; readonly receivedMs: number },
  device: Device,
  at: SeenAt,
): boolean {
  return ageOf(kept, at.now, at.monotonicMs) > oldestSwitchMs(device, at.tickSeconds);
}
