import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { systemCode } from './launch-error';
import { run } from './run';

/**
 * What a pid stands for now: `postgres` (the server of this directory, as far as the system tells),
 * `zombie` (ended, not yet collected by its parent), `other` (the pid was given to another program), `dead`.
 */
export type ProcessState = 'postgres' | 'zombie' | 'other' | 'dead';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

function linuxState(pid: number, directory: string): ProcessState {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return isAlive(pid) ? 'other' : 'dead';
  }
  // The name stands in parentheses and may itself hold spaces and parentheses.
  const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
  const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  if (state === 'Z' || state === 'X') return 'zombie';
  if (name !== 'postgres') return 'other';
  try {
    // The server works inside its data directory: a namesake of another cluster does not.
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(directory) ? 'postgres' : 'other';
  } catch {
    return 'postgres';
  }
}

/** What `pid` is now, seen from the database server that would work in `directory`. */
export async function processState(pid: number, directory: string): Promise<ProcessState> {
  if (process.platform === 'linux') return linuxState(pid, directory);
  if (!isAlive(pid)) return 'dead';
  if (process.platform === 'win32') {
    const listed = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']);
    return /^"postgres\.exe"/im.test(listed.stdout) ? 'postgres' : 'other';
  }
  const listed = await run('ps', ['-o', 'stat=,comm=', '-p', String(pid)]);
  const [state = '', ...name] = listed.stdout.trim().split(/\s+/);
  if (state === '') return 'dead';
  if (state.startsWith('Z')) return 'zombie';
  return /(^|\/)postgres$/.test(name.join(' ')) ? 'postgres' : 'other';
}
