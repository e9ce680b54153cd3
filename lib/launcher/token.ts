import { connect } from '@/db/client';
import { createApiToken } from '@/lib/auth/tokens';
import { OWNER_ID } from '@/lib/core/defaults';
import { keepEmbeddedDatabase } from './embedded-database';
import { LaunchError } from './launch-error';
import { migrateWithPatience } from './migrate-with-patience';
import { findRunningPostgres } from './postgres';
import { databaseUrl as embeddedUrl } from './postgres-session';
import { nameBuiltMigrations, projectDirectory, readLaunchSettings } from './settings';
import { readTokenRequest } from './token-request';

/** Runs the work on the site's database: the one that runs, else the embedded one, started for the moment. */
async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const projectDir = projectDirectory();
  nameBuiltMigrations(projectDir);
  const { databaseUrl, dataDir } = readLaunchSettings(projectDir);
  if (databaseUrl) return work(databaseUrl);
  const running = await findRunningPostgres(dataDir);
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

async function main(): Promise<void> {
  const { name, scope, expiresDays } = readTokenRequest(process.argv.slice(2));
  const token = await withDatabase(async (url) => {
    await migrateWithPatience({
      url,
      signal: new AbortController().signal,
      // Only the token goes to stdout.
      onEvent: (text) => void process.stderr.write(`${text}\n`),
    });
    const connection = connect(url, { max: 1, applicationName: 'commandcenter-token' });
    try {
      const expiresAt = expiresDays === null ? null : new Date(Date.now() + expiresDays * 86_400_000);
      return (await createApiToken(connection.db, { ownerId: OWNER_ID, name, scope, expiresAt })).token;
    } finally {
      await connection.end();
    }
  });
  process.stdout.write(`${token}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof LaunchError ? error.message : error instanceof Error ? error.stack : error}\n`,
    );
    process.exit(1);
  },
);
