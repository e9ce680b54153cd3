import { type Elapsed, effectOf, follow, type ObservedSwitch, revertedBy, SEEN_WITHIN_MS } from './follow';
import {
  isFailing,
  isOpen,
  isUncertain,
  markReverted,
  sameDesired,
  WENT_OFF_UNRENEWED,
  withdraw,
} from './steps';
import type { Command, Desired } from './types';

/** What the decision says to the ledger about one load. */
export type Wanted =
  /** It is to be so. */
  | { readonly kind: 'set'; readonly desired: Desired; readonly cause: string }
  /** It may run on: an off under way is withdrawn. */
  | { readonly kind: 'leave' }
  /** Nothing: an off under way goes on, an on waits. */
  | { readonly kind: 'silent' };

/**
 * What may be sent. all · hold: no ons for now · off: no ons, those under way are withdrawn · none: nothing, and what
 * was not sent is withdrawn.
 */
export type Permission = 'all' | 'hold' | 'off' | 'none';

/** Whether the dead-man timers of what is on by us are renewed: only while the site is under automatic control. */
export const renewsTimers = (permission: Permission): boolean =>
  permission === 'all' || permission === 'hold';

export interface LoadToCommand {
  readonly loadId: string;
  readonly loadName: string;
  readonly deviceKey: string;
  readonly simulated: boolean;
  /** Cools: it is started whatever is held back. */
  readonly isFan: boolean;
  readonly wanted: Wanted;
  readonly permission: Permission;
  /** Why less than all is permitted, for the record. */
  readonly heldBecause: string;
  readonly seen: ObservedSwitch;
  /** A call to its device is under way. */
  readonly busy: boolean;
  /** Its device was written to as often as a day allows. */
  readonly budgetSpent: boolean;
  /** The time its device's dead-man timer is set to, s; null = it has none. */
  readonly autoOffSeconds: number | null;
  /** Since that timer was last set, ms. */
  readonly sinceTimerSetMs: number;
}

export interface LoadPlan {
  /** Commands that are new or have changed, in the order in which they are to be stored. */
  readonly changed: readonly Command[];
  /** To be sent now. */
  readonly due: Command | null;
  /** It would be sent but for the device's write budget. */
  readonly outOfBudget: boolean;
}

interface PlanTime {
  readonly now: number;
  /** Of the newest command. */
  readonly elapsed: Elapsed;
  readonly random: number;
  readonly newId: () => string;
}

/** After somebody else undid it, an on is repeated no sooner than this, so that two controllers do not fight, ms. */
const REVERT_PAUSE_MS = 60_000;
/** An off that was sent before a restart and not answered is sent again after this, ms. */
const RESEND_OFF_MS = 5_000;

/**
 * The next step of one load's command: `last` is its newest, open or over. A new command is made where the wanted
 * state is not the observed one; at most one is open at a time. Pure.
 */
export function planLoad(load: LoadToCommand, last: Command | null, time: PlanTime): LoadPlan {
  const next = last && standing(last, load, time);
  let changed = next === null || next === last ? NOTHING : [next];
  let current = next;
  // What has just come about began now.
  const elapsed = next === last ? time.elapsed : { ...time.elapsed, sinceStepMs: 0, retryDue: false };
  const mayIntend = current === null || !isOpen(current);
  if (
    mayIntend &&
    load.wanted.kind === 'set' &&
    needs(load, load.wanted.desired, current, elapsed.sinceStepMs)
  ) {
    current = intend(load, load.wanted, time);
    changed = [...changed, current];
  }
  const ready = current !== null && isOpen(current) && !load.busy && isDue(current, load, elapsed);
  const outOfBudget = ready && load.budgetSpent && current !== null && !isProtective(load, current);
  return { changed, due: ready && !outOfBudget ? current : null, outOfBudget };
}

const NOTHING: readonly Command[] = [];

/** What has become of the newest command. An on whose timer nobody renews goes off as it should. */
function standing(last: Command, load: LoadToCommand, time: PlanTime): Command {
  const next = followUp(last, load, time);
  const isNews = next !== last && next.state === 'reverted' && load.seen.state === 'off';
  return isNews && mayHaveRunOut(load) ? { ...next, error: WENT_OFF_UNRENEWED } : next;
}

function mayHaveRunOut({ autoOffSeconds, permission, sinceTimerSetMs }: LoadToCommand): boolean {
  if (autoOffSeconds === null) return false;
  return !renewsTimers(permission) || sinceTimerSetMs >= autoOffSeconds * 1000;
}

