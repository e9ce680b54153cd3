import type { Command, CommandState, Desired } from './types';

/** Before the second attempt, and at most between two (devices.md §0, rule 6), ms. */
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = { on: 5 * 60_000, off: 60_000 } as const;

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

/**
 * Back-off with jitter: `random` is 0…1, the result 5 s growing to at most 5 min, ms. An off waits a minute at most, for
 * its device may be back, and on.
 */
export function retryDelayMs(
  { attempts, desired }: Pick<Command, 'attempts' | 'desired'>,
  random: number,
): number {
  const longest = LONGEST_RETRY_MS[desired.state];
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
  const delayMs = retry ? retryDelayMs(command, random) : LONGEST_RETRY_MS[command.desired.state];
  return { ...command, state, error, retryAt: now + delayMs };
}

export function markNotFollowed(command: Command, now: number, random: number): Command {
  const done = command.desired.state === 'on' ? 'on' : 'off';
  return {
    ...command,
    state: 'not_followed',
    error: `It acknowledged and did not go ${done}.`,
    retryAt: now + retryDelayMs(command, random),
  };
}

/** Ends what is not wanted any more. What it had come to stays told. */
export function withdraw(command: Command, now: number, reason: string): Command {
  if (isFailing(command) || command.state === 'ramping') return { ...command, retryAt: null, endedAt: now };
  return { ...command, state: 'superseded', error: reason, retryAt: null, endedAt: now };
}

export function markReverted(command: Command, now: number, reason: string): Command {
  return { ...command, state: 'reverted', error: reason, endedAt: now };
}
