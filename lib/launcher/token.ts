import { connect } from '@/db/client';
import { createApiToken } from '@/lib/auth/tokens';
import { OWNER_ID } from '@/lib/core/defaults';
import { runCommand } from './command';
import { migrateWithPatience } from './migrate-with-patience';
import { withSiteDatabase } from './site-database';
import { readTokenRequest } from './token-request';

async function main(): Promise<void> {
  const { name, scope, expiresDays } = readTokenRequest(process.argv.slice(2));
  const issue = async (url: string) => {
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
  };
  const token = await withSiteDatabase(issue, { makes: true });
  process.stdout.write(`${token}\n`);
}

runCommand(main);
