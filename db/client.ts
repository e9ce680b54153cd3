import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';

/** Seconds before the next attempt to connect. The driver's own rule grows to 20, and queries wait meanwhile. */
const backoff = (attempt: number): number => Math.min(1, 0.05 * 2 ** attempt);

const handle = (client: postgres.Sql) => drizzle({ client });

export type Database = ReturnType<typeof handle>;
type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
/** The database itself or a transaction on it. */
export type Executor = Database | Transaction;

export interface Connection {
  readonly db: Database;
  /** For raw SQL, LISTEN and COPY: a client of its own, because Drizzle replaces its client's parsers. */
  readonly sql: postgres.Sql;
  end(): Promise<void>;
}

/** Opens a pool of at most `max` connections for Drizzle and up to two for raw SQL, each when first used. */
export function connect(url: string, options: { max: number; applicationName: string }): Connection {
  const common = {
    onnotice: () => {},
    connection: { application_name: options.applicationName },
    connect_timeout: 5,
    backoff,
  };
  const client = postgres(url, { ...common, max: options.max });
  const sql = postgres(url, { ...common, max: 2, idle_timeout: 0, max_lifetime: null });
  return {
    db: handle(client),
    sql,
    end: async () => {
      await Promise.all([client.end({ timeout: 2 }), sql.end({ timeout: 2 })]);
    },
  };
}

const holder = globalThis as typeof globalThis & { commandCenterDatabase?: Connection };

/** The web process's one connection to DATABASE_URL; route and page bundles and hot reloads share it. */
export function getDatabase(): Connection {
  if (holder.commandCenterDatabase) return holder.commandCenterDatabase;
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is not set. Start through "npm start", which sets it.');
  holder.commandCenterDatabase = connect(url, { max: 10, applicationName: 'commandcenter-web' });
  return holder.commandCenterDatabase;
}

/**
 * One session for as long as the server keeps it, for a lock that ends with it. After a loss the next query opens
 * another: whoever relies on the session compares `pg_backend_pid()`.
 */
export function openSession(url: string, options: { applicationName: string }): postgres.Sql {
  return postgres(url, {
    onnotice: () => {},
    connection: { application_name: options.applicationName },
    connect_timeout: 5,
    backoff,
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
  });
}
