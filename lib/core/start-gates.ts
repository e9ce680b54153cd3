import { importBlocks } from './battery-optimizer';
import { availableW, backoffOver, bankNote, probeMayStart } from './budget';
import { gate, isSettled, timeGate } from './gate-run';
import { NONE } from './memory';
import { startsToday } from './observer';
import { type LoadView, reached, remaining, type Tick } from './tick';
import { shortName } from './words';

/** A gap this long in what must be held together does not reset it (control.md §4). */
export const HOLD_GAP_MS = 30_000;
const STARTS_PER_DAY = 12;

/** The gates that miners and heaters share, in the order of control.md §4. Each notes itself in `load.run`. */

/** Kill switch, the owner's off, switched off in the settings. */
export function ownerGates(tick: Tick, load: LoadView): void {
  const { run, plan, override } = load;
  const mode = tick.config.controlMode;
  const running = gate(run, 'mode', mode !== 'paused');
  run.trace?.push({ name: 'mode', pass: running, value: mode, limit: 'paused', unit: '' });
  const allowed = gate(run, 'override', override?.state !== 'off');
  if (override !== null) {
    run.trace?.push({ name: 'override', pass: allowed, value: override.state, unit: '' });
  }
  const enabled = gate(run, 'enabled', plan.enabled || override?.state === 'on');
  run.trace?.push({
    name: 'enabled',
    pass: enabled,
    applies: override?.state !== 'on',
    value: plan.enabled ? 'yes' : 'no',
    unit: '',
  });
}

export function voltageGate(tick: Tick, load: LoadView): void {
  const { run } = load;
  const fresh = gate(run, 'voltage-fresh', tick.rawV !== null && !tick.currentMissing);
  run.trace?.push({
    name: 'voltage-fresh',
    pass: fresh,
    value: Math.round(tick.voltageAgeMs / 1000),
    limit: Math.round(tick.plan.voltageMaxAgeMs / 1000),
    unit: 's',
    relation: '≤',
    ageMs: tick.voltageAgeMs,
    note: tick.currentMissing ? 'sag compensation needs the battery current, which is missing' : undefined,
  });
}

/** Import beyond 100 W forbids starts, unless the owner allows it. */
export function importGate(tick: Tick, load: LoadView): void {
  const { run } = load;
  const pass = gate(run, 'import', !importBlocks(tick));
  run.trace?.push({
    name: 'import',
    pass,
    applies: !tick.config.preferences.gridImportAllowed && tick.gridW !== null,
    value: tick.gridW,
    limit: 100,
    unit: 'W',
    relation: '≤',
    ageMs: tick.snapshot.power.gridW?.ageMs ?? null,
  });
}

/** Why a load has no more power available; nothing where that is enough. */
export function powerNote(tick: Tick, load: LoadView, available: number | null): string | undefined {
  if (available === null) return missingPower(tick);
  if (!load.on && load.plan.ratedW === 0) return 'its draw is not known';
  return available < load.drawW ? bankNote(tick, load) : undefined;
}

/**
 * Available power, with and without what is reserved for loads of higher priority; then the inverter.
 * `asProbe`: hidden surplus stands in for the measured one.
 */
export function powerGates(tick: Tick, load: LoadView, asProbe: boolean): void {
  const { run, drawW, plan } = load;
  const available = availableW(tick, load, load.leftW, true);
  const enough = asProbe || (available !== null && plan.ratedW > 0 && available >= drawW);
  gate(run, 'available', enough);
  run.trace?.push({
    name: 'available',
    pass: enough,
    value: available,
    limit: drawW,
    unit: 'W',
    relation: '≥',
    ageMs: tick.snapshot.power.pvW?.ageMs ?? null,
    note: asProbe ? undefined : powerNote(tick, load, available),
  });
  if (load.unreservedW < load.leftW && !asProbe) {
    const unreserved = availableW(tick, load, load.unreservedW, true) ?? Number.NEGATIVE_INFINITY;
    const free = gate(run, 'reserved-for-higher', !enough || unreserved >= drawW);
    run.trace?.push({
      name: 'reserved-for-higher',
      pass: free,
      value: unreserved,
      limit: drawW,
      unit: 'W',
      relation: '≥',
    });
  }
  const { inverterLimitW } = tick.plan;
  if (inverterLimitW === null) return;
  const wantedW = tick.houseW === null ? null : tick.houseW + load.carriedBeforeW + drawW;
  const carried = gate(run, 'inverter', wantedW !== null && wantedW <= inverterLimitW);
  run.trace?.push({
    name: 'inverter',
    pass: carried,
    value: wantedW,
    limit: inverterLimitW,
    unit: 'W',
    relation: '≤',
    ageMs: tick.snapshot.power.loadW?.ageMs ?? null,
    note: wantedW === null ? 'load power is missing' : undefined,
  });
}

export function missingPower(tick: Tick): string {
  if (tick.pvW === null && tick.loadW === null) return 'PV and load power are missing';
  return tick.pvW === null ? 'PV power is missing' : 'load power is missing';
}

