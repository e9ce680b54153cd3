// `npm run crash-loop -- [--rounds 20] [--seed N]`: kill -9 of launcher, database, web or worker at random moments while a
// client writes. Every next start must need no hand, and every write that the API acknowledged must be there at the end.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const TARGETS = ['launcher', 'database', 'web', 'worker'];
const MINERS = 8;
/** A killed worker's successor waits for its predecessor's lock; a killed database recovers. */
const BACK_WITHIN_MS = 60_000;
/** Web and worker take 2 and 7 s at most by themselves; a machine that does other work meanwhile is slow, not wrong. */
const GONE_WITHIN_MS = 30_000;
const REQUEST_TIMEOUT_MS = 10_000;

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } });
const rounds = Number(values.rounds ?? 20);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) {
  console.error('Usage: npm run crash-loop -- [--rounds 20] [--seed N]  (whole numbers)');
  process.exit(1);
}

/** mulberry32: a printed seed repeats the choice of victims and pauses. */
let state = seed >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

await build({ ifChanged: true });
const dataDir = mkdtempSync(join(tmpdir(), 'commandcenter-crash-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const env = { ...process.env, PORT: String(port), HOST: '127.0.0.1', COMMANDCENTER_DATA: dataDir };
delete env.DATABASE_URL;
delete env.npm_lifecycle_event;
console.log(`seed ${seed}, ${rounds} rounds, data in ${dataDir}, ${url}`);

let launcher = null;
let output = '';

function startLauncher() {
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-20_000);
    });
  }
  child.ended = new Promise((resolve) => child.once('exit', resolve));
  launcher = child;
}

