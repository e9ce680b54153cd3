import type { Gate, GateName } from './types';

/** The result of evaluating the gates of one load: enough to decide by; the full list only when asked for. */
export interface GateRun {
  /** First failing gate. */
  first: GateName | null;
  /** Every failing gate is a time that ends by itself. */
  onlyTimes: boolean;
  /** When the last of those times ends whose end is known, ms from now. */
  dueMs: number;
  /** One of those times ends soon, but nobody knows when. */
  dueUnknown: boolean;
  /** Set when the load is being explained. */
  trace: GateFact[] | null;
}

/** A gate before it is put into words. */
export type GateFact = Omit<Gate, 'text' | 'applies' | 'ageMs' | 'unit' | 'limit'> &
  Partial<Pick<Gate, 'applies' | 'ageMs' | 'unit' | 'limit'>> & {
    /** How value and limit compare when nothing but them decides. */
    readonly relation?: '≥' | '>' | '≤' | '<';
    /** What is left of the time that must pass before it acts on its numbers, ms. */
    readonly leftMs?: number;
    /** Words that the numbers do not carry, e.g. which load it waits for. */
    readonly note?: string;
  };

export function newGateRun(traced: boolean): GateRun {
  return { first: null, onlyTimes: true, dueMs: 0, dueUnknown: false, trace: traced ? [] : null };
}

/** Forgets the last tick's gates. */
export function beginGateRun(run: GateRun): void {
  run.first = null;
  run.onlyTimes = true;
  run.dueMs = 0;
  run.dueUnknown = false;
  if (run.trace !== null) run.trace = [];
}

/**
 * Nothing that is still to be judged can change what is decided: a gate has failed that no time alone opens, and nobody
 * asks for the others. What is skipped then must not remember anything.
 */
export function isSettled(run: GateRun): boolean {
  return !run.onlyTimes && run.trace === null;
}

/** Notes a gate that no time alone opens; returns `pass`. */
export function gate(run: GateRun, name: GateName, pass: boolean): boolean {
  if (!pass) {
    if (run.first === null) run.first = name;
    run.onlyTimes = false;
  }
  return pass;
}

/** Notes a gate that opens by itself `dueMs` from now (null: soon, nobody knows when); returns `pass`. */
export function timeGate(run: GateRun, name: GateName, pass: boolean, dueMs: number | null): boolean {
  if (!pass) {
    if (run.first === null) run.first = name;
    if (dueMs === null) run.dueUnknown = true;
    else if (dueMs > run.dueMs) run.dueMs = dueMs;
  }
  return pass;
}
