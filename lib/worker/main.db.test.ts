import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asc, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect } from '@/db/client';
import { controlState, decisions, telemetry } from '@/db/schema';
import { bundle } from '@/test/bundle';
import { createTestDatabase, type TestDatabase } from '@/test/database';

const TICK_SECONDS = 0.25;
let database: TestDatabase;
let direct: Connection;
let dataDir: string;
let program: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  program = await bundle('lib/worker/main.ts');
  database = await createTestDatabase();
  direct = connect(database.url, { max: 2, applicationName: 'test' });
  dataDir = mkdtempSync(join(tmpdir(), 'commandcenter-worker-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
});
afterAll(async () => {
  await direct.end();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Worker {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  /** Everything it has printed. */
  readonly output: () => string;
  exit(): Promise<[code: number | null, signal: string | null]>;
}

function startWorker(environment: Record<string, string> = {}): Worker {
  const child = fork(program, [], {
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      COMMANDCENTER_DATA: dataDir,
      COMMANDCENTER_TICK_SECONDS: String(TICK_SECONDS),
      ...environment,
    },
  });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)));
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  return {
    child,
    output: () => text,
    exit: () => exited,
    ready: new Promise((resolve, reject) => {
      child.on('message', (message) => {
        if (typeof message === 'object' && 'type' in message && message.type === 'ready') resolve();
      });
      void exited.then(([code, signal]) => reject(new Error(`worker ended (${code ?? signal}): ${text}`)));
    }),
  };
}

const rows = () => direct.db.$count(telemetry);

describe('the worker process', () => {
  it('gives the site a past, says when it is ready, and ends cleanly on SIGTERM', async () => {
    const worker = startWorker();
    await worker.ready;
    expect(await rows()).toBeGreaterThan(7 * 1440);
    await expect.poll(rows, { timeout: 10_000 }).toBeGreaterThan(7 * 1440 + 4);
    worker.child.kill('SIGTERM');
    expect(await worker.exit()).toEqual([0, null]);
    expect(worker.output()).toContain('worker stopped');
    for (const line of worker.output().trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  }, 90_000);

  it('ends by itself when the launcher is gone', async () => {
    const worker = startWorker();
    await worker.ready;
    worker.child.disconnect();
    expect(await worker.exit()).toEqual([0, null]);
  }, 30_000);

  it('survives the end of every connection it has, again and again', async () => {
    const worker = startWorker();
    await worker.ready;
    for (let i = 0; i < 10; i += 1) {
      const before = await rows();
      await direct.db.execute(sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name in ('commandcenter-worker', 'commandcenter-leader') and datname = current_database()`);
      await expect.poll(rows, { timeout: 15_000 }).toBeGreaterThan(before + 1);
    }
    expect(worker.child.exitCode).toBeNull();
    worker.child.kill('SIGTERM');
    expect(await worker.exit()).toEqual([0, null]);
  }, 120_000);

  it('goes on after kill -9 at any moment, with nothing recorded twice and nothing lost', async () => {
    let before = await rows();
    for (let i = 0; i < 5; i += 1) {
      const worker = startWorker();
      await worker.ready;
      await new Promise((resolve) => setTimeout(resolve, 137 * (i + 1)));
      worker.child.kill('SIGKILL');
      await worker.exit();
      const after = await rows();
      expect(after).toBeGreaterThan(before);
      before = after;
    }
    const seen = new Map<string, string>();
    for (const change of await direct.db
      .select()
      .from(decisions)
      .orderBy(asc(decisions.ts), asc(decisions.id))) {
      expect(change.previousVerdict).toBe(seen.get(change.loadId) ?? null);
      seen.set(change.loadId, change.verdict);
    }
    const [state] = await direct.db.select().from(controlState);
    expect(state?.memoryAt).toEqual(state?.workerHeartbeatAt);
  }, 120_000);

  it('refuses a tick length that makes no sense, naming it', async () => {
    const worker = startWorker({ COMMANDCENTER_TICK_SECONDS: '0' });
    worker.ready.catch(() => {});
    expect(await worker.exit()).toEqual([2, null]);
    expect(worker.output()).toContain('COMMANDCENTER_TICK_SECONDS');
  });
});
