import type { Connection } from '@/db/client';
import { within } from './within';

interface LineOptions {
  /** Opens a pool to the database. */
  readonly connect: () => Connection;
  readonly timeoutMs: number;
}

/** A connection that is opened when something is asked, and another one after it was dropped. */
export class DatabaseLine {
  private connection: Connection | null = null;

  constructor(private readonly options: LineOptions) {}

  /** Null while none is open. */
  get current(): Connection | null {
    return this.connection;
  }

  /** For a limited time: a query that was cut off may never answer. @throws TimedOut. */
  async ask<T>(question: (connection: Connection) => Promise<T>): Promise<T> {
    this.connection ??= this.options.connect();
    const { connection } = this;
    return await within(this.options.timeoutMs, () => question(connection));
  }

  async drop(): Promise<void> {
    const old = this.connection;
    this.connection = null;
    await old?.end().catch(() => {});
  }
}

/** The database's own words: Drizzle's wrapper repeats the whole query with its values. */
export function messageOf(error: unknown): string {
  const told = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return told instanceof Error ? told.message : String(told);
}
