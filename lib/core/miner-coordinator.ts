import { availableW, isLive, yieldsTo } from './budget';
import { gate, timeGate } from './gate-run';
import { NONE } from './memory';
import { judgeMinerPending, judgeMinerStart } from './miner-gates';
import { heatGate, judgeMinerRun } from './miner-stops';
import { freshFact } from './run-gates';
import { countSamples, EMERGENCY_SAMPLES } from './sanitise';
import type { Serving } from './serving';
import { type LoadView, reached, type Tick } from './tick';
import type { MinerProfile } from './types';
import { cannotDecide, keepRunning, keepStarting, start, stop, wait } from './verdict';

const DISPLACED_WAIT_MS = 30 * 60_000;
/** A start due within this time keeps its power from lower priorities (control.md §4). */
const RESERVE_MS = 10 * 60_000;

/** Decides every miner, by priority; those that run are booked before those of their level that may start. */
export function coordinateMiners(tick: Tick, serving: Serving): void {
  const { miners } = tick;
  for (let from = 0; from < miners.length; ) {
    const level = miners[from]?.plan.miner?.priorityLevel;
    let to = from;
    while (to < miners.length && miners[to]?.plan.miner?.priorityLevel === level) {
      const load = miners[to];
      if (load !== undefined) serving.bookRunning(load);
      to++;
    }
    for (let i = from; i < to; i++) {
      const load = miners[i];
      if (load?.plan.miner) decideMiner(tick, load, load.plan.miner, serving);
    }
    from = to;
  }
}

function decideMiner(tick: Tick, load: LoadView, miner: MinerProfile, serving: Serving): void {
  const { memory } = load;
  memory.emergencySamples = countSamples(tick, memory.emergencySamples, miner.emergencyStopVoltage);
  const live = isLive(load);
  if (live && emergencyApplies(tick, load)) {
    memory.lockSince = tick.clock;
    stop(
      tick,
      load,
      tick.band === 'CRITICAL' || tick.band === 'SHUTDOWN' ? 'band' : 'emergency-voltage',
      true,
    );
    if (load.run.trace !== null) judgeMinerRun(tick, load, miner, serving.surplusLost);
    return;
  }
  if (!live) {
    decideOff(tick, load, miner, serving);
    return;
  }
  if (tick.config.controlMode === 'paused') stop(tick, load, 'mode', false);
  else if (load.override?.state === 'off') overriddenOff(tick, load);
  else if (!miner.enabled && load.override === null) stop(tick, load, 'enabled', false);
  else if (load.stopping) stop(tick, load, memory.stopGate, memory.stopEmergency);
  else if (load.pending) {
    decidePending(tick, load, miner);
    return;
  } else if (tick.rawV === null) {
    decideBlind(tick, load);
    return;
  } else {
    judgeMinerRun(tick, load, miner, serving.surplusLost);
    if (load.run.first !== null) stop(tick, load, load.run.first, false);
    else if (load.unknown) cannotDecide(load, 'state-known');
    else keepRunning(load);
    return;
  }
  if (load.run.trace !== null) judgeMinerRun(tick, load, miner, serving.surplusLost);
}

/** A start under way: it goes on while what let it start still holds. */
function decidePending(tick: Tick, load: LoadView, miner: MinerProfile): void {
  const ends = judgeMinerPending(tick, load, miner);
  if (ends) stop(tick, load, load.run.first, false);
  else if (tick.rawV !== null) keepStarting(load);
  else if (tick.voltageLost) stop(tick, load, 'voltage-fresh', false);
  else cannotDecide(load, 'voltage-fresh');
}

/** Without a voltage only heat is judged, until the fail-safe time has passed. */
function decideBlind(tick: Tick, load: LoadView): void {
  freshFact(tick, load.run);
  heatGate(tick, load);
  if (load.run.first !== null) stop(tick, load, load.run.first, false);
  else if (tick.voltageLost) stop(tick, load, 'voltage-fresh', false);
  else cannotDecide(load, 'voltage-fresh');
}

/** The first row of control.md §4's stops. */
function emergencyApplies(tick: Tick, load: LoadView): boolean {
  if (tick.rawV === null) return false;
  return (
    tick.band === 'CRITICAL' || tick.band === 'SHUTDOWN' || load.memory.emergencySamples >= EMERGENCY_SAMPLES
  );
}

/** The owner's off holds at once and until it ends. */
export function overriddenOff(tick: Tick, load: LoadView): void {
  stop(tick, load, 'override', false);
  load.verdict = 'OVERRIDDEN';
}

