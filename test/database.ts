import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { inject } from 'vitest';

export interface TestDatabase {
  /** What `connect()` of db/client.ts takes. */
  url: string;
  /** Removes the database; open connections to it are closed. */
  drop(): Promise<void>;
}

async function onServer<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(inject('testServerUrl'), { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

async function createCopy(sql: postgres.Sql, name: string, template: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await sql`create database ${sql(name)} template ${sql(template)} strategy file_copy`;
      return;
    } catch (error) {
      // The server lets one copy at a time work on a template.
      if (!(error instanceof postgres.PostgresError && error.code === '55006') || attempt === 50) throw error;
      await sleep(100);
    }
  }
}

/**
 * An own database for the calling test file: a copy of the migrated and seeded one, or an empty one.
 * The file drops it in `afterAll`.
 */
export async function createTestDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const name = `cc_test_${randomBytes(8).toString('hex')}`;
  const template = options.empty ? 'template1' : inject('testTemplate');
  await onServer((sql) => createCopy(sql, name, template));
  const url = new URL(inject('testServerUrl'));
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => onServer(async (sql) => void (await sql`drop database if exists ${sql(name)} with (force)`)),
  };
}
