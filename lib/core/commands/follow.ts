import type { LoadState } from '../types';
import { isOpen, markNotFollowed, markReverted } from './steps';
import type { Command, Desired } from './types';

/** What is seen of a load or a charger at this tick. */
export interface ObservedSwitch {
  /** A charger is on where charging is permitted. */
  readonly state: LoadState;
  /** Speed step, where it is a fan whose speed can be read. */
  readonly fanSpeed: number | null;
  /** When that was sampled, epoch ms; null = never. */
  readonly sampleAt: number | null;
}

/** How long ago the steps of a command were, by a clock that only moves forward, ms. */
export interface Elapsed {
  readonly sinceSentMs: number;
  /** Since its state last changed. */
  readonly sinceStepMs: number;
  readonly retryDue: boolean;
}

/** How long a device that said yes may take to be seen following, ms. A miner wakes slowly. */
export const SEEN_WITHIN_MS: Readonly<Record<Desired['state'], number>> = { on: 120_000, off: 30_000 };
/** A sample stamped by another clock than ours counts as taken after the command once so much has passed, ms. */
const STAMP_SLACK_MS = 30_000;
/** Ramping ends here as not reached (control.md §4), ms. */
const RAMP_LIMIT_MS = 10 * 60_000;

/** How much of what was asked for is there. */
export function effectOf(desired: Desired, seen: ObservedSwitch): 'none' | 'ramping' | 'full' {
  if (desired.state === 'off') return seen.state === 'off' ? 'full' : 'none';
  if (desired.fanSpeed !== undefined && seen.fanSpeed !== null) {
    return seen.fanSpeed === desired.fanSpeed ? 'full' : 'none';
  }
  if (seen.state === 'on') return 'full';
  return seen.state === 'ramping' ? 'ramping' : 'none';
}

/** What observation and time make of a command; the same object where that is nothing new. */
export function follow(
  command: Command,
  seen: ObservedSwitch,
  at: Elapsed & { readonly now: number; readonly random: number },
): Command {
  if (!isOpen(command) || command.attempts === 0) return command;
  const { now } = at;
  const effect = effectOf(command.desired, seen);
  if (isFresh(command, seen, at)) {
    if (effect === 'full') {
      const observedAt = command.observedAt ?? now;
      return { ...command, state: 'observed', observedAt, retryAt: null, endedAt: now, error: null };
    }
    if (effect === 'ramping') return ramp(command, at);
    if (command.state === 'ramping' && seen.state === 'off') {
      return markReverted(command, now, 'It went off again before it had reached its draw.');
    }
  }
  const waitMs = SEEN_WITHIN_MS[command.desired.state];
  if (command.state === 'acknowledged' && at.sinceStepMs >= waitMs) {
    return markNotFollowed(command, now, at.random);
  }
  return command;
}

function ramp(command: Command, at: Elapsed & { readonly now: number }): Command {
  if (command.state !== 'ramping') {
    return { ...command, state: 'ramping', observedAt: at.now, retryAt: null, error: null };
  }
  if (at.sinceStepMs < RAMP_LIMIT_MS) return command;
  return { ...command, endedAt: at.now, error: 'It is on and has not reached its draw.' };
}

function isFresh(command: Command, seen: ObservedSwitch, { sinceSentMs }: Elapsed): boolean {
  if (seen.sampleAt === null || seen.state === 'unknown') return false;
  return seen.sampleAt >= (command.sentAt ?? 0) || sinceSentMs >= STAMP_SLACK_MS;
}

/** A command that had been observed and no longer holds, though nothing of ours changed it; null while it holds. */
export function revertedBy(command: Command, seen: ObservedSwitch): string | null {
  const stood = command.state === 'observed' || command.state === 'ramping';
  if (!stood || isOpen(command) || seen.state === 'unknown') return null;
  if (effectOf(command.desired, seen) !== 'none') return null;
  if (command.desired.state === 'off') return 'Somebody else switched it on.';
  if (seen.state !== 'off') return `Somebody else set it to speed ${seen.fanSpeed}.`;
  return 'It went off by itself, or somebody else switched it off.';
}
