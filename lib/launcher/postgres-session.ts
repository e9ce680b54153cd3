import { realpathSync } from 'node:fs';
import postgres from 'postgres';
import { systemCode } from './launch-error';

const SUPERUSER = 'commandcenter';
/** One launcher per server: the key is arbitrary, it only has to be the same in every version. */
const LAUNCHER_LOCK = 762_531_901;

export interface ServerAddress {
  port: number;
  password: string;
}

export function databaseUrl({ port, password }: ServerAddress, database: string): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
}

function open(url: string, options: { onclose?: () => void } = {}): postgres.Sql {
  return postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 5,
    onnotice: () => {},
    connection: { application_name: 'commandcenter-launcher' },
    ...options,
  });
}

/** `ours` answers from this directory; `not ready` starts or stops; `stranger` is another server. */
export type Answer = 'ours' | 'not ready' | 'password refused' | 'stranger' | 'silent';

/** Asks the server at that port with our password which directory it serves. */
export async function askServer(address: ServerAddress, clusterDir: string): Promise<Answer> {
  const sql = open(databaseUrl(address, 'postgres'));
  try {
    const [row] = await sql<{ directory: string }[]>`select current_setting('data_directory') as directory`;
    return row && realpathSync(row.directory) === realpathSync(clusterDir) ? 'ours' : 'stranger';
  } catch (error) {
    const code = systemCode(error);
    // cannot_connect_now: it starts, recovers or stops.
    if (code === '57P03') return 'not ready';
    if (code === '28P01') return 'password refused';
    return code === 'ECONNREFUSED' || code === 'CONNECT_TIMEOUT' ? 'silent' : 'stranger';
  } finally {
    await sql.end({ timeout: 1 }).catch(() => {});
  }
}

/** Creates the database unless it exists; safe when two processes do it at once. */
export async function createDatabase(address: ServerAddress, name: string): Promise<void> {
  const sql = open(databaseUrl(address, 'postgres'));
  try {
    const [existing] = await sql`select 1 from pg_database where datname = ${name}`;
    if (!existing) await sql`create database ${sql(name)}`;
  } catch (error) {
    if (!['42P04', '23505'].includes(systemCode(error) ?? '')) throw error;
  } finally {
    await sql.end({ timeout: 2 });
  }
}

export interface LauncherLock {
  /** False once the connection, and with it the lock, is gone. */
  held(): boolean;
  release(): Promise<void>;
}

/**
 * Takes the lock that makes this launcher the only one on this server. It lives as long as its own
 * connection, so that it cannot outlive a killed launcher.
 * @returns null when another launcher holds it.
 * @throws when the server does not answer.
 */
export async function takeLauncherLock(
  address: ServerAddress,
  onLost: () => void,
): Promise<LauncherLock | null> {
  let held = false;
  let releasing = false;
  const sql = open(databaseUrl(address, 'postgres'), {
    onclose: () => {
      const wasHeld = held;
      held = false;
      if (wasHeld && !releasing) onLost();
    },
  });
  try {
    const session = await sql.reserve();
    const [row] = await session<{ taken: boolean }[]>`select pg_try_advisory_lock(${LAUNCHER_LOCK}) as taken`;
    held = row?.taken ?? false;
  } catch (error) {
    await sql.end({ timeout: 0 }).catch(() => {});
    throw error;
  }
  const release = async () => {
    releasing = true;
    held = false;
    await sql.end({ timeout: 0 }).catch(() => {});
  };
  if (held) return { held: () => held, release };
  await release();
  return null;
}
