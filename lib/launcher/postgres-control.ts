import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { giveTo } from './account';
import { LaunchError, systemCode } from './launch-error';
import { binary, type PostgresBinaries } from './postgres-binaries';
import { type Account, run } from './run';

/** Everything that the commands on one cluster have in common. */
export interface Cluster {
  /** The data directory of PostgreSQL (`…/pg`). */
  clusterDir: string;
  logFile: string;
  password: string;
  binaries: PostgresBinaries;
  account: Account | null;
}

export interface PidFile {
  pid: number;
  /** Null while the server has not written it yet. */
  port: number | null;
}

/** What `postmaster.pid` says; null when there is none. It proves nothing: the pid may be another's by now. */
export function readPidFile(clusterDir: string): PidFile | null {
  let lines: string[];
  try {
    lines = readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
  // A single-user server writes its pid negative.
  const pid = Math.abs(Number(lines[0]));
  return pid > 0 ? { pid, port: Number(lines[3]) || null } : null;
}

/** Removes the file if it still is the one that was judged stale. */
export function discardPidFile(clusterDir: string, stale: PidFile): void {
  const now = readPidFile(clusterDir);
  if (now?.pid === stale.pid && now.port === stale.port)
    rmSync(join(clusterDir, 'postmaster.pid'), { force: true });
}

const MAX_LOG_BYTES = 2_000_000;

/** Rotates the server's log and makes sure that the server's user can write to it; returns its size. */
function prepareLog(cluster: Cluster): number {
  const size = statSync(cluster.logFile, { throwIfNoEntry: false })?.size ?? 0;
  const rotate = size > MAX_LOG_BYTES;
  if (rotate) renameSync(cluster.logFile, `${cluster.logFile}.1`);
  closeSync(openSync(cluster.logFile, 'a', 0o600));
  giveTo(cluster.account, cluster.logFile);
  return rotate ? 0 : size;
}

/** The server's own lines about a failure since that offset. */
function failureLines(logFile: string, offset: number): string[] {
  const text = readFileSync(logFile).subarray(offset).toString('utf8');
  return text
    .split('\n')
    .filter((line) => /\b(FATAL|PANIC|ERROR|HINT|could not|cannot)\b/.test(line))
    .map((line) => line.replace(/^\S+ \S+ \S+ \[\d+\] /, ''))
    .slice(-6);
}

/** `started`, or what stands in the way and may be gone at the next try. */
export type StartResult = 'started' | 'port taken' | 'locked';

/**
 * One try to start the server.
 * @throws LaunchError with the server's own reason when trying again cannot help.
 */
export async function startServer(cluster: Cluster): Promise<StartResult> {
  const { clusterDir, logFile, binaries, account } = cluster;
  const offset = prepareLog(cluster);
  const result = await run(
    binary(binaries, 'pg_ctl'),
    ['start', '-w', '-t', '120', '-D', clusterDir, '-l', logFile],
    { account, cwd: dirname(clusterDir), env: binaries.env, output: false },
  );
  if (result.code === 0) return 'started';

  const lines = failureLines(logFile, offset);
  const said = lines.join('\n');
  if (/Address already in use|could not bind/.test(said)) return 'port taken';
  if (/lock file "postmaster\.pid" already exists|pre-existing shared memory block/.test(said))
    return 'locked';
  if (/No space left on device/.test(said)) {
    throw new LaunchError(
      `The disk of ${clusterDir} is full; the database cannot start. Nothing is lost: free some space and start again.`,
    );
  }
  if (/incompatible with server/.test(said)) {
    throw new LaunchError(
      `The database in ${clusterDir} was written by another PostgreSQL version:\n${said}`,
    );
  }
  throw new LaunchError(
    `The database in ${clusterDir} does not start${said ? `:\n${said}` : ` (${result.spawnCode ?? `pg_ctl ended with ${result.code}`}).`}\n` +
      `More in ${logFile}.`,
  );
}

/** Stops the server and waits; fast first, at once if that takes more than 30 s. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const { clusterDir, binaries, account } = cluster;
  for (const mode of ['fast', 'immediate']) {
    const result = await run(
      binary(binaries, 'pg_ctl'),
      ['stop', '-m', mode, '-w', '-t', '30', '-D', clusterDir],
      { account, cwd: dirname(clusterDir), env: binaries.env, output: false },
    );
    if (result.code === 0 || readPidFile(clusterDir) === null) return;
  }
  throw new LaunchError(`The database in ${clusterDir} does not stop.`);
}