/** All gates before this one must have passed together for its whole time; a gap up to 30 s does not reset it. */
export function holdGate(tick: Tick, load: LoadView, holdMs: number): void {
  const { memory, run } = load;
  if (isSettled(run) && memory.holdSince === NONE) return;
  if (run.first === null) {
    const gapMs = memory.gapSince === NONE ? 0 : tick.clock - memory.gapSince;
    if (memory.holdSince === NONE || gapMs > HOLD_GAP_MS) memory.holdSince = tick.clock;
    else memory.holdSince += gapMs;
    memory.gapSince = NONE;
  } else if (memory.holdSince !== NONE) {
    if (memory.gapSince === NONE) memory.gapSince = tick.clock;
    if (reached(tick, memory.gapSince, HOLD_GAP_MS + 1)) {
      memory.holdSince = NONE;
      memory.gapSince = NONE;
    }
  }
  const counting = memory.holdSince !== NONE && memory.gapSince === NONE;
  const held = counting && reached(tick, memory.holdSince, holdMs);
  const dueMs = counting ? remaining(tick, memory.holdSince, holdMs) : holdMs;
  timeGate(run, 'hold', held, dueMs);
  run.trace?.push({
    name: 'hold',
    pass: held,
    value: Math.round((holdMs - dueMs) / 1000),
    limit: Math.round(holdMs / 1000),
    unit: 's',
    relation: '≥',
  });
}

export function deviceGates(load: LoadView): void {
  const { run } = load;
  const reachable = gate(run, 'reachable', load.reachable && !load.absent);
  run.trace?.push({
    name: 'reachable',
    pass: reachable,
    value: load.absent ? 'no device' : load.reachable ? 'yes' : 'no',
    unit: '',
  });
  const known = gate(run, 'state-known', !load.unknown && !load.absent);
  run.trace?.push({
    name: 'state-known',
    pass: known,
    value: load.observation?.state ?? 'unknown',
    unit: '',
  });
}

/** A device that did not follow its last start is tried again later. */
export function followsGate(tick: Tick, load: LoadView): void {
  const { run, memory } = load;
  if (memory.failedSince === NONE || reached(tick, memory.failedSince, memory.failedMs)) return;
  gate(run, 'reachable', false);
  run.trace?.push({
    name: 'reachable',
    pass: false,
    value: Math.ceil(remaining(tick, memory.failedSince, memory.failedMs) / 1000),
    unit: 's',
    note: 'its device did not follow the last start',
  });
}

/** Rest since it was last on, and starts in 24 hours. */
export function restGates(tick: Tick, load: LoadView): void {
  const { run, memory, plan } = load;
  const offSince = memory.offSince === NONE ? tick.clock : memory.offSince;
  const restedMs = plan.minimumOffMs - remaining(tick, offSince, plan.minimumOffMs);
  const rested = reached(tick, offSince, plan.minimumOffMs);
  timeGate(run, 'minimum-off', rested, plan.minimumOffMs - restedMs);
  run.trace?.push({
    name: 'minimum-off',
    pass: rested,
    value: Math.round(restedMs / 1000),
    limit: Math.round(plan.minimumOffMs / 1000),
    unit: 's',
    relation: '≥',
  });
  const starts = startsToday(tick, load);
  const few = gate(run, 'starts-per-day', starts < STARTS_PER_DAY);
  run.trace?.push({
    name: 'starts-per-day',
    pass: few,
    value: starts,
    limit: STARTS_PER_DAY,
    unit: 'starts',
    relation: '<',
  });
}

/** Why hidden surplus is not tried now although the array is throttled. */
export function probeGate(tick: Tick, load: LoadView, wantsProbe: boolean): void {
  const { run, memory } = load;
  if (!wantsProbe) return;
  const pass = gate(run, 'probe', probeMayStart(tick, load));
  const waits = !backoffOver(tick, load);
  run.trace?.push({
    name: 'probe',
    pass,
    value: waits ? Math.ceil(remaining(tick, memory.backoffSince, memory.backoffMs) / 1000) : null,
    unit: waits ? 's' : '',
    note: waits
      ? 'the last probe took from the battery'
      : tick.probing === null
        ? undefined
        : `${shortName(tick.probing.plan.name)} is probing`,
  });
}

/** One start at a time: nobody ramping, and PV and load sampled since the last one settled. */
export function staggerGate(tick: Tick, load: LoadView): void {
  const { run } = load;
  const other = tick.started ?? tick.ramping;
  const pass = timeGate(run, 'stagger', other === null && tick.sampledSinceSettled, null);
  run.trace?.push({
    name: 'stagger',
    pass,
    value: other?.plan.name ?? null,
    unit: '',
    note: pass
      ? undefined
      : other === null
        ? 'PV and load have not been sampled since the last start settled'
        : `${shortName(other.plan.name)} ${other === tick.started ? 'starts first' : 'has not settled'}`,
  });
}
