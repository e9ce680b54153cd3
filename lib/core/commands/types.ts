import type { AlertCondition, ChargePermission, DecideInput, DecideResult, Decision } from '../types';

/**
 * The steps of a command and its other ends (control.md §10).
 * intended: decided and stored, not sent · sent: handed to the device, which has not answered · acknowledged: the
 * device said yes · ramping: it is on and not yet at its draw · observed: the effect was seen · refused: the device said
 * no · unreachable: it did not answer · not_followed: it said yes and did nothing · reverted: observed, then somebody else
 * switched · superseded: replaced or withdrawn before its effect was seen, or its device is gone.
 * refused, unreachable and not_followed are tried again, with back-off, until `endedAt` is set.
 */
export const COMMAND_STATES = [
  'intended',
  'sent',
  'acknowledged',
  'ramping',
  'observed',
  'refused',
  'unreachable',
  'not_followed',
  'reverted',
  'superseded',
] as const;
export type CommandState = (typeof COMMAND_STATES)[number];

/** What the owner may say of a charge block that stays after automatic control: leave it, or lift it once it is warm. */
export const CHARGE_BLOCK_ANSWERS = ['keep', 'lift'] as const;
export type ChargeBlockAnswer = (typeof CHARGE_BLOCK_ANSWERS)[number];

/** What a switch, a fan or a charger is to be. A charger is on where charging is permitted. */
export interface Desired {
  readonly state: 'on' | 'off';
  /** Fans that are on: speed step ≥ 1. */
  readonly fanSpeed?: number;
}

/** One command in the ledger. Instants are epoch ms of the wall clock; null = that step has not been. */
export interface Command {
  readonly id: string;
  /** `miner:…`, `heater:…`, `fan:…`, or `charge:<device key>` for the charge permission. */
  readonly loadId: string;
  readonly loadName: string;
  readonly deviceKey: string;
  readonly desired: Desired;
  readonly state: CommandState;
  /** Times it was sent. */
  readonly attempts: number;
  readonly intendedAt: number;
  /** The newest attempt. */
  readonly sentAt: number | null;
  readonly acknowledgedAt: number | null;
  /** Its effect was first seen. */
  readonly observedAt: number | null;
  /** When it is tried again; null = nothing is waited for but the effect. */
  readonly retryAt: number | null;
  /** It is over; null = the ledger still follows it. */
  readonly endedAt: number | null;
  /** Why the last attempt or the command failed, for the owner. */
  readonly error: string | null;
  /** Who asked: the kernel's verdict and gate, or the owner. */
  readonly cause: string;
  readonly simulated: boolean;
}

/** A decided tick before anything of it is sent. */
export interface Decided {
  readonly input: DecideInput;
  readonly result: DecideResult;
  /** The kernel continued from a stored memory: the time since the last tick was downtime. */
  readonly restarted: boolean;
}

/** What of it may become commands. `desired: null` leaves a load as it is. */
export interface Allowed {
  readonly decisions: readonly Decision[];
  readonly chargePermission: ChargePermission;
  /** Raised with the tick's own. */
  readonly alerts: readonly AlertCondition[];
}

/**
 * Stands between decision and ledger: the run-time monitor of control.md §8. It may take ons and charge permits out,
 * never an off or a block.
 */
export type Allow = (decided: Decided) => Allowed;

/** Lets everything pass. */
export const allowAll: Allow = ({ result }) => ({
  decisions: result.decisions,
  chargePermission: result.chargePermission,
  alerts: [],
});
