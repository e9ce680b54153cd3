import { isOpen, withdraw } from './steps';
import type { Command } from './types';

const FORMER = 'former:';

/** The device key of where a device was reached before: no device that is set up can have it. */
export const formerKey = (id: string): string => `${FORMER}${id}`;

export const isFormerKey = (deviceKey: string): boolean => deviceKey.startsWith(FORMER);

/** The load of the off that a device is sent because nobody switches it any more. */
export const leftId = (deviceKey: string, isFan: boolean): string =>
  `left:${isFan ? 'fan:' : ''}${deviceKey}`;

/** Whether, after it, its device may be on by us. */
export function mayHaveLeftOn({ desired, attempts, state, observedAt }: Command): boolean {
  if (desired.state === 'off') return observedAt === null;
  return attempts > 0 && state !== 'reverted' && state !== 'refused';
}

/** A command once what it was sent to has another key: over, and judged no more by what is seen of its load. */
export function moveTo(deviceKey: string, command: Command, now: number): Command {
  const reason = isFormerKey(deviceKey)
    ? 'Its device was removed, or is reached another way.'
    : 'Its device is set up again.';
  const over = isOpen(command) ? withdraw(command, now, reason) : command;
  const stood = over.desired.state === 'on' && (over.state === 'observed' || over.state === 'ramping');
  return { ...over, deviceKey, ...(stood && { state: 'superseded', error: reason }) };
}