/** By what is seen, by time, and by what is wanted now. */
function followUp(last: Command, load: LoadToCommand, { now, elapsed, random }: PlanTime): Command {
  if (!isOpen(last)) {
    const undone = last.deviceKey === load.deviceKey ? revertedBy(last, load.seen) : null;
    return undone === null ? last : markReverted(last, now, undone);
  }
  const followed = load.busy ? last : follow(last, load.seen, { ...elapsed, now, random });
  if (!isOpen(followed)) return followed;
  const reason = withdrawal(followed, load, elapsed);
  return reason === null ? followed : withdraw(followed, now, reason);
}

/** A new command, of which nothing has been done yet. */
export function intend(
  load: Pick<LoadToCommand, 'loadId' | 'loadName' | 'deviceKey' | 'simulated'>,
  wanted: Wanted & { kind: 'set' },
  { now, newId }: Pick<PlanTime, 'now' | 'newId'>,
): Command {
  return {
    id: newId(),
    loadId: load.loadId,
    loadName: load.loadName,
    deviceKey: load.deviceKey,
    desired: wanted.desired,
    state: 'intended',
    attempts: 0,
    intendedAt: now,
    sentAt: null,
    acknowledgedAt: null,
    observedAt: null,
    retryAt: null,
    endedAt: null,
    error: null,
    cause: wanted.cause,
    simulated: load.simulated,
  };
}

/** Why a command under way is not followed any further; null = it is. */
function withdrawal(command: Command, load: LoadToCommand, { sinceSentMs }: Elapsed): string | null {
  const { wanted, permission } = load;
  if (command.deviceKey !== load.deviceKey) return 'Another device switches it now.';
  const idle =
    command.attempts === 0 ||
    isFailing(command) ||
    (command.state !== 'ramping' && sinceSentMs >= SEEN_WITHIN_MS[command.desired.state]);
  if (permission === 'none' && idle) return load.heldBecause;
  if (permission === 'off' && command.desired.state === 'on' && idle) return load.heldBecause;
  if (wanted.kind === 'set' && !sameDesired(wanted.desired, command.desired)) {
    return `Replaced: ${wanted.cause}.`;
  }
  if (wanted.kind === 'leave' && command.desired.state === 'off') return 'The rules let it run on.';
  const there = effectOf(command.desired, load.seen) !== 'none';
  if (command.desired.state === 'on' && command.attempts === 0 && there)
    return 'It was on before it was sent.';
  return null;
}

/** Whether a new command is called for. An unknown state is told off, and told on only where it cools. */
function needs(load: LoadToCommand, desired: Desired, last: Command | null, sinceStepMs: number): boolean {
  const { seen, permission } = load;
  if (permission === 'none') return false;
  if (desired.state === 'off') {
    return seen.state !== 'off' || (last !== null && last.desired.state === 'on' && isUncertain(last));
  }
  if (!mayTurnOn(load) || effectOf(desired, seen) !== 'none') return false;
  const undone = last?.state === 'reverted' && sameDesired(last.desired, desired);
  if (undone && sinceStepMs < REVERT_PAUSE_MS) return false;
  return load.isFan || seen.state === 'off';
}

function mayTurnOn({ permission, isFan }: LoadToCommand): boolean {
  return permission === 'all' || (permission === 'hold' && isFan);
}

function isDue(command: Command, load: LoadToCommand, elapsed: Elapsed): boolean {
  if (command.desired.state === 'off') {
    if (load.permission === 'none') return false;
    if (command.state === 'sent') return elapsed.sinceSentMs >= RESEND_OFF_MS;
  } else {
    const { wanted, seen } = load;
    if (!mayTurnOn(load) || wanted.kind !== 'set') return false;
    // Whether a first attempt took effect is judged by what is seen, before there is a second.
    if (command.attempts > 0 && !load.isFan && seen.state !== 'off') return false;
    if (command.state === 'sent') return elapsed.sinceSentMs >= SEEN_WITHIN_MS.on;
  }
  if (command.state === 'intended') return true;
  return isFailing(command) && elapsed.retryDue;
}

/** Never refused for want of budget: an off, a block of charging, a fan that stands. */
function isProtective({ isFan, seen }: LoadToCommand, { desired }: Command): boolean {
  return desired.state === 'off' || (isFan && seen.state !== 'on');
}
