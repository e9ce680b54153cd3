import { randomBytes } from 'node:crypto';
import { readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { BackupError } from './format';
import { FUTURE_MS } from './schedule';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist. Make it first, or mount the disk it is on',
  ENOTDIR: 'it is a file',
  EACCES: 'CommandCenter may not write there. Give its user the right to',
  EPERM: 'CommandCenter may not write there. Give its user the right to',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full. Make room, or keep fewer backups',
  EDQUOT: 'the disk quota is used up. Make room, or keep fewer backups',
  EIO: 'the disk reports an error',
  ENXIO: 'the disk is gone',
  ENODEV: 'the disk is gone',
};

/** An error of the file system in words, with the folder; null when it is another kind of error. */
export function folderProblem(folder: string, error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = REASONS[code];
  return reason === undefined ? null : `The folder ${folder} cannot take a backup: ${reason}.`;
}

export interface FolderFacts {
  /** It is not on the disk that holds the data. */
  readonly otherDisk: boolean;
  readonly freeBytes: number;
}

/**
 * Proves that backups can be written to `folder`. It is never created: where a disk is not mounted, its mount point
 * would fill the system's own disk instead.
 * @throws BackupError saying why not.
 */
export async function inspectFolder(folder: string, dataDirectory: string): Promise<FolderFacts> {
  if (!isAbsolute(folder)) throw new BackupError(`The folder ${folder} must be given with its whole path.`);
  try {
    const [there, disk] = await Promise.all([stat(folder), statfs(folder)]);
    // With a database of the owner's own there may be no data directory.
    const data = await stat(dataDirectory).catch(() => null);
    if (!there.isDirectory()) throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR' });
    const probe = join(folder, `.commandcenter-write-test-${randomBytes(4).toString('hex')}`);
    await writeFile(probe, '', { flag: 'wx', mode: 0o600 });
    await rm(probe);
    return { otherDisk: there.dev !== data?.dev, freeBytes: disk.bavail * disk.bsize };
  } catch (error) {
    const problem = folderProblem(folder, error);
    if (problem === null) throw error;
    throw new BackupError(problem, { cause: error });
  }
}

const FILE = /^commandcenter-\d{4}-\d{2}-\d{2}T\d{6}Z(-\d+)?\.tar\.gz$/;
const PARTIAL = /^\.commandcenter-.*\.tar\.gz\.partial$/;
/** A backup that has not grown for so long was cut off. */
const ABANDONED_MS = 60 * 60_000;

/** "commandcenter-2026-11-25T031000Z.tar.gz": by UTC, so that names sort by age whatever the clocks do. */
export function backupFileName(at: number): string {
  return `commandcenter-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '')}Z.tar.gz`;
}

export const partialFileName = (file: string) => `.${file}.partial`;

/** The backups in a folder, newest first; files of other names are none. */
export async function listBackups(folder: string): Promise<string[]> {
  return (await readdir(folder))
    .filter((name) => FILE.test(name))
    .sort()
    .reverse();
}

/**
 * Removes all but the newest `keep` backups, and what a crash left of unfinished ones. One from the future, by a clock that
 * was wrong, goes first: as the newest it would stay for ever, in the place of a good one.
 */
export async function pruneBackups(folder: string, keep: number, now: number): Promise<string[]> {
  const latest = backupFileName(now + FUTURE_MS);
  const all = await listBackups(folder);
  const old = [...all.filter((name) => name <= latest), ...all.filter((name) => name > latest)].slice(keep);
  for (const name of old) await rm(join(folder, name), { force: true });
  for (const name of (await readdir(folder)).filter((candidate) => PARTIAL.test(candidate))) {
    const path = join(folder, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => now - mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_MS) await rm(path, { force: true });
  }
  return old;
}
