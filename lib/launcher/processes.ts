import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loopbackUrl } from '@/lib/network/addresses';
import { type SupervisedChild, supervise } from './child';
import type { Console } from './console';
import type { LaunchSettings } from './settings';
import { waitUntilAnswers } from './web-health';

const WEB_READY_PATIENCE_MS = 60_000;
/** At the first start it simulates a week, and it waits for a database that is away. */
const WORKER_READY_PATIENCE_MS = 15 * 60_000;

interface ProcessOptions {
  projectDir: string;
  settings: LaunchSettings;
  databaseUrl: () => string;
  console: Console;
}

function environment({ settings, databaseUrl }: ProcessOptions, graceMs: number): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    DATABASE_URL: databaseUrl(),
    COMMANDCENTER_DATA: settings.dataDir,
    COMMANDCENTER_EXIT_GRACE_MS: String(graceMs),
    PORT: String(settings.port),
    HOSTNAME: settings.host,
    // Above the idle time of the usual reverse proxies.
    KEEP_ALIVE_TIMEOUT: '65000',
  };
}

function preloaded(projectDir: string, ...names: readonly string[]): string[] {
  return names.flatMap((name) => ['--import', pathToFileURL(join(projectDir, 'dist', `${name}.mjs`)).href]);
}

/** The Next server; ready when its health page answers. */
export function webProcess(options: ProcessOptions): SupervisedChild {
  const { projectDir, settings, console } = options;
  return supervise({
    name: 'web',
    file: join(projectDir, '.next', 'standalone', 'server.js'),
    execArgv: preloaded(projectDir, 'exit-guard', 'direct-api'),
    env: () => environment(options, 2_000),
    waitReady: (_child, signal) => waitUntilAnswers(loopbackUrl(settings.host, settings.port), signal),
    readyPatienceMs: WEB_READY_PATIENCE_MS,
    onLine: (text) => console.line('web', text),
    onEvent: (text) => console.line('launcher', `web ${text}`),
  });
}

/** The control loop; ready when it says so. */
export function workerProcess(options: ProcessOptions): SupervisedChild {
  const { projectDir, console } = options;
  return supervise({
    name: 'worker',
    file: join(projectDir, 'dist', 'worker.mjs'),
    execArgv: preloaded(projectDir, 'exit-guard'),
    // Its own shutdown ends the running tick; the launcher waits 8 s.
    env: () => environment(options, 7_000),
    waitReady: untilReadyMessage,
    readyPatienceMs: WORKER_READY_PATIENCE_MS,
    onLine: (text) => console.line('worker', text),
    onEvent: (text) => console.line('launcher', `worker ${text}`),
  });
}

function untilReadyMessage(child: ChildProcess, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('it ended')), { once: true });
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready')
        resolve();
    });
  });
}
