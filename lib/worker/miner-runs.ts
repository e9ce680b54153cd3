import { minerLoadId } from '@/lib/core/loads';
import type { Snapshot } from '@/lib/core/types';
import type { SiteConfig } from './config';
import { type LastSeen, LONGEST_GAP_MS, type Silence } from './state-watch';
import type { MinerRun } from './store';

const HOUR_MS = 3_600_000;

/** A run that goes on. Its hours are those it was watched: the clock may leap, and a worker may be away. */
interface Run {
  readonly startedAt: number;
  watchedMs: number;
  /** When it was last looked at, epoch ms. */
  lookedAt: number;
  /** Epoch ms; null: it goes on. */
  stoppedAt: number | null;
  /** False: of what an earlier worker watched, nothing is counted yet. */
  isSettled: boolean;
}

/** Notices when miners are seen to start and to stop, whoever switched them. */
export class MinerRuns {
  private readonly running = new Map<string, Run>();
  private readonly seen = new Set<string>();

  private silences: readonly Silence[] | null;

  /** `last`: loads as an earlier worker saw them last. */
  constructor(private readonly last: LastSeen | null) {
    this.silences = last === null ? [] : last.silences;
  }

  /** Until when, epoch ms, it has to be told of silences before a run that an earlier worker saw can end; null: it has been. */
  get silentUntil(): number | null {
    return this.silences === null ? (this.last?.at ?? null) : null;
  }

  tellSilences(silences: readonly Silence[]): void {
    this.silences = silences;
    for (const run of this.running.values()) this.settle(run);
  }

  /** A modelled miner has starts and stops, but earns no hours. */
  observe(snapshot: Snapshot, config: SiteConfig, isSimulated: (deviceKey: string) => boolean): MinerRun[] {
    const { now } = snapshot;
    const runs: MinerRun[] = [];
    for (const { id, deviceIdentifier } of config.kernel.miners) {
      const load = snapshot.loads[minerLoadId(id)];
      const run = this.running.get(id);
      if (run?.stoppedAt === null) watch(run, now);
      if (load && load.state !== 'unknown') {
        const firstSight = !this.seen.has(id);
        this.seen.add(id);
        if (load.state === 'off') {
          if (run) run.stoppedAt ??= Math.max(run.startedAt, load.sinceMs ?? now);
        } else if (run === undefined) {
          const before = firstSight ? config.runningSince[id] : undefined;
          const startedAt = before ?? load.sinceMs ?? now;
          this.running.set(id, before === undefined ? newRun(startedAt, now) : this.goOn(id, before, now));
          if (before === undefined) runs.push({ minerId: id, startedAt, stoppedAt: null, ranHours: 0 });
        }
      }
      if (run?.isSettled && run.stoppedAt !== null) {
        this.running.delete(id);
        const counts = deviceIdentifier !== null && !isSimulated(deviceIdentifier);
        const ranHours = counts ? run.watchedMs / HOUR_MS : 0;
        runs.push({ minerId: id, startedAt: null, stoppedAt: run.stoppedAt, ranHours });
      }
    }
    return runs;
  }

  /** A run that an earlier worker watched for as long as it saw it. */
  private goOn(minerId: string, startedAt: number, now: number): Run {
    const state = this.last?.loads[minerLoadId(minerId)]?.state;
    const { last } = this;
    if (last === null || last.at > now || state === undefined || state === 'off')
      return newRun(startedAt, now);
    const run: Run = { startedAt, watchedMs: 0, lookedAt: last.at, stoppedAt: null, isSettled: false };
    this.settle(run);
    watch(run, now);
    return run;
  }

  private settle(run: Run): void {
    if (run.isSettled || this.silences === null || this.last === null) return;
    const heldMs = Math.max(0, this.last.at - run.startedAt);
    run.watchedMs += Math.max(0, heldMs - unwatchedMs(this.silences, run.startedAt));
    run.isSettled = true;
  }
}

/** What silences since then take from a run that was looked at before and after each of them. */
function unwatchedMs(silences: readonly Silence[], startedAt: number): number {
  let unwatched = 0;
  for (const { from, to } of silences)
    unwatched += Math.max(0, to - Math.max(from, startedAt) - LONGEST_GAP_MS);
  return unwatched;
}

function newRun(startedAt: number, now: number): Run {
  const run: Run = { startedAt, watchedMs: 0, lookedAt: startedAt, stoppedAt: null, isSettled: true };
  watch(run, now);
  return run;
}

function watch(run: Run, now: number): void {
  run.watchedMs += Math.min(Math.max(now - run.lookedAt, 0), LONGEST_GAP_MS);
  run.lookedAt = now;
}
