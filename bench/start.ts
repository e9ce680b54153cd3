/**
 * How long an owner waits after `npm start`, npm itself included: `npm run bench:start`. Each run starts a new site and,
 * once that has stopped, the same again; what is built is built before. -- --runs N (1 unless told; the median counts).
 * A busy machine is slow, so the load is printed. Prints, never fails on time.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect } from '@/db/client';
import { createApiToken } from '@/lib/auth/tokens';
import { OWNER_ID } from '@/lib/core/defaults';
import { freePort } from '@/lib/launcher/free-port';
import { findRunningPostgres } from '@/lib/launcher/postgres';
import { databaseUrl } from '@/lib/launcher/postgres-session';
import type { WireStatus } from '@/lib/status/serialise';
import { build } from '../scripts/build.mjs';
import { median } from './median';

const GOAL_S = { cold: 15, warm: 6 };
/** A start that takes longer has failed. */
const START_LIMIT_MS = 300_000;
const STOP_LIMIT_MS = 30_000;
const ASK_EVERY_MS = 25;

const { values: options } = parseArgs({ options: { runs: { type: 'string', default: '1' } } });
const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1) {
  console.error('Usage: npm run bench:start -- [--runs 1]  (a whole number)');
  process.exit(1);
}

/** Seconds since the command was given. */
interface Times {
  readonly page: number;
  readonly link: number;
  readonly live: number;
}

const ends = new Set<() => Promise<void>>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void Promise.all([...ends].map((end) => end())).then(() => process.exit(130)));
}

/** `npm start` in a group of its own, so that nothing of it is left whatever becomes of npm. */
function launch(data: string, port: number) {
  const { DATABASE_URL: _ours, ...environment } = process.env;
  const npm = spawn('npm', ['start'], {
    detached: true,
    env: { ...environment, HOST: '127.0.0.1', PORT: String(port), COMMANDCENTER_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let over = false;
  const printed = new Promise<void>((resolve) => {
    const read = (text: Buffer) => {
      output += text.toString();
      if (/^ {2}Open http:\S+$/m.test(output)) resolve();
    };
    npm.stdout.on('data', read);
    npm.stderr.on('data', read);
  });
  // The launcher, which outlives npm for a moment, holds the pipes until it is gone too.
  const closed = new Promise<void>((resolve) => npm.once('close', () => resolve()));
  const failed = new Promise<never>((_, reject) => {
    const fail = (why: string) => reject(new Error(`${why}:\n${output}`));
    npm.once('error', (error) => fail(error.message));
    npm.once('exit', (code, signal) => {
      if (!over) fail(`npm start ended with ${signal ?? `code ${code}`}`);
    });
    setTimeout(() => fail(`Not live after ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS).unref();
  });
  failed.catch(() => {});
  const stop = async () => {
    over = true;
    const { pid } = npm;
    if (pid === undefined) return;
    npm.kill('SIGTERM');
    const forced = setTimeout(() => process.kill(-pid, 'SIGKILL'), STOP_LIMIT_MS);
    await closed;
    clearTimeout(forced);
  };
  return { printed, failed, stop, isOver: () => over };
}

async function makeToken(data: string): Promise<string> {
  const address = await findRunningPostgres(data);
  if (address === null) throw new Error(`No database runs in ${data}.`);
  const connection = connect(databaseUrl(address, 'commandcenter'), {
    max: 1,
    applicationName: 'commandcenter-bench',
  });
  try {
    const token = { ownerId: OWNER_ID, name: 'bench', scope: 'read', expiresAt: null } as const;
    return (await createApiToken(connection.db, token)).token;
  } finally {
    await connection.end();
  }
}

/** Measures a start on this data directory. `token`: that of an earlier start there; returned for the next. */
async function start(data: string, token?: string): Promise<{ times: Times; token: string }> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const startedAt = Date.now();
  const since = performance.now();
  const seconds = () => (performance.now() - since) / 1000;
  const { printed, failed, stop, isOver } = launch(data, port);
  ends.add(stop);
  const until = async (isThere: () => Promise<boolean>): Promise<number> => {
    while (!(await isThere().catch(() => false))) {
      if (isOver()) return Number.NaN;
      await sleep(ASK_EVERY_MS);
    }
    return seconds();
  };
  const measure = async () => {
    const link = printed.then(seconds);
    const page = await until(async () => (await fetch(origin)).status === 200);
    const bearer = token ?? (await makeToken(data));
    const live = await until(async () => {
      const response = await fetch(`${origin}/api/status`, {
        headers: { authorization: `Bearer ${bearer}` },
      });
      if (!response.ok) return false;
      // What an earlier start or the simulated past left is not live.
      const { at, readings } = (await response.json()) as WireStatus;
      return Date.parse(at) >= startedAt && readings.pack_voltage_v.value !== null;
    });
    return { times: { page, link: await link, live }, token: bearer };
  };
  try {
    return await Promise.race([measure(), failed]);
  } finally {
    await stop();
    ends.delete(stop);
  }
}

await build({ ifChanged: true });
const seen: Record<keyof typeof GOAL_S, Times[]> = { cold: [], warm: [] };
for (let i = 0; i < runs; i++) {
  const data = mkdtempSync(join(tmpdir(), 'commandcenter-start-'));
  // However this process ends.
  process.once('exit', () => rmSync(data, { recursive: true, force: true }));
  const cold = await start(data);
  seen.cold.push(cold.times);
  seen.warm.push((await start(data, cold.token)).times);
}
const cell = (kind: keyof typeof GOAL_S, what: keyof Times): string => {
  const value = median(seen[kind].map((times) => times[what]));
  return `${value.toFixed(1)} s${value > GOAL_S[kind] ? ' !' : '  '}`.padStart(20);
};
console.log(
  `seconds after npm start, median of ${runs}; "!" misses the goal; load ${(loadavg()[0] ?? 0).toFixed(1)}`,
);
console.log(
  `${''.padEnd(20)}${(['cold', 'warm'] as const).map((kind) => `${kind} (goal ${GOAL_S[kind]} s)  `.padStart(20)).join('')}`,
);
for (const [what, text] of [
  ['page', 'the page answers'],
  ['link', 'the link is printed'],
  ['live', 'live numbers'],
] as const) {
  console.log(`${text.padEnd(20)}${cell('cold', what)}${cell('warm', what)}`);
}
