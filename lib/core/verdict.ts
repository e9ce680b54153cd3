import { noteProbeEnd } from './budget';
import { NONE } from './memory';
import { forgetStop, noteStart, noteStop } from './observer';
import type { LoadView, Tick } from './tick';
import type { GateName, Verdict } from './types';

/** Gates whose failing says that a probe took what was not there: from the sun, or out of the bank. */
const BUDGET_GATES: readonly GateName[] = [
  'available',
  'excess',
  'sun',
  'probe',
  'import',
  'band',
  'emergency-voltage',
  'stop-voltage',
];

/** Sets what was decided. Nothing is desired of a load that nothing is sent to. */
function settle(
  load: LoadView,
  verdict: Verdict,
  binding: GateName | null,
  desired: 'on' | 'off' | null,
): void {
  load.verdict = verdict;
  load.binding = binding;
  load.desired = load.acts ? desired : null;
}

export function start(tick: Tick, load: LoadView): void {
  settle(load, load.override?.state === 'on' ? 'OVERRIDDEN' : 'START', null, 'on');
  load.dueMs = null;
  noteStart(tick, load);
}

/**
 * A start sent at an earlier tick that has not been observed yet: the same start, not another one. One sent
 * before a restart is only awaited.
 */
export function keepStarting(load: LoadView): void {
  const desired = load.memory.sentBefore ? null : 'on';
  settle(load, load.override?.state === 'on' ? 'OVERRIDDEN' : 'START', null, desired);
  load.asProbe = load.memory.probe;
}

/** What is on without us is reported, not commanded. */
export function keepRunning(load: LoadView): void {
  const overridden = load.override?.state === 'on';
  forgetStop(load);
  settle(
    load,
    overridden ? 'OVERRIDDEN' : 'KEEP_RUNNING',
    null,
    load.memory.ours || overridden ? 'on' : null,
  );
}

export function stop(tick: Tick, load: LoadView, binding: GateName | null, emergency: boolean): void {
  settle(load, emergency ? 'EMERGENCY_STOP' : 'STOP', binding, 'off');
  // The kill switch itself still sends its offs; everything else that is not automatic sends nothing.
  if (tick.config.controlMode === 'paused' && load.books) load.desired = 'off';
  load.dueMs = null;
  if (load.acts && load.memory.stopSince === NONE) {
    noteProbeEnd(tick, load, binding !== null && BUDGET_GATES.includes(binding));
  }
  noteStop(tick, load, emergency);
}

/** Off and staying off; `dueMs` is when it may start if nothing but time is missing. */
export function wait(load: LoadView, verdict: Verdict): void {
  settle(load, verdict, load.run.first, 'off');
  const { first, onlyTimes, dueUnknown, dueMs } = load.run;
  load.dueMs = first !== null && onlyTimes && !dueUnknown ? dueMs : null;
}

/** Nothing can be said; it stays as it is. */
export function cannotDecide(load: LoadView, binding: GateName): void {
  settle(load, 'CANNOT_DECIDE', binding, null);
}
