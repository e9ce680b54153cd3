import { isCharge, isToFan } from '@/lib/core/commands/load-ids';
import type { Failure } from '@/lib/core/commands/steps';
import type { Command } from '@/lib/core/commands/types';
import { type Device, DriverError } from '@/lib/drivers/types';
import { TimedOut } from '../within';

/** Hands a command to its device; resolves when that has acknowledged. */
export async function send(
  { loadId, desired }: Command,
  device: Device,
  autoOffSeconds: number | null,
): Promise<void> {
  const { fan, switch: plug, chargeControl } = device.capabilities;
  if (isCharge(loadId)) {
    if (!chargeControl) throw cannot(device, 'control charging');
    await chargeControl.setChargePermission(desired.state === 'on');
  } else if (isToFan(loadId) && fan) {
    await fan.setFanSpeed(desired.state === 'on' ? (desired.fanSpeed ?? 1) : 0);
  } else {
    if (!plug) throw cannot(device, 'be switched');
    await plug.setSwitch(
      desired.state,
      desired.state === 'on' && autoOffSeconds !== null ? { autoOffSeconds } : undefined,
    );
  }
}

function cannot(device: Device, what: string): DriverError {
  return new DriverError('unsupported', `${device.key} cannot ${what}.`, false);
}

/** What a failed call says: the device's own no, or that nobody knows whether it was heard. */
export function failureOf(error: unknown, deviceKey: string, random: number): Failure {
  if (error instanceof TimedOut) {
    return { state: 'unreachable', error: `${deviceKey} did not answer in time.`, retry: true, random };
  }
  if (!(error instanceof DriverError)) {
    return { state: 'unreachable', error: `${deviceKey} failed while it was switched.`, retry: true, random };
  }
  const { code, message, retry } = error;
  const heard = code === 'refused' || code === 'unsupported' || code === 'auth';
  return { state: heard ? 'refused' : 'unreachable', error: message, retry, random };
}
