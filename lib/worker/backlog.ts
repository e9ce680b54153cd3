import type { TickHistory } from './store';

/** One day of ticks at the default pace. */
const DEFAULT_LIMIT = 8640;

/** History that could not be written yet, oldest first; when it is full the oldest goes. */
export class Backlog {
  private ticks: TickHistory[] = [];
  private lost = 0;

  constructor(private readonly limit = DEFAULT_LIMIT) {}

  get size(): number {
    return this.ticks.length;
  }

  /** How many ticks were let go for want of room. */
  get dropped(): number {
    return this.lost;
  }

  /** First and last moment kept; null when empty. */
  get span(): { readonly from: Date; readonly to: Date } | null {
    const first = this.ticks[0];
    const last = this.ticks.at(-1);
    return first && last ? { from: first.telemetry.ts, to: last.telemetry.ts } : null;
  }

  add({ telemetry, decisions, minerRuns, evidence }: TickHistory): void {
    this.ticks.push({ telemetry, decisions, minerRuns, evidence });
    while (this.ticks.length > this.limit) {
      const gone = this.ticks.shift();
      this.lost += 1;
      // What was decided outlives the readings of that moment.
      const heir = this.ticks[0];
      if (!gone || !heir || (gone.decisions.length === 0 && gone.minerRuns.length === 0)) continue;
      this.ticks[0] = {
        ...heir,
        decisions: [...gone.decisions, ...heir.decisions],
        minerRuns: [...gone.minerRuns, ...heir.minerRuns],
      };
    }
  }

  /** Writes it in portions; what was written is forgotten, even when a later portion fails. */
  async flush(write: (portion: readonly TickHistory[]) => Promise<void>): Promise<void> {
    while (this.ticks.length > 0) {
      const portion = this.ticks.slice(0, 200);
      await write(portion);
      this.ticks.splice(0, portion.length);
    }
    this.lost = 0;
  }

  clear(): void {
    this.ticks = [];
    this.lost = 0;
  }
}
