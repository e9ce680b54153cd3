import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { setUpDatabase } from '@/lib/devices/setup-database';
import { freePort } from '@/lib/launcher/free-port';
import { startPostgres } from '@/lib/launcher/postgres';
import { isAlive } from '@/lib/launcher/process-state';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's address of the test server, its database left open: replace the path. */
    testServerUrl: string;
    /** The migrated database that each test file gets a copy of. */
    testTemplate: string;
  }
}

const PREFIX = 'commandcenter-test-';

/** Files in memory, on Linux. */
const MEMORY = '/dev/shm';
/** The databases that all files hold at once, and what PostgreSQL writes ahead, with room to spare. */
const NEEDED_BYTES = 4 * 1024 ** 3;

/** In memory, where that has the room: each test copies a database of a thousand small files. */
function scratchDirectory(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return Math.min(bavail * bsize, process.availableMemory()) < NEEDED_BYTES ? tmpdir() : MEMORY;
}

/** Stops and removes what a killed test run left behind. */
async function sweepLeftovers(): Promise<void> {
  const directories = [tmpdir(), MEMORY].filter(existsSync);
  for (const dataDir of directories.flatMap((parent) =>
    readdirSync(parent).map((name) => join(parent, name)),
  )) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(basename(dataDir))?.[1]);
    if (!pid || isAlive(pid)) continue;
    try {
      const leftover = await startPostgres({ dataDir, port: await freePort() });
      await leftover.stop();
    } catch {
      // Nothing usable in it: only the files have to go.
    }
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function startServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  if (process.env.TEST_DATABASE_URL) return { url: process.env.TEST_DATABASE_URL, stop: async () => {} };
  await sweepLeftovers();
  const dataDir = mkdtempSync(join(scratchDirectory(), `${PREFIX}${process.pid}-`));
  const server = await startPostgres({
    dataDir,
    port: await freePort(),
    // A test's data need not survive a power cut; many files run at once.
    settings: { fsync: 'off', max_connections: '200', max_wal_size: '256MB' },
  });
  return {
    url: server.url('postgres'),
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** One PostgreSQL server for the whole run, with one migrated template database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  const template = `cc_template_${process.pid}_${randomBytes(4).toString('hex')}`;
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  await sql`create database ${sql(template)}`;

  const url = new URL(server.url);
  url.pathname = `/${template}`;
  await setUpDatabase(url.href);

  project.provide('testServerUrl', server.url);
  project.provide('testTemplate', template);
  return async () => {
    await sql`drop database if exists ${sql(template)} with (force)`;
    await sql.end();
    await server.stop();
  };
}
