import { keepEmbeddedDatabase } from './embedded-database';
import { findRunningPostgres } from './postgres';
import { databaseUrl as embeddedUrl } from './postgres-session';
import { nameBuiltMigrations, projectDirectory, readLaunchSettings } from './settings';

/** Runs the work on the site's database: the one that runs, else the embedded one, started for the moment. */
export async function withSiteDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  return open(work, { shared: true });
}

/**
 * The same for work that nobody may disturb.
 * @throws LaunchError when CommandCenter runs on the embedded database; on a server of the owner's the caller looks.
 */
export async function withIdleSiteDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  return open(work, { shared: false });
}

async function open<T>(work: (url: string) => Promise<T>, { shared }: { shared: boolean }): Promise<T> {
  const projectDir = projectDirectory();
  nameBuiltMigrations(projectDir);
  const { databaseUrl, dataDir } = readLaunchSettings(projectDir);
  if (databaseUrl) return work(databaseUrl);
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
