import { existsSync } from 'node:fs';
import { keepEmbeddedDatabase } from './embedded-database';
import { LaunchError } from './launch-error';
import { clusterDirectory, findRunningPostgres } from './postgres';
import { databaseUrl as embeddedUrl } from './postgres-session';
import { nameBuiltMigrations, projectDirectory, readLaunchSettings } from './settings';

/**
 * Runs the work on the site's database: the one that runs, else the embedded one, started for the moment. Which one it
 * is goes to stderr: a shell that does not know COMMANDCENTER_DATA must not pass for the one that does.
 * `makes`: a site that is not there yet is made. @throws LaunchError when there is none and none is to be made.
 */
export async function withSiteDatabase<T>(
  work: (url: string) => Promise<T>,
  { makes = false }: { readonly makes?: boolean } = {},
): Promise<T> {
  return open(work, { shared: true, makes });
}

/**
 * The same for work that nobody may disturb.
 * @throws LaunchError when CommandCenter runs on the embedded database; on a server of the owner's the caller looks.
 */
export async function withIdleSiteDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  return open(work, { shared: false, makes: true });
}

interface Opening {
  readonly shared: boolean;
  readonly makes: boolean;
}

async function open<T>(work: (url: string) => Promise<T>, { shared, makes }: Opening): Promise<T> {
  const projectDir = projectDirectory();
  nameBuiltMigrations(projectDir);
  const { databaseUrl, dataDir } = readLaunchSettings(projectDir);
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  if (databaseUrl) {
    say('Database: the one in DATABASE_URL');
    return work(databaseUrl);
  }
  const isThere = existsSync(clusterDirectory(dataDir));
  if (!isThere && !makes) {
    throw new LaunchError(
      `There is no site in ${dataDir}. If yours is elsewhere, say where, as it is started: ` +
        'COMMANDCENTER_DATA=/its/directory npm run …',
    );
  }
  say(`Data: ${dataDir}${isThere ? '' : ' (there was no site: a new one is made)'}`);
  const running = shared ? await findRunningPostgres(dataDir) : null;
  if (running) return work(embeddedUrl(running, 'commandcenter'));
  const own = await keepEmbeddedDatabase({
    dataDir,
    onEvent: () => {},
    onMoved: () => {},
    onLost: () => {},
  });
  try {
    return await work(own.url);
  } finally {
    await own.stop();
  }
}
