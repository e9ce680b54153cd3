import type { Command, CommandState, Desired } from './types';

/** Before the second attempt, and at most between two (devices.md §0, rule 6), ms. */
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 5 * 60_000;
/** The same for an off that its device did not take: it may be back any moment, and on. */
const LONGEST_OFF_RETRY_MS = 60_000;

/** States that are tried again until the command is withdrawn. */
const FAILING: readonly CommandState[] = ['refused', 'unreachable', 'not_followed'];

export function isOpen({ endedAt }: Command): boolean {
  return endedAt === null;
}

export function isFailing({ state }: Command): boolean {
  return FAILING.includes(state);
}

/** Sent, and nobody saw what became of it: its effect may still come. */
export function isUncertain(command: Command): boolean {
  return command.attempts > 0 && command.observedAt === null && command.state !== 'refused';
}

export function sameDesired(a: Desired, b: Desired): boolean {
  return a.state === b.state && (a.fanSpeed ?? null) === (b.fanSpeed ?? null);
}

/** A device that takes an off and does nothing is worn by every repeat, so that one has no hurry. */
function longestRetryMs({ desired, state }: Pick<Command, 'desired' | 'state'>): number {
  return desired.state === 'off' && state !== 'not_followed' ? LONGEST_OFF_RETRY_MS : LONGEST_RETRY_MS;
}

/** Back-off with jitter: `random` is 0…1, the result 5 s growing to at most 5 min, for most offs 1 min, ms. */
export function retryDelayMs(
  command: Pick<Command, 'attempts' | 'desired' | 'state'>,
  random: number,
): number {
  const { attempts } = command;
  const longest = longestRetryMs(command);
  const steady = Math.min(longest, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 10));
  return Math.round(Math.min(longest, steady * (0.8 + 0.4 * random)));
}

export function markSent(command: Command, now: number): Command {
  return {
    ...command,
    state: 'sent',
    attempts: command.attempts + 1,
    sentAt: now,
    acknowledgedAt: null,
    retryAt: null,
  };
}

export function markAcknowledged(command: Command, now: number): Command {
  return { ...command, state: 'acknowledged', acknowledgedAt: now };
}

export interface Failure {
  readonly state: 'refused' | 'unreachable';
  /** In the driver's words; names no secret. */
  readonly error: string;
  /** False: the device will say no again, so there is no hurry. */
  readonly retry: boolean;
  readonly random: number;
}

export function markFailed(command: Command, now: number, failure: Failure): Command {
  const { state, error, retry, random } = failure;
  const failed = { ...command, state, error };
  return { ...failed, retryAt: now + (retry ? retryDelayMs(failed, random) : longestRetryMs(failed)) };
}

export function markNotFollowed(command: Command, now: number, random: number): Command {
  const done = command.desired.state === 'on' ? 'on' : 'off';
  const failed = {
    ...command,
    state: 'not_followed' as const,
    error: `It acknowledged and did not go ${done}.`,
  };
  return { ...failed, retryAt: now + retryDelayMs(failed, random) };
}

/** Ends what is not wanted any more. What it had come to stays told. */
export function withdraw(command: Command, now: number, reason: string): Command {
  if (isFailing(command) || command.state === 'ramping') return { ...command, retryAt: null, endedAt: now };
  return { ...command, state: 'superseded', error: reason, retryAt: null, endedAt: now };
}

/** Why an on ended that nobody kept on; nothing to warn of. */
export const WENT_OFF_UNRENEWED =
  'It went off while its timer was not renewed: the timer ran out, or somebody switched it off.';

export function markReverted(command: Command, now: number, reason: string): Command {
  return { ...command, state: 'reverted', error: reason, endedAt: now };
}
