import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverAccount } from './account';
import { openPassage, prepareDataDirectory, secretFile } from './data-directory';
import { freePort } from './free-port';
import { LaunchError, systemCode } from './launch-error';
import { canEnter, locateBinaries, SYSTEM_DIRECTORY } from './postgres-binaries';
import { initialise, requireSameMajor, serverConfiguration, writeConfiguration } from './postgres-cluster';
import { type Cluster, discardPidFile, readPidFile, startServer, stopServer } from './postgres-control';
import { askServer, databaseUrl, type ServerAddress } from './postgres-session';
import { processState } from './process-state';
import type { Account } from './run';

const DEFAULT_PORT = 54329;
/** A killed server that its parent has not collected yet keeps its pid; by then nothing of it runs. */
const ZOMBIE_PATIENCE_MS = 5_000;
const PORT_PATIENCE_MS = 3_000;
/** Recovery after a power cut on a slow disk. */
const START_PATIENCE_MS = 150_000;

export interface EmbeddedPostgres {
  address: ServerAddress;
  /** True when the server ran already, left by a launcher that was killed. */
  adopted: boolean;
  url(database: string): string;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  dataDir: string;
  /** Preferred; another free one is taken when it is in use. */
  port?: number;
  /** Additional server settings; they win over the launcher's own. */
  settings?: Readonly<Record<string, string>>;
  onProgress?: (line: string) => void;
}

/**
 * Starts the embedded server of this data directory, creating it at the first time, or adopts the one that runs.
 * @throws LaunchError that says what the owner can do.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await prepareCluster(options);
  const { port, adopted } = await startOrAdopt(cluster, options);
  const address = { port, password: cluster.password };
  return {
    address,
    adopted,
    url: (database) => databaseUrl(address, database),
    stop: () => stopServer(cluster),
  };
}

/**
 * The running embedded server of this data directory, without starting one.
 * @returns null when none runs, or when it is not ours to read.
 */
export async function findRunningPostgres(dataDir: string): Promise<ServerAddress | null> {
  try {
    const clusterDir = clusterDirectory(dataDir);
    const port = readPidFile(clusterDir)?.port;
    if (!port) return null;
    const address = { port, password: readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim() };
    return (await askServer(address, clusterDir)) === 'ours' ? address : null;
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes(systemCode(error) ?? '')) return null;
    throw error;
  }
}

/** Where the embedded server's files are, whether there are any or not. */
export function clusterDirectory(dataDir: string): string {
  return join(clusterHome(dataDir), 'pg');
}

/** The directory that holds `pg`: the data directory, unless the server's user could not enter that one. */
function clusterHome(dataDir: string): string {
  try {
    return readFileSync(join(dataDir, 'pg.location'), 'utf8').trim() || dataDir;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return dataDir;
    throw error;
  }
}

async function reachableHome(dataDir: string, account: Account | null): Promise<string> {
  const home = clusterHome(dataDir);
  openPassage(home, account);
  if (home !== dataDir || (await canEnter(account, dataDir))) return home;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const elsewhere = join(SYSTEM_DIRECTORY, `data-${name}`);
  mkdirSync(elsewhere, { recursive: true });
  openPassage(elsewhere, account);
  writeFileSync(join(dataDir, 'pg.location'), `${elsewhere}\n`);
  return elsewhere;
}

async function prepareCluster({ dataDir, onProgress }: PostgresOptions): Promise<Cluster> {
  const directory = prepareDataDirectory(dataDir);
  if (/["`$%\n]/.test(directory)) {
    throw new LaunchError(
      `The data directory ${directory} has one of " \` $ % in its path, which PostgreSQL's own tools do not survive. ` +
        'Name another directory in COMMANDCENTER_DATA.',
    );
  }
  const account = await serverAccount(clusterDirectory(directory));
  const home = await reachableHome(directory, account);
  const clusterDir = join(home, 'pg');
  const binaries = await locateBinaries(home, account);
  requireSameMajor(clusterDir, binaries);
  const password = secretFile(join(directory, 'postgres.password'), () =>
    randomBytes(24).toString('base64url'),
  );
  onProgress?.(`database in ${clusterDir}`);
  await initialise({ clusterDir, password, binaries, account });
  return { clusterDir, logFile: join(home, 'postgres.log'), password, binaries, account };
}

async function startOrAdopt(
  cluster: Cluster,
  options: PostgresOptions,
): Promise<{ port: number; adopted: boolean }> {
  const deadline = Date.now() + START_PATIENCE_MS;
  let portMissedSince: number | null = null;
  let zombieSince: number | null = null;
  let preferred: number | undefined = options.port ?? DEFAULT_PORT;
  // Whoever knows the old port would lose the database: what a killed server leaves behind lets go of it soon.
  const mayMove = () => {
    if (!options.port) return true;
    portMissedSince ??= Date.now();
    return Date.now() - portMissedSince >= PORT_PATIENCE_MS;
  };
  while (Date.now() < deadline) {
    const pidFile = readPidFile(cluster.clusterDir);
    if (pidFile) {
      if (await answersAsOurs(cluster, pidFile.port)) return { port: pidFile.port ?? 0, adopted: true };
      const state = await processState(pidFile.pid, cluster.clusterDir);
      if (state === 'other') {
        discardPidFile(cluster.clusterDir, pidFile);
      } else if (state === 'zombie') {
        zombieSince ??= Date.now();
        if (Date.now() - zombieSince > ZOMBIE_PATIENCE_MS) discardPidFile(cluster.clusterDir, pidFile);
        await sleep(200);
        continue;
      } else if (state === 'postgres') {
        // It starts, recovers or stops.
        await sleep(200);
        continue;
      }
    }
    const port = await freePort(preferred);
    if (port !== preferred && !mayMove()) {
      await sleep(200);
      continue;
    }
    writeConfiguration(cluster.clusterDir, cluster.account, serverConfiguration(port, options.settings));
    const result = await startServer(cluster);
    if (result === 'started') {
      if (await answersAsOurs(cluster, port)) return { port, adopted: false };
    } else if (result === 'port taken' && mayMove()) {
      preferred = undefined;
    }
    await sleep(200);
  }
  const holder = readPidFile(cluster.clusterDir);
  throw new LaunchError(
    `The database in ${cluster.clusterDir} does not become ready${holder ? ` (process ${holder.pid})` : ''}. ` +
      `See ${cluster.logFile}.`,
  );
}

async function answersAsOurs(cluster: Cluster, port: number | null): Promise<boolean> {
  if (port === null) return false;
  const answer = await askServer({ port, password: cluster.password }, cluster.clusterDir);
  if (answer !== 'password refused') return answer === 'ours';
  const holder = readPidFile(cluster.clusterDir);
  if (holder?.port !== port || (await processState(holder.pid, cluster.clusterDir)) !== 'postgres')
    return false;
  throw new LaunchError(
    `The database in ${cluster.clusterDir} refuses the password in postgres.password: the file was replaced. ` +
      'Put the one back that belongs to this database (from a backup of the data directory).',
  );
}
