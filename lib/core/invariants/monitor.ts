import type { Invariant, Marks } from './invariant';
import { I14 } from './liveness';
import { I4, I8, I10, I13 } from './power';
import { I1, I2, I5, I6, I9, I12 } from './safety';
import { I3, I7, I11, I15, I16, REPEATED } from './switching';
import { newWatchHistory, type TickRecord, type WatchHistory, watch } from './watch';

/** The invariants of control.md §8, and that a repeated tick changes nothing. */
export const INVARIANTS: readonly Invariant[] = [
  I1,
  I2,
  I3,
  I4,
  I5,
  I6,
  I7,
  I8,
  I9,
  I10,
  I11,
  I12,
  I13,
  I14,
  I15,
  I16,
  REPEATED,
];

/** What is kept between ticks: plain data, so that it may be stored. */
export interface MonitorHistory {
  readonly watch: WatchHistory;
  readonly marks: Record<string, Marks>;
}

export interface Violation {
  /** `I1` … `I16`. */
  readonly invariant: string;
  readonly text: string;
}

export function newMonitorHistory(): MonitorHistory {
  return { watch: newWatchHistory(), marks: {} };
}

/** Judges one tick after the other, in their order; brings `history` up to date. Every violation at this tick. */
export function violationsAt(history: MonitorHistory, record: TickRecord): readonly Violation[] {
  const tick = watch(history.watch, record);
  let found: Violation[] | null = null;
  for (const invariant of INVARIANTS) {
    let marks = history.marks[invariant.name];
    if (marks === undefined) {
      marks = {};
      history.marks[invariant.name] = marks;
    }
    const text = invariant.check(tick, marks);
    if (text === null) continue;
    if (found === null) found = [{ invariant: invariant.name, text }];
    else found.push({ invariant: invariant.name, text });
  }
  return found ?? NONE_FOUND;
}

const NONE_FOUND: readonly Violation[] = [];
