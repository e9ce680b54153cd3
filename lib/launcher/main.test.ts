import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { STOP_PATIENCE_MS } from './child';
import { freePort } from './free-port';
import { findRunningPostgres, startPostgres } from './postgres';
import { databaseUrl } from './postgres-session';
import { processState } from './process-state';

/** A project whose launcher is the real one, bundled as the build does, and whose web and worker are small stand-ins. */
const project = mkdtempSync(join(tmpdir(), 'commandcenter-project-'));
const running: Launcher[] = [];
const dataDirectories: string[] = [];

beforeAll(async () => {
  chmodSync(project, 0o755);
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  symlinkSync(join(process.cwd(), 'node_modules'), join(project, 'node_modules'));
  await build({
    entryPoints: {
      launcher: 'lib/launcher/main.ts',
      'exit-guard': 'lib/launcher/exit-guard.ts',
      'direct-api': 'lib/web/preload.ts',
    },
    outdir: join(project, 'dist'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  });
  cpSync('db/migrations', join(project, 'dist', 'migrations'), { recursive: true });
  mkdirSync(join(project, '.next', 'standalone'), { recursive: true });
  writeFileSync(
    join(project, '.next', 'standalone', 'server.js'),
    `import { createServer } from 'node:http';
     console.log('web pid ' + process.pid);
     const server = createServer((request, response) => {
       if (request.url === '/api/health') { response.writeHead(503); response.end('{"status":"not ok"}'); return; }
       response.write('data: open\\n\\n');
     });
     server.listen(Number(process.env.PORT), process.env.HOSTNAME);
     process.on('SIGTERM', () => server.close());`,
  );
  writeFileSync(
    join(project, 'dist', 'worker.mjs'),
    `console.log(JSON.stringify({ level: 30, msg: 'worker pid ' + process.pid }));
     process.send({ type: 'ready' });
     setInterval(() => {}, 1000);
     process.on('SIGTERM', () => process.exit(0));`,
  );
});

afterAll(async () => {
  // What a test that failed has left.
  for (const { child } of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  for (const dataDir of dataDirectories) {
    if (await findRunningPostgres(dataDir)) await (await startPostgres({ dataDir })).stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  rmSync(project, { recursive: true, force: true });
}, 60_000);

function newDataDirectory(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'commandcenter-main-'));
  dataDirectories.push(dataDir);
  return dataDir;
}

interface Launcher {
  child: ChildProcess;
  said: () => string;
}

function launch(env: Record<string, string>): Launcher {
  const { DATABASE_URL: _external, npm_lifecycle_event: _npm, ...inherited } = process.env;
  const child = spawn(process.execPath, [join(project, 'dist', 'launcher.mjs')], {
    env: { ...inherited, NODE_ENV: 'production', ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const launcher = { child, said: () => text };
  running.push(launcher);
  return launcher;
}

async function live(launcher: Launcher): Promise<void> {
  await vi.waitFor(() => expect(launcher.said()).toContain('  Open http://'), 20_000);
  await vi.waitFor(() => expect(launcher.said()).toMatch(/worker pid \d+/));
}

function pidOf(launcher: Launcher, name: 'web' | 'worker'): number {
  return Number([...launcher.said().matchAll(new RegExp(`${name} pid (\\d+)`, 'g'))].at(-1)?.[1]);
}

/** A zombie that nobody has collected yet does nothing any more. */
async function runs(pid: number): Promise<boolean> {
  return !['dead', 'zombie'].includes(await processState(pid, project));
}

async function exitCode(launcher: Launcher): Promise<number | null> {
  if (launcher.child.exitCode !== null) return launcher.child.exitCode;
  const [code] = (await once(launcher.child, 'exit')) as [number | null];
  return code;
}

test.concurrent('from nothing to a live page; a second start is refused; SIGTERM ends all with a stream open', async () => {
  const dataDir = newDataDirectory();
  const port = await freePort();
  const first = launch({ COMMANDCENTER_DATA: dataDir, PORT: String(port) });
  await live(first);
  const code = readFileSync(join(dataDir, 'first-run-code'), 'utf8').trim();
  expect(first.said()).toContain(`Open http://127.0.0.1:${port}/setup?code=${code}`);
  const log = readFileSync(join(dataDir, 'logs', 'commandcenter.log'), 'utf8');
  expect(log).toMatch(/web +web pid/);
  expect(log).not.toContain(code);
  for (const secret of ['secret.key', 'first-run-code', 'postgres.password']) {
    expect(statSync(join(dataDir, secret)).mode & 0o777).toBe(0o600);
  }
  expect(readFileSync(join(dataDir, 'secret.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);

  const second = launch({ COMMANDCENTER_DATA: dataDir, PORT: String(await freePort()) });
  expect(await exitCode(second)).toBe(1);
  expect(second.said()).toContain(`CommandCenter already runs on the data in ${dataDir}`);
  expect(await runs(pidOf(first, 'web'))).toBe(true);

  const stream = await fetch(`http://127.0.0.1:${port}/`);
  const reader = stream.body?.getReader();
  await reader?.read();
  const startedAt = performance.now();
  first.child.kill('SIGTERM');
  expect(await exitCode(first)).toBe(0);
  // None of them had to be killed.
  expect(performance.now() - startedAt).toBeLessThan(STOP_PATIENCE_MS);
  expect(await runs(pidOf(first, 'web'))).toBe(false);
  expect(await runs(pidOf(first, 'worker'))).toBe(false);
  expect(existsSync(join(dataDir, 'pg', 'postmaster.pid'))).toBe(false);
}, 60_000);

test.concurrent('killed with SIGKILL it takes web and worker along, and the next start adopts the database', async () => {
  const dataDir = newDataDirectory();
  const port = String(await freePort());
  const first = launch({ COMMANDCENTER_DATA: dataDir, PORT: port });
  await live(first);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const next = launch({ COMMANDCENTER_DATA: dataDir, PORT: port });
  await live(next);
  expect(next.said()).toContain('was still running, adopted');
  expect(await runs(pidOf(first, 'web'))).toBe(false);
  expect(await runs(pidOf(first, 'worker'))).toBe(false);

  const web = pidOf(next, 'web');
  process.kill(web, 'SIGKILL');
  await vi.waitFor(() => expect(pidOf(next, 'web')).not.toBe(web), 5_000);

  const address = await findRunningPostgres(dataDir);
  if (!address) throw new Error('the database does not run');
  const sql = postgres(databaseUrl(address, 'commandcenter'), { max: 1 });
  await sql`insert into drizzle.__drizzle_migrations (hash, created_at, name) values ('x', 1, '29990101000000_later')`;
  await sql.end();
  next.child.kill('SIGTERM');
  expect(await exitCode(next)).toBe(0);

  const older = launch({ COMMANDCENTER_DATA: dataDir, PORT: port });
  expect(await exitCode(older)).toBe(1);
  expect(older.said()).toMatch(/come from a newer version of CommandCenter\. Update CommandCenter/);
}, 60_000);

test.concurrent('a taken port is named with the cure, and nothing stays behind', async () => {
  const dataDir = newDataDirectory();
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
  const address = squatter.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const launcher = launch({ COMMANDCENTER_DATA: dataDir, PORT: String(port) });
  expect(await exitCode(launcher)).toBe(1);
  expect(launcher.said()).toMatch(
    new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken .*PORT=\\d+ npm start`),
  );
  expect(existsSync(join(dataDir, 'pg', 'postmaster.pid'))).toBe(false);
  squatter.close();
}, 60_000);

test.concurrent('with DATABASE_URL nothing embedded starts, and the server is left running at the end', async () => {
  const serverDir = newDataDirectory();
  const server = await startPostgres({
    dataDir: serverDir,
    port: await freePort(),
    settings: { fsync: 'off' },
  });
  const dataDir = newDataDirectory();
  const launcher = launch({
    COMMANDCENTER_DATA: dataDir,
    PORT: String(await freePort()),
    DATABASE_URL: server.url('postgres'),
  });
  await live(launcher);
  expect(existsSync(join(dataDir, 'pg'))).toBe(false);
  expect(launcher.said()).not.toContain(server.address.password);
  launcher.child.kill('SIGINT');
  expect(await exitCode(launcher)).toBe(0);
  expect(await findRunningPostgres(serverDir)).not.toBeNull();
  await server.stop();
}, 60_000);

test.concurrent('when nobody reads its output any more it stops in order instead of spinning', async () => {
  const dataDir = newDataDirectory();
  const launcher = launch({ COMMANDCENTER_DATA: dataDir, PORT: String(await freePort()) });
  launcher.child.stdout?.destroy();
  expect(await exitCode(launcher)).toBe(0);
  expect(existsSync(join(dataDir, 'pg', 'postmaster.pid'))).toBe(false);
}, 60_000);
