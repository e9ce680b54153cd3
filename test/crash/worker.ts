import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, openSession } from '@/db/client';
import { OWNER_ID } from '@/lib/core/defaults';
import { openDevice } from '@/lib/drivers/registry';
import { Cycle } from '@/lib/worker/cycle';
import { createDevicePool } from '@/lib/worker/devices';
import { createLeader } from '@/lib/worker/leader';
import { Ledger } from '@/lib/worker/ledger/ledger';
import { runLoop } from '@/lib/worker/loop';
import { createPoller } from '@/lib/worker/poll';
import { createSkyWatch } from '@/lib/worker/sky';
import { SiteTick } from '@/lib/worker/tick';
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
const poller = createPoller({ now, monotonicMs, callTimeoutMs: 2000, patienceMs: 1000 });
const pool = createDevicePool({
  open: async (row, context) =>
    row.driver === 'plug-fake'
      ? openPlug(row.key, row.connection as PlugConnection, context)
      : await openDevice(row, context),
  now,
  monotonicMs,
  openTimeoutMs: 5000,
  log,
  onClosed: (key) => poller.forget(key),
});
const ledger = new Ledger({
  now,
  monotonicMs,
  random: Math.random,
  newId: randomUUID,
  callTimeoutMs: 2000,
  patienceMs: 1000,
  log,
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
  cycle: new Cycle({
    ownerId: OWNER_ID,
    tickSeconds: TICK_SECONDS,
    now,
    monotonicMs,
    pool,
    poller,
    sky: createSkyWatch(),
    ledger,
    shown: true,
    guarded: true,
  }),
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
