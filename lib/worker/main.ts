import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, openSession } from '@/db/client';
import { OWNER_ID } from '@/lib/core/defaults';
import { unsealConnection } from '@/lib/devices/secrets';
import { openDevice } from '@/lib/drivers/registry';
import { readEnvironment } from '@/lib/env';
import { log as processLog } from '@/lib/log';
import { backfill } from './backfill';
import { createBackupErrand } from './backup-errand';
import { createDeviceTestErrand } from './device-test-errand';
import { Errands } from './errands';
import { createLeader } from './leader';
import { runLoop } from './loop';
import { SiteTick } from './tick';
import { Upkeep } from './upkeep';
import { wireCycle } from './wire';

const DEFAULT_TICK_SECONDS = 10;
const DATABASE_TIMEOUT_MS = 5_000;
const UPKEEP_TIMEOUT_MS = 120_000;
const LEADER_TIMEOUT_MS = 3_000;
const OPEN_TIMEOUT_MS = 30_000;
const ERRANDS_EVERY_MS = 5_000;
const TEST_OPEN_TIMEOUT_MS = 15_000;
const TEST_READ_TIMEOUT_MS = 10_000;

const log = processLog.child({ part: 'worker' });
const { databaseUrl, dataDirectory } = readEnvironment();
const tickSeconds = readTickSeconds(process.env.COMMANDCENTER_TICK_SECONDS);
const ownerId = OWNER_ID;
const workerId = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
const now = () => Date.now();
const monotonicMs = () => performance.now();
const stopping = new AbortController();

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());
// The launcher is gone: nobody would end this worker, and the next start brings its own.
process.on('disconnect', () => stopping.abort());
process.on('uncaughtException', (error) => {
  // postgres.js writes to a connection that was closed under it (3.4.9); the query itself is answered by its time-out.
  if (error instanceof TypeError && error.message === "Cannot read properties of null (reading 'write')")
    return;
  log.fatal({ error: error.message, stack: error.stack }, 'the worker failed');
  process.exit(1);
});
process.on('unhandledRejection', (reason) => {
  log.fatal({ error: reason instanceof Error ? reason.message : String(reason) }, 'the worker failed');
  process.exit(1);
});

const { cycle, pool, ledger } = wireCycle({
  ownerId,
  tickSeconds,
  now,
  monotonicMs,
  open: openDevice,
  openTimeoutMs: OPEN_TIMEOUT_MS,
  callTimeoutMs: Math.min(5_000, tickSeconds * 1000),
  patienceMs: Math.min(2_000, tickSeconds * 400),
  onChange: (device, reason) =>
    reason === null
      ? log.info({ device }, 'device answers again')
      : log.warn({ device, reason }, 'device failed'),
  log,
  shown: true,
  guarded: true,
});
const upkeep = new Upkeep({
  ownerId,
  connect: () => connect(databaseUrl, { max: 1, applicationName: 'commandcenter-upkeep' }),
  unsettledRuns: () => cycle.unsettledRuns,
  now,
  monotonicMs,
  databaseTimeoutMs: UPKEEP_TIMEOUT_MS,
  log,
});
const site = new SiteTick({
  ownerId,
  workerId,
  leader: createLeader({
    open: () => openSession(databaseUrl, { applicationName: 'commandcenter-leader' }),
    ownerId,
    timeoutMs: LEADER_TIMEOUT_MS,
  }),
  connect: () => connect(databaseUrl, { max: 3, applicationName: 'commandcenter-worker' }),
  connectionOf: (device) => unsealConnection(device.connection),
  pool,
  cycle,
  ledger,
  backfill: (connection, config) =>
    backfill(connection, config, {
      who: { ownerId, workerId },
      open: openDevice,
      now: now(),
      log,
      signal: stopping.signal,
    }),
  now,
  monotonicMs,
  databaseTimeoutMs: DATABASE_TIMEOUT_MS,
  log,
  afterTick: (config) => upkeep.afterTick(config),
});

const errands = new Errands({
  ownerId,
  connect: () => connect(databaseUrl, { max: 2, applicationName: 'commandcenter-errands' }),
  config: () => site.current,
  everyMs: ERRANDS_EVERY_MS,
  log,
  errands: [
    createBackupErrand({
      ownerId,
      dataDirectory,
      openSession: () => openSession(databaseUrl, { applicationName: 'commandcenter-backup' }),
      now,
      log,
    }),
    createDeviceTestErrand({
      ownerId,
      open: openDevice,
      connectionOf: (row) => unsealConnection(row.connection),
      openTimeoutMs: TEST_OPEN_TIMEOUT_MS,
      readTimeoutMs: TEST_READ_TIMEOUT_MS,
      now,
      log,
    }),
  ],
});

log.info({ tickSeconds, worker: workerId }, 'worker started');
errands.start();
let told = false;
await runLoop({
  intervalMs: tickSeconds * 1000,
  monotonicMs,
  sleep: (ms, signal) => delay(Math.max(0, ms), undefined, { signal }).catch(() => {}),
  signal: stopping.signal,
  onError: (error) =>
    log.error({ error: error instanceof Error ? error.message : String(error) }, 'a tick failed'),
  onSkipped: (ticks) => log.warn({ ticks }, 'ticks left out: the one before took too long'),
  tick: async () => {
    const outcome = await site.run();
    // A worker that stands by does its work too.
    if (told || outcome === 'waiting' || outcome === 'buffered') return;
    told = true;
    process.send?.({ type: 'ready' });
  },
});
await upkeep.stop();
await errands.stop();
await site.stop();
log.info({}, 'worker stopped');
process.exit(0);

function readTickSeconds(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_TICK_SECONDS;
  const seconds = Number(text);
  if (!(seconds >= 0.1 && seconds <= 300)) {
    log.fatal({ COMMANDCENTER_TICK_SECONDS: text }, 'the tick length must be 0.1 to 300 seconds');
    process.exit(2);
  }
  return seconds;
}
