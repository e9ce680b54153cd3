import { type LoadMemory, NONE } from './memory';
import { young } from './sanitise';
import { type LoadView, lookAgain, reached, since, type Tick } from './tick';
import type { GateName } from './types';
import { DAY_MS } from './units';

/** A miner is ramping until it draws this share of its rating, or of what it learned. */
const SETTLED_SHARE = 0.9;
const RAMP_LIMIT_MS = 10 * 60_000;
/** Full draw of a miner that nobody meters, counted from switching on (typical 30–120 s). */
const UNMETERED_MINER_RAMP_MS = 120_000;
/** A draw below this share of the rating is a failed start, nothing to learn from. */
const LEARNABLE_SHARE = 0.2;
/** A stop that is not followed within this time is judged anew. */
const STOP_PENDING_MS = 10 * 60_000;
/** After a start that was not followed: half an hour, doubling, as after a probe that failed. */
const FAILED_WAIT_MS = 30 * 60_000;
const FAILED_WAIT_LIMIT_MS = 4 * 60 * 60_000;
/** What an override on stands above: stops by these are taken back. */
const OWNER_REPLACES: readonly GateName[] = [
  'override',
  'enabled',
  'mode',
  'schedule',
  'runtime',
  'sun',
  'excess',
];

/** Brings a load's memory up to what is observed now: on and off times, runtime, ramp, pending commands. */
export function observe(tick: Tick, load: LoadView): void {
  const { memory, observation, plan } = load;
  if (observation === null && !plan.hasDevice) {
    load.absent = true;
    return;
  }
  const state = observation?.state ?? 'unknown';
  const wasOn = memory.state === 'on' || memory.state === 'ramping';
  load.on = state === 'on' || state === 'ramping';
  load.unknown = state === 'unknown';
  load.reachable = observation?.reachable ?? false;

  if (tick.newDay) beginDay(tick, load);
  if (load.on || load.unknown) {
    if (memory.onSince === NONE) beginRun(tick, load);
    else if (load.on && memory.pendingSince !== NONE) {
      memory.ours = true;
      memory.holdSince = NONE;
      endPending(memory);
    }
    memory.offSince = NONE;
    if (load.on && wasOn) memory.runtimeMs += tick.dt;
  } else {
    if (memory.offSince === NONE) endRun(tick, load);
    if (memory.pendingSince !== NONE && memory.stopSince !== NONE && memory.stopSince < tick.clock) {
      // What ended a start that was never observed ended what it had held.
      endPending(memory);
      memory.holdSince = NONE;
    }
    // A clock that was set back stands still, and the start of the tick before is under way all the same.
    if (memory.pendingSince !== NONE && (memory.pendingSince < tick.clock || !tick.repeated)) {
      if (reached(tick, memory.pendingSince, RAMP_LIMIT_MS)) {
        noteNotStarted(tick, memory);
      } else load.pending = true;
    }
  }
  memory.state = state;

  measure(tick, load);
  if (load.on) ramp(tick, load);
  if (memory.stopSince !== NONE) followStop(tick, load);
}

function endPending(memory: LoadMemory): void {
  memory.pendingSince = NONE;
  memory.sentBefore = false;
}

/** A device that does not follow is left alone, longer each time, so that it does not delay the others. */
function noteNotStarted(tick: Tick, memory: LoadMemory): void {
  endPending(memory);
  memory.notStarted = true;
  memory.failedMs = Math.min(Math.max(FAILED_WAIT_MS, 2 * memory.failedMs), FAILED_WAIT_LIMIT_MS);
  memory.failedSince = tick.clock;
  memory.holdSince = NONE;
  memory.probe = false;
}

/** A stop stays until it is observed. After ten minutes the rules judge anew what is still on. */
function followStop(tick: Tick, load: LoadView): void {
  const { memory } = load;
  const fresh = memory.stopSince === tick.clock;
  const expired = !fresh && reached(tick, memory.stopSince, STOP_PENDING_MS);
  const live = load.on || load.unknown;
  if (ownerTakesBack(load) || (expired && !live)) forgetStop(load);
  else load.stopping = !fresh && !expired;
}

