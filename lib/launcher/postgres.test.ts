import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '@/test/bundle';
import { serverAccount } from './account';
import { requireDiskSpace } from './data-directory';
import { keepEmbeddedDatabase } from './embedded-database';
import { freePort } from './free-port';
import { type EmbeddedPostgres, findRunningPostgres, startPostgres } from './postgres';
import { readPidFile } from './postgres-control';
import { takeLauncherLock } from './postgres-session';
import { processState } from './process-state';

const directories: string[] = [];

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'commandcenter-launcher-'));
  directories.push(directory);
  return directory;
}

const children: ChildProcess[] = [];

/** A process of the user that the server runs as. */
async function programOfServerUser(clusterDir: string, script: string): Promise<ChildProcess> {
  const account = await serverAccount(clusterDir);
  const child = spawn('/bin/sh', ['-c', script], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'ignore'],
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
  });
  children.push(child);
  return child;
}

async function query<T>(server: EmbeddedPostgres, statement: string): Promise<T[]> {
  const sql = postgres(server.url('postgres'), { max: 1, onnotice: () => {} });
  try {
    return (await sql.unsafe(statement)) as unknown as T[];
  } finally {
    await sql.end();
  }
}

function postmasterPid(dataDir: string): number {
  const pidFile = readPidFile(join(dataDir, 'pg'));
  if (!pidFile) throw new Error('the server does not run');
  return pidFile.pid;
}

/** What a left-over lock file looks like: the real one with another pid in it. */
function pidFileOf(pid: number, directory: string, port: number): string {
  return [pid, join(directory, 'pg'), 1_700_000_000, port, '', '127.0.0.1', '', 'ready   ', ''].join('\n');
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

describe('one cluster, one mishap after another', () => {
  const dataDir = newDirectory();
  const clusterDir = join(dataDir, 'pg');
  let port = 0;
  let server: EmbeddedPostgres;

  beforeAll(async () => {
    port = await freePort();
    server = await startPostgres({ dataDir, port });
    await query(server, 'create table kept (id int primary key)');
  }, 30_000);

  afterAll(async () => {
    await server.stop();
  }, 30_000);

  test('a fresh cluster is durable, private, checksummed and knows letters beyond ASCII', async () => {
    const settings = await query<{ name: string; setting: string }>(
      server,
      `select name, setting from pg_settings where name in
       ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'listen_addresses',
        'unix_socket_directories', 'TimeZone') order by name`,
    );
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      TimeZone: 'UTC',
      data_checksums: 'on',
      fsync: 'on',
      full_page_writes: 'on',
      listen_addresses: '127.0.0.1',
      synchronous_commit: 'on',
      unix_socket_directories: '',
    });
    expect(await query(server, "select lower('ÄÖ') as lower, 'é' ilike 'É' as alike")).toEqual([
      { lower: 'äö', alike: true },
    ]);
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o067).toBe(0);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('pg.init'))).toEqual([]);
  });

  test('a wrong password is refused', async () => {
    const sql = postgres(`postgres://commandcenter:wrong@127.0.0.1:${port}/postgres`, { max: 1 });
    await expect(sql`select 1`).rejects.toMatchObject({ code: '28P01' });
    await sql.end();
  });

  test('a server that outlived its launcher is adopted, and found without starting one', async () => {
    const again = await startPostgres({ dataDir });
    expect(again).toMatchObject({ adopted: true, address: { port } });
    expect(await findRunningPostgres(dataDir)).toEqual(again.address);
    expect(await findRunningPostgres(newDirectory())).toBeNull();
  });

  test('after kill -9 every acknowledged row is there', async () => {
    await query(server, 'insert into kept select generate_series(1, 1000)');
    const pid = postmasterPid(dataDir);
    process.kill(pid, 'SIGKILL');
    server = await startPostgres({ dataDir, port });
    expect(server.adopted).toBe(false);
    expect(await query(server, 'select count(*)::int as rows from kept')).toEqual([{ rows: 1000 }]);
  }, 20_000);

  test.skipIf(process.platform !== 'linux')(
    'a stale lock file whose pid went to another program of the same user does not block the start',
    async () => {
      await server.stop();
      const other = await programOfServerUser(clusterDir, 'exec sleep 600');
      writeFileSync(join(clusterDir, 'postmaster.pid'), pidFileOf(other.pid ?? 0, dataDir, port));
      server = await startPostgres({ dataDir, port });
      expect(await query(server, 'select count(*)::int as rows from kept')).toEqual([{ rows: 1000 }]);
      expect(other.exitCode).toBeNull();
    },
  );

  test.skipIf(process.platform !== 'linux')(
    'a zombie that holds the pid counts as dead after a few seconds',
    async () => {
      await server.stop();
      const parent = await programOfServerUser(clusterDir, 'sleep 0.01 & echo $!; exec sleep 600');
      const [chunk] = (await once(parent.stdout ?? parent, 'data')) as [Buffer];
      const zombie = Number(chunk.toString());
      while ((await processState(zombie, clusterDir)) !== 'zombie') await sleep(20);
      writeFileSync(join(clusterDir, 'postmaster.pid'), pidFileOf(zombie, dataDir, port));
      const startedAt = performance.now();
      server = await startPostgres({ dataDir, port });
      expect(performance.now() - startedAt).toBeLessThan(8_000);
    },
    15_000,
  );

  test('a taken port is left alone', async () => {
    await server.stop();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
    try {
      server = await startPostgres({ dataDir, port });
      expect(server.address.port).not.toBe(port);
    } finally {
      squatter.close();
    }
  });

  test('a replaced password file is named instead of waiting for ever', async () => {
    const file = join(dataDir, 'postgres.password');
    const right = readFileSync(file, 'utf8');
    writeFileSync(file, 'another\n');
    try {
      await expect(startPostgres({ dataDir })).rejects.toThrow(/refuses the password in postgres\.password/);
    } finally {
      writeFileSync(file, right);
    }
  });

  test('data of another major version are named, not called corrupt', async () => {
    await server.stop();
    const file = join(clusterDir, 'PG_VERSION');
    for (const [version, expected] of [
      ['17', /written by PostgreSQL 17, this version brings 18: it comes from an older CommandCenter/],
      ['19', /written by PostgreSQL 19, this version brings 18: it comes from a newer CommandCenter/],
    ] as const) {
      writeFileSync(file, `${version}\n`);
      await expect(startPostgres({ dataDir })).rejects.toThrow(expected);
    }
    writeFileSync(file, '18\n');
    server = await startPostgres({ dataDir, port });
  });

  test('the lock admits one launcher and tells it when the connection is gone', async () => {
    let lost = 0;
    const first = await takeLauncherLock(server.address, () => {
      lost += 1;
    });
    expect(first?.held()).toBe(true);
    expect(await takeLauncherLock(server.address, () => {})).toBeNull();
    await query(
      server,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'commandcenter-launcher'",
    );
    await expect.poll(() => lost).toBe(1);
    expect(first?.held()).toBe(false);
    await first?.release();
    const second = await takeLauncherLock(server.address, () => {});
    expect(second?.held()).toBe(true);
    await second?.release();
  });
});

