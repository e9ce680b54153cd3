import type { AlertCondition } from '../types';
import { DAY_MS } from '../units';
import { leftBlockSince } from './former';
import { isCharge } from './load-ids';
import { isFailing, isOpen, WENT_OFF_UNRENEWED } from './steps';
import type { Command } from './types';

/** So long a switch by somebody else is worth an alert, unless a newer command has ended it, ms. */
const REVERTED_FOR_MS = 60 * 60_000;

/** What the newest command of a load has to tell the owner; null = nothing. */
export function commandAlert(command: Command, now: number): AlertCondition | null {
  const { loadId, loadName, desired, error, attempts } = command;
  // A new attempt keeps the error of the last one until it has succeeded.
  if (isOpen(command) && error !== null && (isFailing(command) || attempts > 1)) {
    return {
      key: `command:${loadId}`,
      severity: desired.state === 'off' ? 'critical' : 'warning',
      text: `${loadName} could not be ${doneTo(command)}: ${withStop(error)} It is tried again.`,
    };
  }
  const ended = command.endedAt;
  if (command.state !== 'reverted' || ended === null || error === WENT_OFF_UNRENEWED) return null;
  if (now < ended || now - ended >= REVERTED_FOR_MS) return null;
  return {
    key: `reverted:${loadId}`,
    severity: 'warning',
    text: `${loadName} was ${doneTo(command)} and did not stay so. ${withStop(error ?? '')}`,
  };
}

/** So long a charge block is told of at a charger that is gone, ms. */
const LEFT_BLOCK_FOR_MS = DAY_MS;

/** What the newest command to a charger that is gone has to tell; null = nothing. */
export function leftBlockAlert(command: Command, now: number): AlertCondition | null {
  const since = leftBlockSince(command);
  if (since === null || now < since || now - since >= LEFT_BLOCK_FOR_MS) return null;
  return {
    key: `removed:${command.loadId}`,
    severity: 'critical',
    text: `${command.loadName} was blocked by CommandCenter when its device was removed, and may still be blocked there. Permit it on the device itself once the battery may be charged (LiFePO4 not below 0 °C), or bring the device back.`,
  };
}

/** A device that was written to as often as a day allows. */
export function budgetAlert(deviceKey: string, writesPerDay: number): AlertCondition {
  return {
    key: `write-budget:${deviceKey}`,
    severity: 'warning',
    text: `${deviceKey} was written to ${writesPerDay} times in 24 hours, which is its limit: it is switched on or changed again when the oldest are a day old. Switching off for protection is never refused.`,
  };
}

function doneTo({ loadId, desired }: Command): string {
  if (isCharge(loadId)) return desired.state === 'on' ? 'permitted' : 'blocked';
  if (desired.fanSpeed !== undefined) return `set to speed ${desired.fanSpeed}`;
  return `switched ${desired.state}`;
}

function withStop(sentence: string): string {
  return sentence === '' || /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
