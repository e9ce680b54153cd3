import { readFileSync } from 'node:fs';

/** The parent of a process, on Linux; null elsewhere and when it is gone. */
function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/**
 * npm does not pass SIGTERM on: it dies and leaves its script behind. Calls `onGone` when that happened.
 * Does nothing when the process was not started by npm.
 */
export function watchNpm(onGone: () => void, env: NodeJS.ProcessEnv = process.env): void {
  if (!env.npm_lifecycle_event) return;
  const parent = process.ppid;
  // A shell may stand between npm and this process, and it outlives npm.
  const grandparent = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === grandparent) return;
    clearInterval(timer);
    onGone();
  }, 1_000);
  timer.unref();
}
