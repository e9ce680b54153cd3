import { chownSync, statSync } from 'node:fs';
import { LaunchError } from './launch-error';
import { type Account, run } from './run';

export function runsAsRoot(): boolean {
  return process.getuid?.() === 0;
}

async function lookUp(name: string): Promise<Account | null> {
  const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
  if (uid.code !== 0 || gid.code !== 0) return null;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/**
 * PostgreSQL refuses to run as root. Null when the launcher is not root; else the owner of an existing
 * cluster, else the system user `postgres` or `commandcenter`, which is created when both are missing.
 */
export async function serverAccount(clusterDir: string): Promise<Account | null> {
  if (!runsAsRoot()) return null;
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };

  const existing = (await lookUp('postgres')) ?? (await lookUp('commandcenter'));
  if (existing) return existing;
  const created = await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/var/lib/commandcenter',
    '--shell',
    '/usr/sbin/nologin',
    'commandcenter',
  ]);
  const account = await lookUp('commandcenter');
  if (account) return account;
  throw new LaunchError(
    `PostgreSQL does not run as root, and the system user "commandcenter" could not be created (${
      created.stderr.trim() || created.spawnCode || 'no reason given'
    }). Start CommandCenter as a normal user, or create that user yourself: useradd --system commandcenter`,
  );
}

/** Gives a path to the server's user; nothing to do when the launcher is not root. */
export function giveTo(account: Account | null, path: string): void {
  if (account) chownSync(path, account.uid, account.gid);
}
