import { createServer, connect as dial, type Socket } from 'node:net';
import { connect, openSession } from '@/db/client';
import { OWNER_ID } from '@/lib/core/defaults';
import type { DecideInput, DecideResult } from '@/lib/core/types';
import { openDevice } from '@/lib/drivers/registry';
import { createLeader } from './leader';
import type { Inheritance } from './store';
import { SiteTick, type TickOptions, type TickOutcome } from './tick';
import { wireCycle } from './wire';

export const TICK_MS = 10_000;

/** A clock that tests move by hand; drivers, kernel and schedule all go by it. */
export class HandClock {
  constructor(public at: number) {}
  private monotonic = 0;
  readonly now = () => this.at;
  readonly monotonicMs = () => this.monotonic;
  pass(ms: number): void {
    this.at += ms;
    this.monotonic += ms;
  }
}

export interface TestSite {
  readonly site: SiteTick;
  readonly log: readonly string[];
  /** One tick, after ten seconds have passed. */
  tick(): Promise<TickOutcome>;
  ticks(count: number): Promise<TickOutcome[]>;
  /** The backend that serves the leader's session, asked over that session. */
  leaderPid(): Promise<number | undefined>;
}

interface TestSiteOptions {
  readonly url: string;
  readonly workerId: string;
  readonly clock: HandClock;
  readonly tickSeconds?: number;
  readonly backfill?: () => Promise<Inheritance | null>;
  readonly open?: typeof openDevice;
  readonly connectionOf?: TickOptions['connectionOf'];
  readonly afterTick?: TickOptions['afterTick'];
  /** False: the status shows no loads, which makes a tick several times faster. */
  readonly shown?: boolean;
  /** A kernel in place of ours. */
  readonly decide?: (input: DecideInput) => DecideResult;
}

/** A worker as main.ts wires it, on a clock of the test's. */
export function testSite(options: TestSiteOptions): TestSite {
  const { url, workerId, clock, backfill, open, decide, shown = true } = options;
  const { tickSeconds = TICK_MS / 1000 } = options;
  const { now, monotonicMs } = clock;
  const log: string[] = [];
  const note = (_: object, message: string) => void log.push(message);
  const { cycle, pool, ledger } = wireCycle({
    ownerId: OWNER_ID,
    tickSeconds,
    now,
    monotonicMs,
    open: open ?? openDevice,
    openTimeoutMs: 2000,
    callTimeoutMs: 1000,
    patienceMs: 1000,
    random: () => 0.5,
    log: { info: note, warn: note },
    shown,
    guarded: true,
    decide,
  });
  let session: ReturnType<typeof openSession> | undefined;
  const site = new SiteTick({
    ownerId: OWNER_ID,
    workerId,
    leader: createLeader({
      open: () => {
        session = openSession(url, { applicationName: `leader-${workerId}` });
        return session;
      },
      ownerId: OWNER_ID,
      timeoutMs: 1000,
    }),
    connect: () => connect(url, { max: 2, applicationName: `worker-${workerId}` }),
    connectionOf: options.connectionOf ?? ((device) => device.connection),
    pool,
    cycle,
    ledger,
    backfill: backfill ?? (async () => null),
    now,
    monotonicMs,
    databaseTimeoutMs: 3000,
    afterTick: options.afterTick,
    log: { info: note, warn: note, error: note },
  });
  const tick = () => {
    clock.pass(tickSeconds * 1000);
    return site.run();
  };
  return {
    site,
    log,
    tick,
    async ticks(count) {
      const outcomes: TickOutcome[] = [];
      for (let i = 0; i < count; i += 1) outcomes.push(await tick());
      return outcomes;
    },
    async leaderPid() {
      if (session === undefined) return undefined;
      const [row] = await session<{ pid: number }[]>`select pg_backend_pid() as pid`;
      return row?.pid;
    },
  };
}

export interface CuttableLine {
  readonly url: string;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** Lets nothing through any more, without ending anything. */
  freeze(): void;
  mend(): void;
  close(): Promise<void>;
}

/** A way to a database that can be interrupted. */
export async function cuttableLine(url: string): Promise<CuttableLine> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let state: 'open' | 'cut' | 'frozen' = 'open';
  const server = createServer((near) => {
    sockets.add(near);
    near.on('error', () => {}).on('close', () => sockets.delete(near));
    if (state === 'cut') return void near.destroy();
    if (state === 'frozen') return void near.pause();
    const far = dial(Number(target.port), target.hostname);
    sockets.add(far);
    far
      .on('error', () => near.destroy())
      .on('close', () => {
        sockets.delete(far);
        near.destroy();
      });
    near.on('close', () => far.destroy());
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(typeof address === 'object' ? address?.port : '');
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: through.href,
    cut() {
      state = 'cut';
      destroyAll();
    },
    freeze() {
      state = 'frozen';
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    mend() {
      if (state === 'frozen') destroyAll();
      state = 'open';
    },
    async close() {
      destroyAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
