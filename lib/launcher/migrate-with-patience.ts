import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationError } from '@/db/migration-error';
import { setUpDatabase } from '@/lib/devices/setup-database';
import { LaunchError, systemCode } from './launch-error';

/** After a power cut an external server may come back later than this machine. */
const PATIENCE_MS = 120_000;
const RETRY_MS = 2_000;
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  // The server starts, recovers or stops.
  '57P03',
  '57P01',
  // A worker that still runs holds what the migration waits for.
  '40P01',
]);
/** What does not come right by waiting, by the server's own code. */
const REFUSED = new Set(['28P01', '28000', '3D000', '42501']);

/** The address without user and password, for messages. */
export function serverName(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname}`;
  } catch {
    return 'the address in DATABASE_URL';
  }
}

/**
 * Applies the migrations, waiting for a server that is not there yet.
 * @throws LaunchError when the server stays away or refuses us, or when its data come from a newer version.
 */
export async function migrateWithPatience(options: {
  url: string;
  signal: AbortSignal;
  onEvent: (text: string) => void;
}): Promise<void> {
  const { url, signal, onEvent } = options;
  const deadline = Date.now() + PATIENCE_MS;
  let announced = false;
  for (;;) {
    try {
      const { applied } = await setUpDatabase(url);
      if (applied.length > 0) onEvent(`migrated (${applied.join(', ')})`);
      return;
    } catch (error) {
      signal.throwIfAborted();
      const code = systemCode(error);
      if (code === 'database_newer') {
        throw new LaunchError(
          `The data in ${serverName(url)} come from a newer version of CommandCenter. Update CommandCenter ` +
            '(git pull && npm install), or give this version its own data (COMMANDCENTER_DATA or DATABASE_URL).',
        );
      }
      if (error instanceof MigrationError) throw new LaunchError(error.message);
      if (error instanceof Error && REFUSED.has(code ?? '')) {
        throw new LaunchError(
          `The server of ${serverName(url)} refuses: ${error.message} (${code}). Check DATABASE_URL.`,
        );
      }
      if (!UNREACHABLE.has(code ?? '')) throw error;
      if (Date.now() > deadline) {
        throw new LaunchError(
          `The database at ${serverName(url)} cannot be reached (${code}). Check DATABASE_URL.`,
        );
      }
      if (!announced) onEvent(`${serverName(url)} cannot be reached (${code}), trying again for two minutes`);
      announced = true;
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}
