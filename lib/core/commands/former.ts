import { isCharge } from './load-ids';
import { isOpen, withdraw } from './steps';
import type { Command } from './types';

const FORMER = 'former:';

/** The device key of where a device was reached before: no device that is set up can have it. */
export const formerKey = (id: string): string => `${FORMER}${id}`;

export const isFormerKey = (deviceKey: string): boolean => deviceKey.startsWith(FORMER);

/** Whether, after it, its device may be on by us. */
export function mayHaveLeftOn({ desired, attempts, state, observedAt }: Command): boolean {
  if (desired.state === 'off') return observedAt === null;
  return attempts > 0 && state !== 'reverted' && state !== 'refused';
}

const NOT_SET_UP = 'It is not set up any more.';

/** Whether the newest command of a charger is a block of ours, or a lifting of it that nobody has seen done. */
export function isOwnBlock(newest: Command | null): newest is Command {
  if (newest === null || newest.state === 'reverted') return false;
  return newest.desired.state === 'off' ? newest.attempts > 0 : newest.observedAt === null;
}

/** A command once its device is gone, and it is followed nowhere; a charge block that stays there is told from when. */
export function dropped(command: Command, now: number): Command {
  if (!isLeftBlock(command)) return isOpen(command) ? withdraw(command, now, NOT_SET_UP) : command;
  if (command.error === NOT_SET_UP) return command;
  return { ...command, state: 'superseded', error: NOT_SET_UP, retryAt: null, endedAt: now };
}

/** Since when a charge block of ours stays at a charger that is gone, epoch ms; null = there is none. */
export function leftBlockSince(command: Command): number | null {
  return isLeftBlock(command) && command.error === NOT_SET_UP ? command.endedAt : null;
}

/** A simulated charger is gone whole, and one that refused a block has none. */
function isLeftBlock(command: Command): boolean {
  const { loadId, desired, state, simulated } = command;
  if (simulated || (desired.state === 'off' && state === 'refused')) return false;
  return isCharge(loadId) && isOwnBlock(command);
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
