import { resultOf } from '../decide';
import { newMonitorHistory, violationsAt } from '../invariants/monitor';
import { Session } from '../session';
import type { Tick } from '../tick';
import type { KernelConfig, Memory, Snapshot } from '../types';
import { Tally } from './tally';
import type { ReplayReport } from './types';

/** A tick as it was recorded. */
export interface RecordedTick {
  readonly snapshot: Snapshot;
  /** The same object while the settings are the same. */
  readonly config: KernelConfig;
  /** The memory it began with, where that does not follow from the tick before; else null. */
  readonly memory: Memory | null;
}

interface ExactOptions {
  readonly invariants?: boolean;
  /** Sees every tick once it is decided; what it gets is good until it returns. */
  readonly each?: (tick: Tick) => void;
}

/**
 * Decides recorded ticks again, from the observations as they were: the same settings give the same verdicts, bit for
 * bit. Throws RangeError where the first tick carries no memory. Null when there is no tick.
 */
export function replayExact(
  ticks: readonly RecordedTick[],
  { invariants = false, each }: ExactOptions = {},
): ReplayReport | null {
  const first = ticks[0];
  const last = ticks.at(-1);
  if (first === undefined || last === undefined) return null;
  if (first.memory === null) throw new RangeError('the first recorded tick carries no memory to begin with');
  const to = last.snapshot.now + last.snapshot.tickSeconds * 1000;
  const tally = new Tally(last.config, { from: first.snapshot.now, to });
  const violations: Record<string, number> | null = invariants ? {} : null;
  const monitor = newMonitorHistory();
  let session = new Session(first.config, first.memory);
  let config = first.config;
  for (const [i, recorded] of ticks.entries()) {
    const { snapshot } = recorded;
    if (i > 0 && (recorded.memory !== null || recorded.config !== config)) {
      session = new Session(recorded.config, recorded.memory ?? session.memory);
    }
    config = recorded.config;
    const tick = session.advance(snapshot);
    tally.add(tick, recordedSpanMs(snapshot, ticks[i + 1]?.snapshot));
    each?.(tick);
    if (violations === null) continue;
    const previous = ticks[i - 1]?.snapshot;
    // A stored memory that goes on from the tick before is a copy for replays; any other one was restored.
    const restarted =
      previous !== undefined && recorded.memory !== null && recorded.memory.now !== previous.now;
    const result = resultOf(tick);
    const record = { snapshot, config, result, restarted, again: null, repeated: null };
    for (const { invariant } of violationsAt(monitor, record)) {
      violations[invariant] = (violations[invariant] ?? 0) + 1;
    }
  }
  return tally.report(violations);
}

function recordedSpanMs({ now, tickSeconds }: Snapshot, next: Snapshot | undefined): number {
  const toNext = next === undefined ? Number.POSITIVE_INFINITY : next.now - now;
  return toNext > 0 && toNext <= 3000 * tickSeconds ? toNext : 1000 * tickSeconds;
}