/** The owner's on takes back a stop by what it replaces; protection outlives it (control.md §6). */
function ownerTakesBack(load: LoadView): boolean {
  const { stopGate, stopEmergency } = load.memory;
  if (load.override?.state !== 'on' || stopEmergency) return false;
  return stopGate !== null && OWNER_REPLACES.includes(stopGate);
}

export function forgetStop(load: LoadView): void {
  load.memory.stopSince = NONE;
  load.memory.stopGate = null;
  load.memory.stopEmergency = false;
}

/** First sight of it on (or unknown). */
function beginRun(tick: Tick, load: LoadView): void {
  const { memory } = load;
  memory.onSince = tick.clock;
  memory.ours = load.on && memory.pendingSince !== NONE;
  if (load.on) {
    endPending(memory);
    memory.failedMs = 0;
    memory.failedSince = NONE;
  }
  if (!memory.ours) {
    memory.probe = false;
    memory.probeSince = NONE;
    memory.provenSince = NONE;
  }
  if (memory.pendingSince === NONE) memory.holdSince = NONE;
  memory.gapSince = NONE;
  memory.notStarted = false;
  memory.notReached = false;
  memory.settledSince = NONE;
  memory.settledAt = NONE;
  memory.deficit = 0;
}

/** First sight of it off. */
function endRun(tick: Tick, load: LoadView): void {
  const { memory } = load;
  memory.offSince = tick.clock;
  memory.onSince = NONE;
  memory.ours = false;
  // A start that led through "unknown" to off has been on, or has failed; after a restart it was not seen yet.
  if (!memory.sentBefore) {
    memory.pendingSince = NONE;
    memory.holdSince = NONE;
  }
  memory.settledSince = NONE;
  memory.settledAt = NONE;
  memory.notReached = false;
  forgetStop(load);
  memory.heatSince = NONE;
  memory.stopVoltageSince = NONE;
  memory.excessSince = NONE;
  memory.importStopSince = NONE;
  memory.drainSince = NONE;
  memory.deficit = 0;
  memory.probe = false;
  memory.probeSince = NONE;
  memory.provenSince = NONE;
}

function beginDay(tick: Tick, load: LoadView): void {
  const { memory, plan } = load;
  const limitHours = plan.miner?.maximumRuntimeHours ?? null;
  // A start that the new day releases holds its full time (control.md §4).
  if (limitHours !== null && memory.runtimeMs >= limitHours * 60 * 60_000) memory.holdSince = NONE;
  memory.runtimeMs = 0;
  memory.backoffMs = 0;
  memory.backoffSince = NONE;
  memory.failedMs = 0;
  memory.failedSince = NONE;
  lookAgain(tick);
}

function measure(tick: Tick, load: LoadView): void {
  const measuredW =
    load.observation === null ? null : young(load.observation.powerW, tick.plan.otherMaxAgeMs);
  const { ratedW } = load.plan;
  const isKnown = measuredW !== null && measuredW >= 0;
  load.measuredW = isKnown ? measuredW : null;
  load.drawW = load.on && isKnown && measuredW > ratedW ? measuredW : ratedW;
}

