import {
  availableW,
  deficitShare,
  importsForIt,
  lessWhatTheBankGives,
  livesBySurplus,
  trackDeficit,
} from './budget';
import { type GateRun, gate } from './gate-run';
import { NONE } from './memory';
import { pastMinimumOn } from './observer';
import { powerNote } from './start-gates';
import { type LoadView, reached, remaining, since, type Tick } from './tick';
import type { GateName } from './types';

/** A limit that started a load must be missed by this share of it to stop it (control.md §4). */
export const RUN_SHARE = 0.9;

/** Rules that keep a load on or stop it, shared by miners and heaters. Each notes itself in `load.run`. */

/** A stop rule that waits for the minimum on-time notes a failing gate only once that has passed. */
export function economicGate(tick: Tick, load: LoadView, name: GateName, stops: boolean): boolean {
  return gate(load.run, name, !(stops && (load.pending || pastMinimumOn(tick, load))));
}

/** Milliseconds that a stop timer still has to run, for "stops in …". */
export function noteDue(load: LoadView, tick: Tick, stamp: number, limitMs: number): void {
  if (stamp === NONE) return;
  const dueMs = remaining(tick, stamp, limitMs);
  if (load.dueMs === null || dueMs < load.dueMs) load.dueMs = dueMs;
}

export function minimumOnFact(tick: Tick, load: LoadView): void {
  const { run, memory, plan } = load;
  if (run.trace === null || memory.onSince === NONE) return;
  const leftMs = remaining(tick, memory.onSince, plan.minimumOnMs);
  run.trace.push({
    name: 'minimum-on',
    pass: leftMs === 0,
    applies: leftMs > 0,
    value: Math.round((plan.minimumOnMs - leftMs) / 1000),
    limit: Math.round(plan.minimumOnMs / 1000),
    unit: 's',
    relation: '≥',
  });
}

/** Deficit as an energy, and power readings that have been missing for too long. */
export function budgetGate(tick: Tick, load: LoadView, hidden: boolean, surplusLost: boolean): void {
  const { memory, run } = load;
  const available = lessWhatTheBankGives(tick, load, availableW(tick, load, load.leftW, false));
  let deficit = false;
  if (hidden) memory.deficit = 0;
  else deficit = trackDeficit(tick, load, available);
  const blind = surplusLost && livesBySurplus(tick, load);
  const pass = economicGate(tick, load, 'available', deficit || blind);
  run.trace?.push({
    name: 'available',
    pass,
    applies: !hidden,
    value: available,
    limit: deficitShare(tick, load) * load.drawW,
    unit: 'W',
    relation: '≥',
    ageMs: tick.snapshot.power.pvW?.ageMs ?? null,
    note:
      hidden && available !== null ? 'the array gives more than it shows' : powerNote(tick, load, available),
  });
}

/** Import that surplus does not cover ends the load after its stop delay. */
export function importStopGate(tick: Tick, load: LoadView): void {
  const { memory, run, plan } = load;
  const imports = importsForIt(tick, load);
  memory.importStopSince = since(tick, memory.importStopSince, imports);
  const over = imports && reached(tick, memory.importStopSince, plan.stopDelayMs);
  if (!over) noteDue(load, tick, memory.importStopSince, plan.stopDelayMs);
  const pass = economicGate(tick, load, 'import', over);
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

/** LOW stops at once; the bands below it have been dealt with before. */
export function lowBandGate(tick: Tick, load: LoadView, excepted: boolean): void {
  const { run } = load;
  const pass = gate(run, 'band', tick.band !== 'LOW' || excepted);
  run.trace?.push({
    name: 'band',
    pass,
    value: tick.band,
    limit: tick.config.preferences.voltageLow,
    unit: 'V',
    ageMs: tick.voltageAgeMs,
  });
}

export function freshFact(tick: Tick, run: GateRun): void {
  run.trace?.push({
    name: 'voltage-fresh',
    pass: tick.rawV !== null,
    value: Math.round(tick.voltageAgeMs / 1000),
    limit: Math.round(tick.plan.failSafeMs / 1000),
    unit: 's',
    relation: '≤',
    ageMs: tick.voltageAgeMs,
  });
}
