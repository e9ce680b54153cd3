import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@/lib/launcher/free-port';

export interface Stack {
  readonly name: string;
  readonly port: number;
  readonly token: string | null;
  /** CPU time that its processes have used, ms; null where it cannot be read. */
  cpuMs(): number | null;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 30_000;
// 100 on every Linux that Node runs on (sysconf _SC_CLK_TCK).
const CLOCK_TICKS_PER_SECOND = 100;

function cpuMsOf(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / CLOCK_TICKS_PER_SECOND;
  } catch {
    return null;
  }
}

async function startStack(options: {
  name: string;
  command: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  port: number;
  token: string | null;
  cwd?: string;
}): Promise<Stack> {
  const { name, command, env, port, token, cwd } = options;
  const [file, ...args] = command;
  const child: ChildProcess = spawn(file, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output = `${output}${chunk}`.slice(-4000);
    });
  }
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(3000)]);
    child.kill('SIGKILL');
    await ended;
  };
  const headers = token === null ? undefined : { Authorization: `Bearer ${token}` };
  for (const startedAt = Date.now(); ; await sleep(100)) {
    const response = await fetch(`http://127.0.0.1:${port}/api/preferences`, { headers }).catch(() => null);
    if (response?.ok) break;
    if (child.exitCode !== null || Date.now() - startedAt > START_LIMIT_MS) {
      await stop();
      throw new Error(
        `${name} does not serve GET /api/preferences (${response?.status ?? 'no answer'}).\n${output}`,
      );
    }
  }
  return { name, port, token, cpuMs: () => (child.pid === undefined ? null : cpuMsOf(child.pid)), stop };
}

export async function startCommandCenter(
  database: string,
  token: string,
  dataDirectory: string,
): Promise<Stack> {
  const server = resolve('.next/standalone/server.js');
  if (!existsSync(server)) throw new Error('There is no build to measure: run "npm run build" first.');
  const port = await freePort();
  return startStack({
    name: 'CommandCenter',
    command: [process.execPath, '--import', resolve('dist/direct-api.mjs'), server],
    env: {
      DATABASE_URL: database,
      COMMANDCENTER_DATA: dataDirectory,
      COMMANDCENTER_MIGRATIONS: resolve('db/migrations'),
      PORT: String(port),
      HOSTNAME: '127.0.0.1',
      NODE_ENV: 'production',
      KEEP_ALIVE_TIMEOUT: '65000',
      LOG_LEVEL: 'warn',
    },
    port,
    token,
  });
}

export async function startBareDriver(database: string): Promise<Stack> {
  const port = await freePort();
  const loader = createRequire(import.meta.url).resolve('tsx');
  return startStack({
    name: 'bare driver',
    command: [process.execPath, '--import', loader, resolve('bench/api-bare.ts')],
    env: { DATABASE_URL: database, PORT: String(port), NODE_ENV: 'production' },
    port,
    token: null,
  });
}

function pythonWithFastApi(): string | null {
  for (const python of [process.env.PYTHON, 'python3', '/usr/bin/python3']) {
    if (!python) continue;
    try {
      execFileSync(python, ['-c', 'import fastapi, uvicorn, psycopg2'], { stdio: 'ignore' });
      return python;
    } catch {
      // Not this one.
    }
  }
  return null;
}

/** The V1.9 stack's own design, where it and its packages are present; else why it is not measured. */
export async function startV19(database: string): Promise<Stack | string> {
  const app = resolve('../shared/bench/seed_stack/app.py');
  if (!existsSync(app)) return 'V1.9 stack: not present (no app.py).';
  const python = pythonWithFastApi();
  if (python === null) return 'V1.9 stack: not present (no python3 with fastapi, uvicorn and psycopg2).';
  const port = await freePort();
  return startStack({
    name: 'V1.9 stack',
    command: [
      python,
      '-m',
      'uvicorn',
      'app:app',
      '--port',
      String(port),
      '--log-level',
      'warning',
      '--no-access-log',
    ],
    env: { DATABASE_URL: database, PYTHONDONTWRITEBYTECODE: '1' },
    port,
    token: null,
    cwd: join(dirname(app)),
  });
}
