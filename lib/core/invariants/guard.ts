import type { Allowed, Decided } from '../commands/types';
import { decide as kernelDecide } from '../decide';
import { fanLoadId } from '../loads';
import type { AlertCondition, ChargePermission, DecideInput, DecideResult, Decision } from '../types';
import { believedTemperature } from './believe';
import { INVARIANTS, type MonitorHistory, newMonitorHistory, type Violation, violationsAt } from './monitor';

/**
 * The run-time monitor of control.md §8 and §10: judges every decided tick before anything of it reaches a device.
 * After a violation nothing starts at that tick, and what must not go on running is switched off.
 */

/** Raised whenever a stored mark changes its meaning; an older history is then begun afresh. */
const SCHEMA_VERSION = 1;
/** An alert stays for this long after the last violation: a kernel that broke a rule once may do so again. */
const ALERT_MS = 24 * 60 * 60_000;
/** The kernel is asked the same twice (I16, and §1's repeated tick) at every tenth tick: it costs two more decisions. */
const ASKED_TWICE_EVERY = 10;

/** What is wrong is that something runs; after every other violation it is enough that nothing starts. */
const ENDS_RUNS: ReadonlySet<string> = new Set(['I1', 'I4', 'I6', 'I12', 'I13']);
/** Too little was switched on: nothing is to be held back. */
const LIVENESS = 'I14';
const CHARGE_BLOCK = 'I5';

/** Plain data, stored beside the kernel's memory. */
export interface GuardState {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly history: MonitorHistory;
  ticks: number;
  /** By invariant: what it said last, and when (epoch ms). */
  readonly raised: Record<string, { text: string; at: number }>;
  /** Loads whose "on" was taken back. A start until the kernel withdraws it, a run until it is seen off as well. */
  readonly held: Record<string, 'start' | 'run'>;
}

export function newGuardState(): GuardState {
  return { schemaVersion: SCHEMA_VERSION, history: newMonitorHistory(), ticks: 0, raised: {}, held: {} };
}