test('a killed server is brought back on the same port under the same lock', async () => {
  const dataDir = newDirectory();
  const events: string[] = [];
  // Beside the usual port: another site on this machine takes that one while nobody listens there.
  await startPostgres({ dataDir, port: await freePort() });
  const database = await keepEmbeddedDatabase({
    dataDir,
    onEvent: (text) => events.push(text),
    onMoved: (url) => events.push(`moved ${url}`),
    onLost: (error) => events.push(`lost ${error}`),
  });
  const pid = postmasterPid(dataDir);
  process.kill(pid, 'SIGKILL');
  await expect
    .poll(() => events, { timeout: 15_000 })
    .toEqual(['was still running, adopted', 'connection lost, bringing it back', 'started']);
  const sql = postgres(database.url, { max: 1 });
  expect((await sql<{ one: number }[]>`select 1 as one`)[0]?.one).toBe(1);
  await sql.end();
  await database.stop();
  expect(existsSync(join(dataDir, 'pg', 'postmaster.pid'))).toBe(false);
}, 30_000);

let keepDatabase: string;
beforeAll(async () => {
  keepDatabase = await bundle('test/keep-database.ts');
});

/** Another launcher, as far as the database goes: prints `up` or its error, and stays. */
function otherLauncher(dataDir: string): ChildProcess & { said: string } {
  const child = spawn(process.execPath, [keepDatabase, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const launcher = Object.assign(child, { said: '' });
  child.stdout.on('data', (chunk: Buffer) => {
    launcher.said += chunk.toString();
  });
  return launcher;
}

test('of two launchers at once on an empty directory exactly one runs, the other says why not', async () => {
  const dataDir = newDirectory();
  const launchers = [otherLauncher(dataDir), otherLauncher(dataDir)];
  await expect
    .poll(() => launchers.filter(({ exitCode }) => exitCode === 1).length, { timeout: 30_000 })
    .toBe(1);
  const loser = launchers.find(({ exitCode }) => exitCode === 1);
  const winner = launchers.find(({ exitCode }) => exitCode !== 1);
  await expect.poll(() => winner?.said, { timeout: 30_000 }).toBe('up\n');
  expect(loser?.said).toMatch(/CommandCenter already runs on the data in /);
  winner?.kill('SIGTERM');
  if (winner) await once(winner, 'exit');
  expect(readdirSync(dataDir).filter((name) => name.startsWith('pg.init'))).toEqual([]);
}, 70_000);

test('killed during initdb at several moments, the next start needs no hand', async () => {
  const dataDir = newDirectory();
  let interrupted = 0;
  for (const delayMs of [50, 150, 300, 450]) {
    const launcher = otherLauncher(dataDir);
    await expect
      .poll(() => readdirSync(dataDir).some((name) => name.startsWith('pg.init')) || launcher.said !== '', {
        timeout: 15_000,
        interval: 10,
      })
      .toBe(true);
    await sleep(delayMs);
    launcher.kill('SIGKILL');
    await once(launcher, 'exit');
    if (!existsSync(join(dataDir, 'pg'))) interrupted += 1;
  }
  expect(interrupted).toBeGreaterThan(0);
  const server = await startPostgres({ dataDir, port: await freePort() });
  expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.stop();
}, 60_000);

describe('refusals that say what to do', () => {
  test('a data directory that cannot be written to', async () => {
    const file = join(newDirectory(), 'file');
    writeFileSync(file, '');
    await expect(startPostgres({ dataDir: join(file, 'data') })).rejects.toThrow(
      /The data directory .*file\/data cannot be written to: a part of the path is a file, .*COMMANDCENTER_DATA/,
    );
  });

  test.skipIf(process.getuid?.() === 0)(
    'a data directory without permission (root has every permission)',
    async () => {
      const directory = newDirectory();
      chmodSync(directory, 0o500);
      await expect(startPostgres({ dataDir: directory })).rejects.toThrow(/permission denied \(user /);
    },
  );

  test('something else where the database should be', async () => {
    const dataDir = newDirectory();
    mkdirSync(join(dataDir, 'pg'));
    writeFileSync(join(dataDir, 'pg', 'note.txt'), 'mine');
    await expect(startPostgres({ dataDir })).rejects.toThrow(/is not empty and is no database/);
    expect(readFileSync(join(dataDir, 'pg', 'note.txt'), 'utf8')).toBe('mine');
  });

  test('a path that the tools of PostgreSQL would hand to a shell', async () => {
    const dataDir = join(newDirectory(), 'a$(b)');
    await expect(startPostgres({ dataDir })).rejects.toThrow(/in its path/);
  });

  test('a disk that is too small', () => {
    expect(() => requireDiskSpace(tmpdir(), 1e9)).toThrow(
      /has \d+ MB free; creating the database needs 1000000000 MB/,
    );
  });
});

test('a path with spaces and umlauts works', async () => {
  const base = newDirectory();
  chmodSync(base, 0o755);
  const dataDir = join(base, 'Hütte am See', 'daten');
  const server = await startPostgres({ dataDir, port: await freePort() });
  expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.stop();
  expect(existsSync(join(dataDir, 'pg', 'PG_VERSION'))).toBe(true);
}, 20_000);

test.skipIf(process.getuid?.() !== 0)(
  'started by root below a directory closed to others, the database lives where its user can reach it (root only)',
  async () => {
    const dataDir = join(newDirectory(), 'data');
    const server = await startPostgres({ dataDir, port: await freePort() });
    const home = readFileSync(join(dataDir, 'pg.location'), 'utf8').trim();
    directories.push(home);
    expect(home).toMatch(/^\/var\/lib\/commandcenter\/data-/);
    expect(await findRunningPostgres(dataDir)).toEqual(server.address);
    await server.stop();
    const again = await startPostgres({ dataDir, port: await freePort() });
    expect(readFileSync(join(dataDir, 'pg.location'), 'utf8').trim()).toBe(home);
    await again.stop();
  },
  20_000,
);
