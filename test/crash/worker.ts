import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, openSession } from '@/db/client';
import { OWNER_ID } from '@/lib/core/defaults';
import { openDevice } from '@/lib/drivers/registry';
import { createLeader } from '@/lib/worker/leader';
import { runLoop } from '@/lib/worker/loop';
import { SiteTick } from '@/lib/worker/tick';
import { wireCycle } from '@/lib/worker/wire';
import { openPlug, type PlugConnection } from './plug-driver';

/**
 * The worker as lib/worker/main.ts wires it, on a clock that hurries, with one driver more: forked and killed by
 * rounds.ts. Its clock starts at CRASH_START_AT (epoch ms).
 */

const url = process.env.DATABASE_URL ?? '';
const startAt = Number(process.env.CRASH_START_AT);
const hurry = Number(process.env.CRASH_HURRY);
const TICK_SECONDS = 10;

const monotonicMs = () => performance.now() * hurry;
const now = () => startAt + monotonicMs();
const workerId = randomUUID();
const log = { info() {}, warn() {}, error() {} };
const { cycle, pool, ledger } = wireCycle({
  ownerId: OWNER_ID,
  tickSeconds: TICK_SECONDS,
  now,
  monotonicMs,
  open: async (row, context) =>
    row.driver === 'plug-fake'
      ? openPlug(row.key, row.connection as PlugConnection, context)
      : await openDevice(row, context),
  openTimeoutMs: 5000,
  callTimeoutMs: 2000,
  patienceMs: 1000,
  log,
  shown: true,
  guarded: true,
});
const site = new SiteTick({
  ownerId: OWNER_ID,
  workerId,
  leader: createLeader({
    open: () => openSession(url, { applicationName: 'crash-leader' }),
    ownerId: OWNER_ID,
    timeoutMs: 3000,
  }),
  connect: () => connect(url, { max: 3, applicationName: 'crash-worker' }),
  connectionOf: (device) => device.connection,
  pool,
  cycle,
  ledger,
  backfill: async () => null,
  now,
  monotonicMs,
  databaseTimeoutMs: 5000,
  log,
});

process.on('disconnect', () => process.exit(0));
await runLoop({
  intervalMs: TICK_SECONDS * 1000,
  monotonicMs,
  sleep: (ms, signal) => delay(Math.max(0, ms / hurry), undefined, { signal }).catch(() => {}),
  signal: new AbortController().signal,
  onError: (error) => process.send?.({ failed: error instanceof Error ? error.stack : String(error) }),
  tick: async () => {
    const outcome = await site.run();
    process.send?.({ outcome, at: now() });
  },
});
