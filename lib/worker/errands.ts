import type { Connection } from '@/db/client';
import { ERRANDS_CHANNEL } from '@/lib/errands/call';
import type { SiteConfig } from './config';
import type { TickLog } from './tick';

/** Work that is asked for by a row and done beside the ticks. */
export interface Errand {
  /** Once this worker has taken charge: what one before it left unfinished. */
  takeOver(connection: Connection): Promise<void>;
  /** Looks for what is to be done and does it; called again while it runs. */
  look(connection: Connection, config: SiteConfig): Promise<void>;
  /** Breaks off what is under way; resolves when nothing is any more. */
  stop(): Promise<void>;
}

export interface ErrandOptions {
  readonly ownerId: string;
  /** A pool of the errands' own: no tick ever waits for one. */
  readonly connect: () => Connection;
  /** What the worker in charge goes by; null: another one is in charge, or nobody can tell. */
  readonly config: () => SiteConfig | null;
  readonly errands: readonly Errand[];
  /** How often it looks without being called, ms. */
  readonly everyMs: number;
  readonly log: TickLog;
}

/** Carries out errands while this worker is in charge: when it is called, and every few seconds. */
export class Errands {
  private connection: Connection | null = null;
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  private calledMeanwhile = false;
  private inCharge = false;
  private failed = false;
  private stopped = false;

  constructor(private readonly options: ErrandOptions) {}

  start(): void {
    this.timer = setInterval(() => this.call(), this.options.everyMs);
    this.call();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    // What a last look has begun is stopped too.
    await this.looking;
    await Promise.all(this.options.errands.map((errand) => errand.stop()));
    await this.connection?.end().catch(() => {});
  }

  private call(): void {
    if (this.stopped) return;
    if (this.looking) {
      this.calledMeanwhile = true;
      return;
    }
    this.calledMeanwhile = false;
    this.looking = this.look().finally(() => {
      this.looking = null;
      if (this.calledMeanwhile) this.call();
    });
  }

  private async look(): Promise<void> {
    const { errands, log } = this.options;
    const config = this.options.config();
    if (config === null) {
      if (this.inCharge) await Promise.all(errands.map((errand) => errand.stop()));
      this.inCharge = false;
      return;
    }
    try {
      const connection = this.open();
      if (!this.inCharge) await Promise.all(errands.map((errand) => errand.takeOver(connection)));
      this.inCharge = true;
      await Promise.all(errands.map((errand) => errand.look(connection, config)));
      this.failed = false;
    } catch (error) {
      if (!this.failed)
        log.warn({ error: error instanceof Error ? error.message : String(error) }, 'an errand failed');
      this.failed = true;
    }
  }

  private open(): Connection {
    if (this.connection) return this.connection;
    this.connection = this.options.connect();
    const called = (ownerId: string) => {
      if (ownerId === this.options.ownerId) this.call();
    };
    // It listens again by itself after a loss; what was asked for while it did not listen is looked for at once.
    this.connection.sql.listen(ERRANDS_CHANNEL, called, () => this.call()).catch(() => {});
    return this.connection;
  }
}