/** Follows a load from switching on to its full draw. */
function ramp(tick: Tick, load: LoadView): void {
  const { memory, plan, observation, measuredW } = load;
  if (memory.settledSince !== NONE || plan.kind === 'fan') return;
  const settled =
    measuredW === null
      ? observation?.state === 'on' &&
        (plan.kind === 'heater' || reached(tick, memory.onSince, UNMETERED_MINER_RAMP_MS))
      : measuredW >= SETTLED_SHARE * (memory.learnedW === NONE ? plan.ratedW : memory.learnedW);
  const timedOut = !settled && reached(tick, memory.onSince, RAMP_LIMIT_MS);
  if (!settled && !timedOut) {
    load.ramping = true;
    return;
  }
  memory.settledSince = tick.clock;
  memory.settledAt = tick.now;
  if (tick.now > tick.memory.settledAt) tick.memory.settledAt = tick.now;
  if (measuredW === null) {
    memory.notReached = timedOut;
    return;
  }
  if (measuredW >= SETTLED_SHARE * plan.ratedW) memory.learnedW = NONE;
  else if (timedOut) {
    memory.notReached = true;
    memory.learnedW = measuredW >= LEARNABLE_SHARE * plan.ratedW ? measuredW : NONE;
  }
}

/** Watts of this load that the measured site load contains for certain (control.md §3). */
export function addedBackW(tick: Tick, load: LoadView): number {
  if (!load.on || load.observation?.insideMeasuredLoad !== true) return 0;
  if (load.measuredW !== null) return load.measuredW;
  const { settledAt } = load.memory;
  const sampleAt = tick.snapshot.power.loadW?.sampleAt ?? NONE;
  return settledAt !== NONE && settledAt <= sampleAt ? load.plan.ratedW : 0;
}

/** Starts of the last 24 hours, this tick's own aside. */
export function startsToday(tick: Tick, load: LoadView): number {
  const { starts } = load.memory;
  let count = 0;
  for (let i = 0; i < starts.length; i++) {
    const stamp = starts[i] ?? NONE;
    if (stamp < tick.clock && !reached(tick, stamp, DAY_MS)) count++;
  }
  return count;
}

/** Books a start: counted once, however often its tick is repeated. */
export function noteStart(tick: Tick, load: LoadView): void {
  const { memory } = load;
  if (!load.acts || memory.pendingSince === tick.clock) return;
  memory.pendingSince = tick.clock;
  memory.sentBefore = false;
  memory.notStarted = false;
  forgetStop(load);
  memory.probe = load.asProbe;
  memory.probeSince = load.asProbe ? tick.clock : NONE;
  memory.provenSince = NONE;
  memory.starts = [...memory.starts.filter((stamp) => !reached(tick, stamp, DAY_MS)), tick.clock];
  lookAgain(tick);
}

/** Remembers a stop that was sent, until the load is observed off. */
export function noteStop(tick: Tick, load: LoadView, emergency: boolean): void {
  const { memory } = load;
  // Paused, nothing else is sent; but the kill switch ends what is under way.
  if (!load.acts && !(tick.config.controlMode === 'paused' && load.pending)) return;
  if (memory.stopSince !== NONE) {
    if (emergency && !memory.stopEmergency) {
      memory.stopEmergency = true;
      memory.stopGate = load.binding;
    }
    return;
  }
  memory.stopSince = tick.clock;
  memory.stopGate = load.binding;
  memory.stopEmergency = emergency;
  lookAgain(tick);
}

/** How long it has been on, for the minimum on-time; true where that does not bind. */
export function pastMinimumOn(tick: Tick, load: LoadView): boolean {
  const { onSince } = load.memory;
  return onSince === NONE || reached(tick, onSince, load.plan.minimumOnMs);
}

/** Import is a state: over 100 W for 30 s. A meter that fell silent keeps it for half an hour. */
export function assessImport(tick: Tick): void {
  const { memory, gridW } = tick;
  memory.gridMissingSince = since(tick, memory.gridMissingSince, gridW === null);
  if (gridW !== null) memory.importSince = since(tick, memory.importSince, gridW > IMPORT_W);
  else if (memory.importSince !== NONE && reached(tick, memory.gridMissingSince, GRID_MISSING_MS)) {
    memory.importSince = NONE;
  }
  tick.importing = memory.importSince !== NONE && reached(tick, memory.importSince, IMPORT_MS);
}

const IMPORT_W = 100;
const IMPORT_MS = 30_000;
const GRID_MISSING_MS = 30 * 60_000;