/** Goes on from what was stored; another version or shape gives a fresh one. */
export function restoreGuardState(stored: unknown): GuardState {
  if (!isRecord(stored) || stored.schemaVersion !== SCHEMA_VERSION || !isRecord(stored.history)) {
    return newGuardState();
  }
  const { history, raised, held } = stored;
  const whole = [history.watch, history.marks, raised, held].every(isRecord);
  // Written by this very module under this very version.
  return whole ? (stored as unknown as GuardState) : newGuardState();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What of a decided tick may be carried out; brings `state` up to date. `decide` is the kernel that decided. */
export function guardTick(
  state: GuardState,
  decided: Decided,
  decide: (input: DecideInput) => DecideResult = kernelDecide,
): Allowed {
  const { input, result } = decided;
  const violations = judge(state, decided, decide);
  const unsafe = violations.filter(({ invariant }) => invariant !== LIVENESS);
  releaseHeld(state, decided);
  if (unsafe.length > 0) hold(state, decided, unsafe);
  for (const violation of violations) {
    state.raised[violation.invariant] = { text: alertText(violation, result), at: input.snapshot.now };
  }
  return {
    decisions:
      unsafe.length === 0 && Object.keys(state.held).length === 0
        ? result.decisions
        : result.decisions.map((decision) => safe(decision, { state, decided, unsafe: unsafe.length > 0 })),
    chargePermission: unsafe.some(({ invariant }) => invariant === CHARGE_BLOCK)
      ? blocked(result.chargePermission)
      : result.chargePermission,
    alerts: alertsOf(state, input.snapshot.now),
  };
}

function judge(
  state: GuardState,
  { input, result, restarted }: Decided,
  decide: (input: DecideInput) => DecideResult,
): readonly Violation[] {
  const twice = state.ticks % ASKED_TWICE_EVERY === 0;
  state.ticks += 1;
  return violationsAt(state.history, {
    snapshot: input.snapshot,
    config: input.config,
    result,
    restarted,
    again: twice ? decide(input) : null,
    repeated: twice ? decide({ ...input, memory: result.memory }) : null,
  });
}

function observed({ input }: Decided, loadId: string): 'off' | 'unknown' | 'on' {
  const state = input.snapshot.loads[loadId]?.state ?? 'off';
  return state === 'ramping' ? 'on' : state;
}

function releaseHeld(state: GuardState, decided: Decided): void {
  const desired = new Map(decided.result.decisions.map((decision) => [decision.loadId, decision.desired]));
  for (const [loadId, what] of Object.entries(state.held)) {
    const seen = observed(decided, loadId);
    if (what === 'run' && seen !== 'off') continue;
    if (what === 'start' && seen === 'on') delete state.held[loadId];
    else if (desired.get(loadId) === 'on') state.held[loadId] = 'start';
    else delete state.held[loadId];
  }
}

function hold(state: GuardState, decided: Decided, violations: readonly Violation[]): void {
  const ending = violations.filter(({ invariant }) => ENDS_RUNS.has(invariant));
  for (const { loadId, kind, desired } of decided.result.decisions) {
    if (kind === 'fan') continue;
    const seen = observed(decided, loadId);
    const named = ending.some(({ text }) => text.includes(loadId));
    if (named && seen !== 'off') state.held[loadId] = 'run';
    else if (desired === 'on' && seen !== 'on') state.held[loadId] = 'start';
  }
}

/** The decision with its on taken back, or the fan that a room needs while nobody can be sure of the rest. */
function safe(
  decision: Decision,
  { state, decided, unsafe }: { state: GuardState; decided: Decided; unsafe: boolean },
): Decision {
  const { config, snapshot } = decided.input;
  const mayAct = config.controlMode !== 'advisory' && snapshot.loads[decision.loadId]?.controllable !== false;
  if (decision.kind === 'fan') {
    const speed =
      unsafe && mayAct && config.controlMode === 'automatic' ? neededSpeed(decision, decided) : null;
    return speed === null
      ? safeFan(decision, mayAct, unsafe)
      : { ...decision, desired: 'on', fanSpeed: speed };
  }
  if (state.held[decision.loadId] === undefined) return decision;
  return { ...decision, desired: mayAct ? 'off' : null };
}

/** A fan does no harm: of its ons only those go that nothing may be sent for. */
function safeFan(decision: Decision, mayAct: boolean, unsafe: boolean): Decision {
  return unsafe && !mayAct && decision.desired === 'on' ? { ...decision, desired: null } : decision;
}

/** Full speed where a zone is too hot or its temperature unknown, unless the fan was told to be off. */
function neededSpeed({ loadId, desired }: Decision, { input }: Decided): number | null {
  const zone = input.config.zones.find(({ id }) => fanLoadId(id) === loadId);
  if (!zone?.enabled || !zone.exhaustFanEnabled || desired === 'off') return null;
  const reading = input.snapshot.zones[zone.id]?.temperatureC ?? null;
  const temperatureC = believedTemperature(reading, input.config);
  const hot = temperatureC === null || (zone.tempTooHot !== null && temperatureC >= zone.tempTooHot);
  return hot ? zone.exhaustFanMaxSpeed : null;
}

function blocked(permission: ChargePermission): ChargePermission {
  return {
    ...permission,
    permitted: false,
    reason: permission.reason ?? 'a temperature is below its charge limit',
  };
}

function alertText({ invariant, text }: Violation, { decisions }: DecideResult): string {
  const rule = INVARIANTS.find(({ name }) => name === invariant)?.sentence ?? '';
  let named = text;
  for (const { loadId, name } of decisions) named = named.replaceAll(loadId, name);
  const done =
    invariant === LIVENESS
      ? 'Nothing was held back.'
      : ENDS_RUNS.has(invariant)
        ? 'What it names is kept off, and nothing was started.'
        : invariant === CHARGE_BLOCK
          ? 'Charging counts as not permitted, and nothing was started.'
          : 'Nothing was started.';
  return `A decision broke the safety rule ${invariant} (${rule}): ${named}. ${done} This is a fault of the program: please report it.`;
}

function alertsOf(state: GuardState, now: number): AlertCondition[] {
  const alerts: AlertCondition[] = [];
  for (const [invariant, { text, at }] of Object.entries(state.raised)) {
    if (Math.abs(now - at) >= ALERT_MS) delete state.raised[invariant];
    else alerts.push({ key: `invariant:${invariant}`, severity: 'critical', text });
  }
  return alerts;
}
