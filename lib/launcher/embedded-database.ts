import { setTimeout as sleep } from 'node:timers/promises';
import { pauseMs } from './child';
import { LaunchError } from './launch-error';
import { type EmbeddedPostgres, startPostgres } from './postgres';
import { createDatabase, type LauncherLock, takeLauncherLock } from './postgres-session';

const DATABASE = 'commandcenter';
/** A launcher that is just ending, or a command that borrowed the server, is gone by then. */
const LOCK_PATIENCE_MS = 6_000;

export interface EmbeddedDatabase {
  url: string;
  stop(): Promise<void>;
}

export interface EmbeddedDatabaseOptions {
  dataDir: string;
  onEvent: (text: string) => void;
  /** The server had to move to another port. */
  onMoved: (url: string) => void;
  /** It cannot be brought back. */
  onLost: (error: unknown) => void;
}

/**
 * The embedded server under this process's own lock, brought back whenever it dies.
 * @throws LaunchError when another launcher holds it, or when it cannot start.
 */
export async function keepEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const stopping = new AbortController();
  let lock: LauncherLock | null = null;
  let server: EmbeddedPostgres | null = null;
  let recovery: Promise<void> | null = null;

  const open = async (port?: number): Promise<EmbeddedPostgres> => {
    const deadline = Date.now() + LOCK_PATIENCE_MS;
    for (;;) {
      const opened = await startPostgres({ dataDir: options.dataDir, ...(port ? { port } : {}) });
      // The server can go between two steps when another process that borrowed it stops it.
      lock = await takeLauncherLock(opened.address, lost).catch(() => null);
      if (lock) {
        await createDatabase(opened.address, DATABASE);
        options.onEvent(opened.adopted ? 'was still running, adopted' : 'started');
        return opened;
      }
      if (Date.now() > deadline) {
        throw new LaunchError(
          `CommandCenter already runs on the data in ${options.dataDir}. Stop the other one first, or give this one ` +
            'its own directory in COMMANDCENTER_DATA (and its own PORT).',
        );
      }
      await sleep(250);
    }
  };

  const recover = async () => {
    const before = server;
    for (let tries = 1; !stopping.signal.aborted; tries++) {
      try {
        server = await open(before?.address.port);
        if (before && server.address.port !== before.address.port) options.onMoved(server.url(DATABASE));
        return;
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (error instanceof LaunchError && /already runs/.test(error.message)) return options.onLost(error);
        const pause = pauseMs(tries);
        options.onEvent(`${error instanceof Error ? error.message : error} Next try in ${pause / 1000} s.`);
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  };

  function lost(): void {
    if (stopping.signal.aborted || recovery) return;
    options.onEvent('connection lost, bringing it back');
    recovery = recover().finally(() => {
      recovery = null;
      // It may have gone again while it was being brought back.
      if (!stopping.signal.aborted && lock && !lock.held()) lost();
    });
  }

  server = await open();
  return {
    url: server.url(DATABASE),
    async stop() {
      stopping.abort();
      await recovery;
      await lock?.release();
      await server?.stop();
    },
  };
}