/** Direct children of the launcher by what they run. */
function childPid(name) {
  const pattern = name === 'web' ? /standalone[/\\]server\.js|next-server/ : /dist[/\\]worker\.mjs/;
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  for (const line of table.split('\n')) {
    const [, pid, ppid, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (Number(ppid) === launcher.pid && pattern.test(args)) return Number(pid);
  }
  return null;
}

function databasePid() {
  let home = dataDir;
  try {
    home = readFileSync(join(dataDir, 'pg.location'), 'utf8').trim();
  } catch {
    // The usual case: the database lies in the data directory.
  }
  try {
    return Number(readFileSync(join(home, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return null;
  }
}

function victimPid(target) {
  if (target === 'launcher') return launcher.pid;
  return target === 'database' ? databasePid() : childPid(target);
}

let token = '';

async function request(method, path, body) {
  const response = await fetch(`${url}${path}`, {
    method,
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
}

async function healthy() {
  try {
    return (await request('GET', '/api/health')).status === 200;
  } catch {
    return false;
  }
}

async function waitHealthy(what) {
  const startedAt = performance.now();
  while (!(await healthy())) {
    if (performance.now() - startedAt > BACK_WITHIN_MS)
      throw new Error(`${what}: not back after ${BACK_WITHIN_MS / 1000} s`);
    if (launcher.exitCode !== null)
      throw new Error(`${what}: the launcher ended by itself with code ${launcher.exitCode}`);
    await sleep(100);
  }
  return (performance.now() - startedAt) / 1000;
}

/** Per miner: the last write the API acknowledged, and the last that was sent. */
const ledger = [];
/** Names whose creation, and names whose deletion, was acknowledged. */
const created = new Map();
const deleted = new Set();
const counts = { acknowledged: 0, refused: 0, unanswered: 0 };
let writing = true;

async function attempt(method, path, body) {
  try {
    const answer = await request(method, path, body);
    if (answer.status >= 200 && answer.status < 300) {
      counts.acknowledged += 1;
      return answer;
    }
    // Without a database the API says so (503); anything else is a fault.
    if (answer.status !== 503)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    counts.refused += 1;
  } catch (error) {
    if (/^\w+ \/api/.test(error.message)) throw error;
    counts.unanswered += 1;
  }
  return null;
}

const miner = (name) => ({
  name,
  power_draw_watts: 3000,
  start_voltage: 54,
  stop_voltage: 52,
  emergency_stop_voltage: 50,
  enabled: false,
});

async function write(number) {
  if (number % 10 === 0) {
    const name = `short-lived ${number}`;
    const made = await attempt('POST', '/api/miners', miner(name));
    if (!made) return;
    created.set(name, made.body.id);
    // Every other one stays.
    if (number % 20 !== 0) return;
    created.delete(name);
    if (await attempt('DELETE', `/api/miners/${made.body.id}`)) deleted.add(name);
    return;
  }
  const entry = ledger[number % ledger.length];
  entry.sent = number;
  if (await attempt('PUT', `/api/miners/${entry.id}`, { model: `write ${number}` }))
    entry.acknowledged = number;
}

async function client() {
  for (let number = 1; writing; number++) {
    const before = counts.acknowledged;
    await write(number);
    if (counts.acknowledged === before) await sleep(50);
  }
}

/** A process that has ended, collected by its parent or not. */
function isGone(pid) {
  try {
    return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .startsWith('Z');
  } catch {
    return true;
  }
}

/** Web and worker of a killed launcher end by themselves; until then they would answer in their successors' place. */
async function waitGone(when, pids) {
  const deadline = performance.now() + GONE_WITHIN_MS;
  for (;;) {
    const left = pids.filter((pid) => pid !== null && !isGone(pid));
    if (left.length === 0) return;
    if (performance.now() > deadline) {
      const what = execFileSync('ps', ['-o', 'pid=,etime=,args=', '-p', left.join()], {
        encoding: 'utf8',
      }).trim();
      throw new Error(`${when}: this outlived the launcher by ${GONE_WITHIN_MS / 1000} s:\n${what}`);
    }
    await sleep(50);
  }
}

async function waitReplaced(when, target, pid) {
  const deadline = performance.now() + BACK_WITHIN_MS;
  while ([null, pid].includes(victimPid(target))) {
    if (performance.now() > deadline) throw new Error(`${when}: not started again`);
    await sleep(50);
  }
}

/** Every miner; a 503 of the first moments (a connection that died with the database) is asked again. */
async function readMiners(when) {
  for (let tries = 1; ; tries++) {
    const { status, body } = await request('GET', '/api/miners');
    if (status === 200) return body;
    if (status !== 503 || tries === 20) throw new Error(`${when}: GET /api/miners answers ${status}`);
    await sleep(250);
  }
}

/** The client goes on while the rows are read: what it had done before must be there, what it does meanwhile may be. */
async function verify(when) {
  const acknowledgedBefore = new Map(ledger.map(({ id, acknowledged }) => [id, acknowledged]));
  const createdBefore = [...created.keys()];
  const deletedBefore = [...deleted];
  const body = await readMiners(when);
  const missing = [];
  for (const { id, sent } of ledger) {
    const acknowledged = acknowledgedBefore.get(id);
    const stored = Number(/^write (\d+)$/.exec(body.find((row) => row.id === id)?.model ?? '')?.[1] ?? 0);
    if (!(stored >= acknowledged && stored <= sent)) {
      missing.push(`${id}: acknowledged ${acknowledged}, sent ${sent}, stored ${stored}`);
    }
  }
  const names = body.map((row) => row.name);
  for (const name of createdBefore) {
    if (created.has(name) && names.filter((found) => found === name).length !== 1)
      missing.push(`${name}: created, not there once`);
  }
  for (const name of deletedBefore) if (names.includes(name)) missing.push(`${name}: deleted, but there`);
  if (missing.length > 0) throw new Error(`${when}: acknowledged writes lost:\n${missing.join('\n')}`);
}

async function main() {
  startLauncher();
  for (;;) {
    try {
      if ((await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(2_000) })).status > 0) break;
    } catch {
      if (launcher.exitCode !== null) throw new Error('the first start failed');
      await sleep(100);
    }
  }
  token = execFileSync(
    process.execPath,
    [join(root, 'dist', 'token.mjs'), '--name', 'crash-loop', '--scope', 'admin'],
    {
      env,
      encoding: 'utf8',
    },
  ).trim();
  await waitHealthy('first start');
  for (let index = 0; index < MINERS; index++) {
    const { status, body } = await request('POST', '/api/miners', miner(`kept ${index}`));
    if (status !== 201) throw new Error(`POST /api/miners answers ${status}: ${JSON.stringify(body)}`);
    ledger.push({ id: body.id, acknowledged: 0, sent: 0 });
  }
  let clientError = null;
  const finished = client().catch((error) => {
    clientError = error;
  });

  const upcoming = [];
  for (let round = 1; round <= rounds; round++) {
    // Each of the four comes once in four rounds, in a drawn order.
    if (upcoming.length === 0) upcoming.push(...TARGETS);
    const [target] = upcoming.splice(Math.floor(random() * upcoming.length), 1);
    await sleep(random() * 3_000);
    const before = counts.acknowledged;
    const pid = victimPid(target);
    if (pid === null) throw new Error(`round ${round}: no ${target} to kill`);
    const orphans = target === 'launcher' ? [childPid('web'), childPid('worker')] : [];
    process.kill(pid, 'SIGKILL');
    let note = '';
    if (target === 'launcher') {
      await launcher.ended;
      startLauncher();
      if (random() < 0.5) {
        // Again, somewhere in the middle of starting up.
        const delay = random() * 1_500;
        await sleep(delay);
        orphans.push(childPid('web'), childPid('worker'));
        launcher.kill('SIGKILL');
        await launcher.ended;
        startLauncher();
        note = `, and again ${delay.toFixed(0)} ms into the next start`;
      }
    } else {
      await waitReplaced(`round ${round} (${target})`, target, pid);
    }
    await waitGone(`round ${round} (${target})`, orphans);
    const seconds = await waitHealthy(`round ${round} (${target})`);
    await verify(`round ${round} (${target})`);
    if (clientError) throw clientError;
    console.log(
      `round ${String(round).padStart(2)}: killed ${target}${note}; well again after ${seconds.toFixed(1)} s, ` +
        `${counts.acknowledged - before} writes acknowledged meanwhile`,
    );
  }
  writing = false;
  await finished;
  if (clientError) throw clientError;

  launcher.kill('SIGTERM');
  const code = await launcher.ended;
  if (code !== 0) throw new Error(`SIGTERM: the launcher ended with code ${code}`);
  if (databasePid() !== null) throw new Error('SIGTERM: the database still runs');
  startLauncher();
  await waitHealthy('last start');
  await verify('at the end');
  if (counts.acknowledged < rounds)
    throw new Error(`only ${counts.acknowledged} writes were acknowledged: nothing is proved`);
}

let failure = null;
try {
  await main();
} catch (error) {
  failure = error;
}
writing = false;
if (launcher && launcher.exitCode === null) {
  launcher.kill('SIGTERM');
  await launcher.ended;
}
// A launcher that was told to end before it had adopted the database leaves it running.
const leftDatabase = databasePid();
if (leftDatabase !== null && !isGone(leftDatabase)) process.kill(leftDatabase, 'SIGINT');
console.log(
  `${counts.acknowledged} writes acknowledged, ${counts.refused} refused (503), ${counts.unanswered} without an answer`,
);
if (failure) {
  console.error(
    `FAILED (repeat with --seed ${seed}): ${failure.message}\n--- last output of the launcher, data kept in ${dataDir}\n${output}`,
  );
  process.exit(1);
}
rmSync(dataDir, { recursive: true, force: true });
console.log(`${rounds} rounds: every start needed no hand, every acknowledged write is there.`);
