import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a child may take after SIGTERM before it is killed. */
export const STOP_PATIENCE_MS = 8_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A child that lived this long was healthy: its next end is answered at once again. */
const HEALTHY_AFTER_MS = 60_000;

export interface ChildOptions {
  name: string;
  file: string;
  execArgv?: readonly string[];
  env: () => NodeJS.ProcessEnv;
  /** Resolves when the started child does its work; rejects or is aborted when it does not. */
  waitReady: (child: ChildProcess, signal: AbortSignal) => Promise<void>;
  /** Longest time from start to ready; a child that needs longer is killed and started again. */
  readyPatienceMs: number;
  onLine: (text: string) => void;
  onEvent: (text: string) => void;
}

export interface SupervisedChild {
  /** Starts it; resolves once it was ready for the first time, however many tries that took. */
  start(): Promise<void>;
  /** Ends it and lets it begin again, for instance with another environment. */
  restart(): void;
  /** Ends it for good; `hurry` kills at once. */
  stop(hurry?: boolean): Promise<void>;
  pid(): number | null;
}

/** The pause before a restart: doubles with every end in a row. */
export function pauseMs(endsInARow: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, endsInARow - 1), LONGEST_PAUSE_MS);
}

/** A child process that is kept running until it is stopped. */
export function supervise(options: ChildOptions): SupervisedChild {
  let current: ChildProcess | null = null;
  let running: Promise<void> | null = null;
  const restarting = new Set<ChildProcess>();
  const stopping = new AbortController();
  let firstReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    firstReady = resolve;
  });

  const spawnOnce = async (): Promise<{ text: string; wasReady: boolean; asked: boolean }> => {
    const child = fork(options.file, [], {
      // Its own process group: Ctrl-C in the terminal must reach the launcher only, which stops in order.
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [...(options.execArgv ?? [])],
      env: options.env(),
    });
    current = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) {
        createInterface({ input: stream }).on('line', (text) => {
          if (text.trim()) options.onLine(text);
        });
      }
    }
    const ended = new AbortController();
    const end = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `code ${code}`));
    });
    let wasReady = false;
    const patience = setTimeout(() => {
      options.onEvent(`not ready after ${options.readyPatienceMs / 1000} s, killed`);
      child.kill('SIGKILL');
    }, options.readyPatienceMs);
    options
      .waitReady(child, ended.signal)
      .then(() => {
        wasReady = true;
        clearTimeout(patience);
        firstReady();
      })
      .catch((error: unknown) => {
        if (!ended.signal.aborted)
          options.onEvent(`no readiness: ${error instanceof Error ? error.message : error}`);
      });
    const text = await end;
    clearTimeout(patience);
    ended.abort();
    const asked = restarting.delete(child);
    current = null;
    return { text, wasReady, asked };
  };
  const loop = async () => {
    let endsInARow = 0;
    while (!stopping.signal.aborted) {
      const startedAt = Date.now();
      const { text, wasReady, asked } = await spawnOnce();
      if (stopping.signal.aborted) return;
      endsInARow = asked || (wasReady && Date.now() - startedAt > HEALTHY_AFTER_MS) ? 1 : endsInARow + 1;
      const pause = asked ? 0 : pauseMs(endsInARow);
      options.onEvent(asked ? 'starts again' : `ended (${text}), starts again in ${pause / 1000} s`);
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };

  const terminate = async (child: ChildProcess, patience: number) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    if (patience > 0) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => {
        options.onEvent(`did not end within ${patience / 1000} s, killed`);
        child.kill('SIGKILL');
      }, patience);
      await exited;
      clearTimeout(timer);
    } else {
      child.kill('SIGKILL');
      await exited;
    }
  };

  return {
    start() {
      running ??= loop();
      return ready;
    },
    restart() {
      if (!current) return;
      restarting.add(current);
      void terminate(current, STOP_PATIENCE_MS);
    },
    async stop(hurry = false) {
      stopping.abort();
      if (current) await terminate(current, hurry ? 0 : STOP_PATIENCE_MS);
      await running;
    },
    pid: () => current?.pid ?? null,
  };
}