function decideOff(tick: Tick, load: LoadView, miner: MinerProfile, serving: Serving): void {
  serving.place(load);
  judgeMinerStart(tick, load, miner);
  const { run } = load;
  const onlyStarting = run.first === null;
  if (!load.absent && run.onlyTimes && !fits(tick, load, serving))
    makeRoom(tick, load, onlyStarting, serving);

  if (run.first === null) {
    start(tick, load);
    if (load.books) {
      tick.started = load;
      serving.bookStart(load);
    }
    return;
  }
  const soon = run.onlyTimes && run.dueMs <= RESERVE_MS;
  if (soon && load.books) serving.reserve(load);
  else if (run.onlyTimes && !soon) tick.nextMs = Math.min(tick.nextMs, run.dueMs - RESERVE_MS);
  wait(load, verdictOff(tick, load));
}

function verdictOff(
  tick: Tick,
  load: LoadView,
): 'OVERRIDDEN' | 'DISABLED' | 'CANNOT_DECIDE' | 'LOCKED_OUT' | 'WAIT' {
  if (tick.config.controlMode === 'paused') return 'WAIT';
  if (load.override !== null) return 'OVERRIDDEN';
  if (!load.plan.enabled) return 'DISABLED';
  if (tick.rawV === null || load.absent) return 'CANNOT_DECIDE';
  return load.memory.lockSince === NONE ? 'WAIT' : 'LOCKED_OUT';
}

/** Whether it fits beside everything that draws power now, lower priorities included. */
function fits(tick: Tick, load: LoadView, serving: Serving): boolean {
  if (!load.books) return true;
  const left = load.leftW - serving.lowerLiveW(load);
  const available = availableW(tick, load, left, true);
  const carried = load.carriedBeforeW + serving.lowerLiveW(load) + load.drawW;
  return (
    (load.asProbe || (available !== null && available >= load.drawW)) &&
    (tick.plan.inverterLimitW === null || (tick.houseW ?? 0) + carried <= tick.plan.inverterLimitW)
  );
}

/**
 * Lets the fewest, lowest-priority miners give way once nothing else is missing; it then starts when they are
 * observed off. Notes the failing gate.
 */
function makeRoom(tick: Tick, load: LoadView, now: boolean, serving: Serving): void {
  const { run } = load;
  const lower = serving.lowerLiveW(load);
  const available = availableW(tick, load, load.leftW - lower, true) ?? 0;
  const overBudget = load.asProbe ? 0 : load.drawW - available;
  const limit = tick.plan.inverterLimitW;
  const overInverter =
    limit === null ? 0 : (tick.houseW ?? 0) + load.carriedBeforeW + lower + load.drawW - limit;
  let needed = Math.max(overBudget, overInverter);
  for (const other of tick.miners) {
    if (yieldsTo(other, load)) needed -= other.drawW;
  }
  if (needed > 0) {
    if (!now) return;
    const chosen = fewest(candidates(tick, load), needed);
    if (chosen === null) {
      gate(run, 'available', false);
      run.trace?.push({
        name: 'available',
        pass: false,
        value: available,
        limit: load.drawW,
        unit: 'W',
        relation: '≥',
        note: 'what runs now cannot give way',
      });
      return;
    }
    for (const other of chosen) other.displacedBy = load;
  }
  timeGate(run, 'displaced', false, null);
  run.trace?.push({
    name: 'displaced',
    pass: false,
    value: null,
    unit: '',
    note: 'waits until what gives way to it is off',
  });
}

/** Running miners of strictly lower priority that may be stopped for it, lowest priority first. */
function candidates(tick: Tick, load: LoadView): LoadView[] {
  const level = load.plan.miner?.priorityLevel ?? 0;
  const found: LoadView[] = [];
  for (let i = tick.miners.length - 1; i >= 0; i--) {
    const other = tick.miners[i];
    if (other?.plan.miner == null || other.plan.miner.priorityLevel <= level) continue;
    const { displacedSince } = other.memory;
    const rested =
      displacedSince === NONE ||
      displacedSince === tick.clock ||
      reached(tick, displacedSince, DISPLACED_WAIT_MS);
    if (other.on && !other.reserved && other.acts === load.acts && rested) found.push(other);
  }
  return found;
}

/** The smallest number of loads that frees enough, and among those the lowest priorities; null if none does. */
function fewest(loads: readonly LoadView[], neededW: number): readonly LoadView[] | null {
  const largestSum = (rest: readonly LoadView[], count: number): number =>
    rest
      .map((l) => l.drawW)
      .sort((a, b) => b - a)
      .slice(0, count)
      .reduce((sum, w) => sum + w, 0);
  for (let count = 1; count <= loads.length; count++) {
    if (largestSum(loads, count) < neededW) continue;
    const chosen: LoadView[] = [];
    let freed = 0;
    for (let i = 0; i < loads.length && chosen.length < count; i++) {
      const load = loads[i];
      if (load === undefined) break;
      const rest = largestSum(loads.slice(i + 1), count - chosen.length - 1);
      if (freed + load.drawW + rest < neededW) continue;
      chosen.push(load);
      freed += load.drawW;
    }
    return chosen;
  }
  return null;
}
