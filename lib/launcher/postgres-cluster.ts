import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { giveTo } from './account';
import { requireDiskSpace } from './data-directory';
import { LaunchError, systemCode } from './launch-error';
import { binary, type PostgresBinaries } from './postgres-binaries';
import { isAlive } from './process-state';
import { type Account, run } from './run';

/** initdb writes about 40 MB; the rest is room for the write-ahead log of the first days. */
const NEEDED_MB = 200;
const DRAFT_NAME = /^pg\.init-(\d+)-[0-9a-f]+/;
/** No initdb takes longer, not even on an SD card: an older draft is dead even if its pid lives again. */
const DRAFT_MAX_AGE_MS = 3_600_000;

/** Removes what launchers left that were killed during initdb. Never fails: the next start tries again. */
export function sweepDrafts(parentDir: string): void {
  for (const name of readdirSync(parentDir)) {
    const pid = Number(DRAFT_NAME.exec(name)?.[1]);
    if (!pid) continue;
    const path = join(parentDir, name);
    try {
      const ageMs = Date.now() - statSync(path).mtimeMs;
      if (pid !== process.pid && isAlive(pid) && ageMs < DRAFT_MAX_AGE_MS) continue;
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // A child of the killed launcher still writes there.
    }
  }
}

/**
 * Creates the cluster unless it exists: in a directory beside it, then renamed, because an interrupted
 * initdb leaves a directory that looks finished and is not.
 */
export async function initialise(options: {
  clusterDir: string;
  password: string;
  binaries: PostgresBinaries;
  account: Account | null;
}): Promise<void> {
  const { clusterDir, password, binaries, account } = options;
  const parentDir = dirname(clusterDir);
  sweepDrafts(parentDir);
  if (existsSync(join(clusterDir, 'PG_VERSION'))) return;
  if (existsSync(clusterDir) && readdirSync(clusterDir).length > 0) {
    throw new LaunchError(
      `${clusterDir} is not empty and is no database (PG_VERSION is missing). Restore it from a backup, ` +
        'or move it away to begin with an empty database.',
    );
  }
  requireDiskSpace(parentDir, NEEDED_MB);

  const draft = join(parentDir, `pg.init-${process.pid}-${randomBytes(4).toString('hex')}`);
  const passwordFile = `${draft}.password`;
  try {
    mkdirSync(draft, { mode: 0o700 });
    giveTo(account, draft);
    writeFileSync(passwordFile, password, { mode: 0o600, flag: 'wx' });
    giveTo(account, passwordFile);
    const result = await run(
      binary(binaries, 'initdb'),
      [
        '-D',
        draft,
        '-U',
        'commandcenter',
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--data-checksums',
      ],
      { account, cwd: parentDir, env: binaries.env },
    );
    if (result.code !== 0) {
      const reason = result.stderr.trim().split('\n').slice(-3).join(' ') || result.spawnCode;
      throw new LaunchError(`The database could not be created in ${clusterDir}: ${reason}`);
    }
    renameSync(draft, clusterDir);
  } catch (error) {
    // Another launcher was faster: its cluster is as good, and has the same password.
    const lostRace = ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(systemCode(error) ?? '');
    if (!(lostRace && existsSync(join(clusterDir, 'PG_VERSION')))) throw error;
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

/** @throws LaunchError when the cluster was written by another major version than the programs'. */
export function requireSameMajor(clusterDir: string, binaries: PostgresBinaries): void {
  let written: string;
  try {
    written = readFileSync(join(clusterDir, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    if (systemCode(error) === 'EACCES') {
      throw new LaunchError(
        `The database in ${clusterDir} belongs to another user. Start CommandCenter as the user who started it before ` +
          '(root, if it once ran as root), or change the owner of the whole directory to yourself.',
      );
    }
    throw error;
  }
  if (Number(written) === binaries.major) return;
  const relation =
    Number(written) > binaries.major
      ? `it comes from a newer CommandCenter. Update CommandCenter, `
      : `it comes from an older CommandCenter, and PostgreSQL does not read it without a conversion. Go back to the version you had, export, `;
  throw new LaunchError(
    `The database in ${clusterDir} was written by PostgreSQL ${written}, this version brings ${binaries.major}: ${relation}` +
      'or name an empty directory in COMMANDCENTER_DATA.',
  );
}

const GIGABYTE = 1024 ** 3;

/** The server's configuration; durability (fsync, synchronous_commit, full_page_writes) stays at its safe defaults. */
export function serverConfiguration(port: number, extra: Readonly<Record<string, string>> = {}): string {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    max_connections: '40',
    shared_buffers: totalmem() < 2 * GIGABYTE ? '32MB' : '64MB',
    // Three processes fewer on a small board.
    ...(totalmem() < 4 * GIGABYTE ? { io_method: 'sync' } : {}),
    dynamic_shared_memory_type: process.platform === 'win32' ? 'windows' : 'posix',
    // Fewer, larger checkpoints: SD cards wear by the number of writes.
    max_wal_size: '256MB',
    checkpoint_timeout: '15min',
    wal_compression: 'pglz',
    ...(process.platform === 'darwin' ? { wal_sync_method: 'fsync_writethrough' } : {}),
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    datestyle: 'iso, mdy',
    default_text_search_config: 'pg_catalog.simple',
    lc_messages: 'C',
    jit: 'off',
    log_checkpoints: 'off',
    // Statements may hold what does not belong into a log.
    log_min_error_statement: 'panic',
    ...extra,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  return [
    '# Written by CommandCenter at every start. Your own settings: ALTER SYSTEM SET … (postgresql.auto.conf).',
    ...lines,
    '',
  ].join('\n');
}

/** Writes postgresql.conf whole or not at all. */
export function writeConfiguration(clusterDir: string, account: Account | null, text: string): void {
  const draft = join(clusterDir, `postgresql.conf.${process.pid}`);
  writeFileSync(draft, text, { mode: 0o600 });
  giveTo(account, draft);
  renameSync(draft, join(clusterDir, 'postgresql.conf'));
}
