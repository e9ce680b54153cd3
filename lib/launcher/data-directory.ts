import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { LaunchError, systemCode } from './launch-error';
import type { Account } from './run';

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EEXIST: 'a part of the path is a file, not a directory',
  ENOSPC: 'the disk is full',
};

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** The data directory as an absolute path: `COMMANDCENTER_DATA`, else `.data` in the project. */
export function dataDirectory(projectDir: string, env: NodeJS.ProcessEnv = process.env): string {
  return resolve(projectDir, env.COMMANDCENTER_DATA || '.data');
}

/**
 * Creates the data directory when missing, closes it to other users, proves that it can be written to.
 * @returns its real path, all links resolved.
 * @throws LaunchError naming the path, the reason and the user.
 */
export function prepareDataDirectory(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true });
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const probe = join(path, `.write-test-${process.pid}-${randomBytes(4).toString('hex')}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    const code = systemCode(error) ?? 'unknown error';
    throw new LaunchError(
      `The data directory ${path} cannot be written to: ${REASONS[code] ?? code} (user ${userName()}). ` +
        'Correct its owner or permissions, or name another directory in COMMANDCENTER_DATA.',
    );
  }
  try {
    // Passage for the server's group (0710, see openPassage) may stay.
    if ((statSync(path).mode & 0o067) !== 0) chmodSync(path, 0o700);
  } catch (error) {
    // A mounted disk without permissions, or a directory of another user that we may write to.
    if (systemCode(error) !== 'EPERM' && systemCode(error) !== 'ENOTSUP') throw error;
  }
  return realpathSync(path);
}

/** Lets the server's user pass through the directory (not list it); only needed when the launcher is root. */
export function openPassage(path: string, account: Account | null): void {
  if (!account) return;
  chownSync(path, process.getuid?.() ?? 0, account.gid);
  chmodSync(path, 0o710);
}

/** @throws LaunchError when fewer than `neededMb` megabytes (10^6 bytes) are free there. */
export function requireDiskSpace(path: string, neededMb: number): void {
  const { bavail, bsize } = statfsSync(path);
  const freeMb = Math.floor((bavail * bsize) / 1e6);
  if (freeMb < neededMb) {
    throw new LaunchError(
      `The disk of ${path} has ${freeMb} MB free; creating the database needs ${neededMb} MB. ` +
        'Free some space, or name a directory on another disk in COMMANDCENTER_DATA.',
    );
  }
}

/**
 * Reads a secret file, or makes it once (mode 0600). Of two processes at once both get the same secret,
 * and a power cut leaves either no file or a whole one.
 */
export function secretFile(path: string, make: () => string): string {
  const existing = readSecret(path);
  if (existing !== null) return existing;
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(file, `${make()}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const secret = readSecret(path);
  if (secret === null) throw new LaunchError(`${path} is empty. Delete it and start again.`);
  return secret;
}

function readSecret(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    if (systemCode(error) === 'EACCES') {
      throw new LaunchError(`${path} cannot be read by user ${userName()}. Start as the user who owns it.`);
    }
    throw error;
  }
}
