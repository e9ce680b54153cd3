export interface LoopOptions {
  readonly intervalMs: number;
  /** Runs one tick; the next one never begins before it has settled. */
  readonly tick: () => Promise<void>;
  /** A clock that only moves forward, ms: the schedule must survive a changed wall clock. */
  readonly monotonicMs: () => number;
  /** Resolves after `ms`, or at once when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
  /** Ticks that were due while another ran; they are left out, not queued. */
  readonly onSkipped?: (count: number) => void;
}

/** Ticks at a steady pace until aborted; resolves when the last tick has ended. */
export async function runLoop(options: LoopOptions): Promise<void> {
  const { intervalMs, monotonicMs, signal } = options;
  let due = monotonicMs();
  while (!signal.aborted) {
    try {
      await options.tick();
    } catch (error) {
      options.onError(error);
    }
    due += intervalMs;
    const late = monotonicMs() - due;
    if (late >= 0) {
      const skipped = Math.floor(late / intervalMs) + 1;
      due += skipped * intervalMs;
      options.onSkipped?.(skipped);
    }
    if (!signal.aborted) await options.sleep(due - monotonicMs(), signal);
  }
}
