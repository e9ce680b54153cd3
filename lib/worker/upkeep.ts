import type { Connection } from '@/db/client';
import { forgetRemovedDevices } from '@/lib/devices/mutations';
import { believedNow } from '@/lib/retention/believed-now';
import { getRetention, readRecordedDays } from '@/lib/retention/queries';
import { prune } from '@/lib/telemetry/prune';
import { rollUpPortion } from '@/lib/telemetry/rollup';
import type { SiteConfig } from './config';
import { DatabaseLine, messageOf } from './database-line';
import type { MinerRuns } from './miner-runs';
import { readSilences } from './store';
import type { TickLog } from './tick';

interface UpkeepOptions {
  readonly ownerId: string;
  readonly connect: () => Connection;
  /** Of the worker, which cannot wait for what has to be read. */
  readonly unsettledRuns: () => MinerRuns | null;
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly databaseTimeoutMs: number;
  readonly log: TickLog;
}

const ROLL_UP_EVERY_MS = 60_000;
const PRUNE_EVERY_MS = 3_600_000;
/** The charge tail of a full bank, as a share of its capacity (control.md §3). */
const TAIL_C = 0.05;

/** History kept in order, and read at length, beside the ticks: rolled up every minute, pruned every hour. No tick waits for it. */
export class Upkeep {
  private readonly line: DatabaseLine;
  private running: Promise<void> | null = null;
  private rolledMs = Number.NEGATIVE_INFINITY;
  private prunedMs = Number.NEGATIVE_INFINITY;
  private failing = false;
  private isStopped = false;

  constructor(private readonly options: UpkeepOptions) {
    this.line = new DatabaseLine({ connect: options.connect, timeoutMs: options.databaseTimeoutMs });
  }

  /** For the leader, after a tick that was stored. */
  afterTick(config: SiteConfig): void {
    if (this.running || this.options.monotonicMs() - this.rolledMs < ROLL_UP_EVERY_MS) return;
    this.rolledMs = this.options.monotonicMs();
    this.running = this.run(config).finally(() => {
      this.running = null;
    });
  }

  /** Cuts off what is under way: the next leader begins that portion again. */
  async stop(): Promise<void> {
    this.isStopped = true;
    const { running } = this;
    await this.line.drop();
    await running;
  }

  private async run(config: SiteConfig): Promise<void> {
    const isSettled = await this.succeeds(() => this.settleRuns());
    if (this.isStopped) return;
    const isKept = await this.succeeds(async () => {
      await this.rollUp(config);
      await this.pruneInTime();
    });
    if (!isSettled || !isKept) return;
    if (this.failing) this.options.log.info({}, 'history is kept in order again');
    this.failing = false;
  }

  private async succeeds(duty: () => Promise<void>): Promise<boolean> {
    try {
      await duty();
      return true;
    } catch (error) {
      if (!this.failing)
        this.options.log.warn({ error: messageOf(error) }, 'history could not be kept in order');
      this.failing = true;
      void this.line.drop();
      return false;
    }
  }

  private async rollUp({ timeZone, kernel: { preferences } }: SiteConfig): Promise<void> {
    const { ownerId } = this.options;
    const { voltageFloat: floatV, batteryCapacityAh } = preferences;
    const full = { floatV, tailA: batteryCapacityAh && TAIL_C * batteryCapacityAh };
    while (!(await this.line.ask(({ db }) => rollUpPortion(db, { ownerId, timeZone, full }))));
  }

  private async settleRuns(): Promise<void> {
    const runs = this.options.unsettledRuns();
    const until = runs?.silentUntil ?? null;
    if (runs === null || until === null) return;
    runs.tellSilences(await this.line.ask(({ db }) => readSilences(db, this.options.ownerId, until)));
  }

  private async pruneInTime(): Promise<void> {
    const { ownerId, now, monotonicMs, log } = this.options;
    if (monotonicMs() - this.prunedMs < PRUNE_EVERY_MS) return;
    this.prunedMs = monotonicMs();
    const gone = await this.line.ask(async ({ db }) => {
      const believed = believedNow(await readRecordedDays(db, ownerId), now());
      await forgetRemovedDevices(db, ownerId, believed);
      return prune(db, { ownerId, retention: await getRetention(db, ownerId), now: believed });
    });
    if (gone.raw + gone.minutes + gone.quarters > 0) log.info(gone, 'deleted history that is kept no longer');
  }
}
