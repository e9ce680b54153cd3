import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSession } from '@/db/client';
import { knownMigrations } from '@/db/migrate';
import { OWNER_ID } from '@/lib/core/defaults';
import { setUpDatabase } from '@/lib/devices/setup-database';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { backupFileName, pruneBackups } from './folder';
import { checkBackup } from './read';
import { restoreBackup, whatIsThere, whoUses } from './restore';
import { ownTables } from './tables';
import { writeBackup } from './write';

const NOW = Date.UTC(2026, 10, 25, 3, 10);
const TICKS = 20_000;
let source: TestDatabase;
let sql: postgres.Sql;
let folder: string;
const opened: { database: TestDatabase; sql: postgres.Sql }[] = [];

beforeAll(async () => {
  source = await createTestDatabase();
  sql = postgres(source.url, { max: 2, onnotice: () => {} });
  // Every kind of value that a text format could spoil.
  await sql`insert into telemetry (user_id, ts, pack_voltage_v, current_a, loads, simulated, config_version)
    select ${OWNER_ID}, '2026-03-29T00:00:00.123456Z'::timestamptz + i * interval '10 s',
      case when i % 7 = 0 then null else 50 + sin(i)::real end, (i % 3 - 1) * 12.34,
      jsonb_build_object('näme', E'a\tb\\\\c\n' || i, 'n', i), i % 2 = 0, i
    from generate_series(1, ${TICKS}) i`;
  await sql`insert into decisions (user_id, ts, load_id, load_name, kind, verdict, sentence, explanation, config_version, kernel_version, simulated)
    select ${OWNER_ID}, now() - i * interval '1 min', 'miner:x', E'S19 "\\\\N" \t', 'miner', 'WAIT', 'déjà vu', '{}', 1, '1', false
    from generate_series(1, 50) i`;
  await sql`insert into commands (user_id, load_id, device_key, desired, state, cause)
    values (${OWNER_ID}, 'miner:x', 'plug', '{"state":"on"}', 'intended', 'START')`;
  await sql`insert into settings_versions (user_id, actor, entity, entity_id, before, after)
    values (${OWNER_ID}, 'me', 'device', 'x', 'null', '{"a":1.50}')`;
  await sql`insert into sessions (user_id, token_hash, expires_at) values (${OWNER_ID}, 'x', now() + interval '1 d')`;
  await sql`update users set password_hash = '$argon2id$test', email = 'me@example.com'`;
  await sql`alter table miner_profiles add column "My note" varchar(40)`;
  await sql`update miner_profiles set "My note" = E'mine, \n "too"'`;
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'commandcenter-backups-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
  for (const { database, sql: connection } of opened.splice(0)) {
    await connection.end({ timeout: 1 });
    await database.drop();
  }
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await source.drop();
});

const openSource = () => openSession(source.url, { applicationName: 'test-backup' });
const write = (options: Partial<Parameters<typeof writeBackup>[0]> = {}) =>
  writeBackup({ open: openSource, folder, now: NOW, ...options });

async function another(options: { empty?: boolean } = { empty: true }): Promise<postgres.Sql> {
  const database = await createTestDatabase(options);
  const connection = openSession(database.url, { applicationName: 'test-restore' });
  opened.push({ database, sql: connection });
  return connection;
}

const KEPT = ownTables().filter(
  (table) =>
    ![
      'sessions',
      'removed_devices',
      'former_connections',
      'device_tests',
      'backup_runs',
      'commands',
    ].includes(table),
);

/** All rows of a database, order aside. */
async function fingerprint(connection: postgres.Sql): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const table of KEPT) {
    const [row] = await connection.unsafe(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as all from "${table}" t`,
    );
    found[table] = row?.all;
  }
  return found;
}
const messageOf = (work: Promise<unknown>) =>
  work.then(
    () => 'it worked',
    (error: Error) => error.message,
  );

describe('a backup', () => {
  it('comes back row for row in an empty database, which then goes on from there', async () => {
    const written = await write();
    expect(written.file).toBe('commandcenter-2026-11-25T031000Z.tar.gz');
    expect(readdirSync(folder)).toEqual([written.file]);
    expect(statSync(join(folder, written.file)).mode & 0o077).toBe(0);
    const checked = await checkBackup(join(folder, written.file));
    expect(checked.contents.tables.find(({ name }) => name === 'telemetry')?.rows).toBe(TICKS);

    const target = await another();
    expect(await restoreBackup(target, checked)).toBe(written.rows);
    expect(await fingerprint(target)).toEqual(await fingerprint(sql));
    const migrations = (on: postgres.Sql) => on`select name from drizzle.__drizzle_migrations order by name`;
    expect([...(await migrations(target))]).toEqual([...(await migrations(sql))]);
    // Nobody is signed in, and no command of that time is carried out.
    expect(await target`select 1 from sessions`).toHaveLength(0);
    expect(await target`select ended_at is null as open from commands`).toEqual([{ open: false }]);
    const [next] = await target<{ id: string; last: string }[]>`
      insert into settings_versions (user_id, actor, entity, entity_id) values (${OWNER_ID}, 'me', 'device', 'y')
      returning id, (select max(id) from settings_versions) as last`;
    expect(Number(next?.id)).toBe(Number(next?.last) + 1);
  });

  it('replaces what a database held, and says what that was', async () => {
    const { file } = await write();
    const target = await another({ empty: false });
    expect(await whatIsThere(target)).toBeNull();
    await target`update users set password_hash = '$argon2id$other', email = 'other@example.com'`;
    await target`insert into devices (user_id, key, name, driver) values (${OWNER_ID}, 'other', 'Other', 'simulated')`;
    expect(await whatIsThere(target)).toEqual({ owner: 'other@example.com', ticks: 0 });
    await restoreBackup(target, await checkBackup(join(folder, file)));
    expect(await fingerprint(target)).toEqual(await fingerprint(sql));
  });

  it('of an earlier schema comes back and is migrated', async () => {
    // The version before the newest migration wrote it.
    const [newest, ...earlier] = knownMigrations().reverse();
    const migrations = join(folder, 'migrations');
    for (const name of earlier)
      cpSync(join('db/migrations', name), join(migrations, name), { recursive: true });
    const database = await createTestDatabase({ empty: true });
    const old = postgres(database.url, { max: 1, onnotice: () => {} });
    opened.push({ database, sql: old });
    vi.stubEnv('COMMANDCENTER_MIGRATIONS', migrations);
    await setUpDatabase(database.url);
    await old`insert into alerts (user_id, key, severity, text, raised_at)
      values (${OWNER_ID}, 'x', 'warning', 'old', now())`;
    const { file } = await write({ open: () => openSession(database.url, { applicationName: 'test-old' }) });
    vi.unstubAllEnvs();

    const target = await another();
    const checked = await checkBackup(join(folder, file));
    expect(checked.manifest.migrations).not.toContain(newest);
    await restoreBackup(target, checked);
    const { applied } = await setUpDatabase(database.url);
    expect(applied).toEqual([newest]);
    const journal = (on: postgres.Sql) =>
      on`select hash, created_at, name from drizzle.__drizzle_migrations order by name`;
    expect([...(await journal(target))]).toEqual([...(await journal(old))]);
    expect(await fingerprint(target)).toEqual(await fingerprint(old));
  });

  it('of a newer version is refused and changes nothing', async () => {
    const { file } = await write();
    const checked = await checkBackup(join(folder, file));
    const target = await another({ empty: false });
    const before = await fingerprint(target);
    const newer = {
      ...checked,
      manifest: { ...checked.manifest, migrations: [...checked.manifest.migrations, '29990101000000_later'] },
    };
    expect(await messageOf(restoreBackup(target, newer))).toMatch(
      /newer version of CommandCenter wrote this backup/,
    );
    expect(await fingerprint(target)).toEqual(before);
  });

  it('is restored whole or not at all', async () => {
    const { file } = await write();
    const checked = await checkBackup(join(folder, file));
    const target = await another({ empty: false });
    const before = await fingerprint(target);
    const tables = checked.contents.tables.map((table) =>
      table.name === 'telemetry' ? { ...table, rows: table.rows + 1 } : table,
    );
    const wrong = { ...checked, contents: { ...checked.contents, tables } };
    expect(await messageOf(restoreBackup(target, wrong))).toMatch(/telemetry: 20001 rows .* 20000 came back/);
    // Rows that the server refuses only once it has them all.
    await target`create table watcher (id uuid)`;
    const shapes = checked.manifest.tables.map((shape) =>
      shape.name === 'users' ? { ...shape, columns: shape.columns.slice(0, -1) } : shape,
    );
    const refused = { ...checked, manifest: { ...checked.manifest, tables: shapes } };
    expect(await messageOf(restoreBackup(target, refused))).not.toBe('it worked');
    expect(await fingerprint(target)).toEqual(before);
  });
});

describe('a damaged file', () => {
  const damage = async (how: (path: string) => void) => {
    const { file } = await write();
    const path = join(folder, file);
    how(path);
    return messageOf(checkBackup(path));
  };

  it('that was cut off is refused, wherever', async () => {
    const { file, bytes } = await write();
    const path = join(folder, file);
    const whole = readFileSync(path);
    for (const share of [0, 0.001, 0.3, 0.9, 0.9999]) {
      writeFileSync(path, whole);
      truncateSync(path, Math.floor(bytes * share));
      expect(await messageOf(checkBackup(path)), `${share}`).toMatch(/damaged|not complete|no backup/);
    }
  });

  it('that was altered is refused', async () => {
    const message = await damage((path) => {
      const plain = gunzipSync(readFileSync(path));
      const at = plain.indexOf('déjà vu');
      plain.write('Déjà', at);
      writeFileSync(path, gzipSync(plain));
    });
    expect(message).toMatch(/the rows of decisions are not what was written/);
  });

  it('that is something else is named so', async () => {
    expect(await damage((path) => writeFileSync(path, 'hello'))).toMatch(/is no backup of CommandCenter/);
    expect(await damage((path) => writeFileSync(path, gzipSync('hello')))).toMatch(/no backup|damaged/);
    expect(await messageOf(checkBackup(join(folder, 'none.tar.gz')))).toMatch(/There is no file/);
  });
});

describe('a backup that fails', () => {
  it('leaves no file when it is broken off in the middle', async () => {
    const stop = new AbortController();
    const work = write({ signal: stop.signal, gentle: true });
    const watch = setInterval(() => {
      const [partial] = readdirSync(folder);
      const found = partial && statSync(join(folder, partial), { throwIfNoEntry: false });
      if (found && found.size > 0) stop.abort();
    }, 1);
    const message = await messageOf(work).finally(() => clearInterval(watch));
    expect(message).toMatch(/abort/);
    expect(readdirSync(folder)).toEqual([]);
    // The database was let go of: the next one works.
    expect((await write()).rows).toBeGreaterThan(TICKS);
  });

  it('leaves no file when the database fails in the middle', async () => {
    let result: Promise<string> | undefined;
    await sql.begin(async (tx) => {
      await tx`lock table telemetry in access exclusive mode`;
      result = messageOf(write({ open: () => openSession(source.url, { applicationName: 'doomed' }) }));
      let cancelled = 0;
      while (cancelled === 0) {
        // From outside: a transaction sees the activity of its beginning.
        const found = await sql`select pg_cancel_backend(pid) from pg_stat_activity
          where application_name = 'doomed' and query like 'copy%' and wait_event_type = 'Lock'`;
        cancelled = found.length;
      }
      await result;
    });
    expect(await result).toMatch(/canceling statement/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says why a folder cannot take it', async () => {
    expect(await messageOf(write({ folder: join(folder, 'none') }))).toMatch(/does not exist/);
    if (process.getuid?.() === 0)
      expect(await messageOf(write({ folder: '/proc' }))).toMatch(/cannot take a backup|ENOENT/);
  });

  it('two at once: one is written, the other says so', async () => {
    const results = await Promise.all([messageOf(write()), messageOf(write({ now: NOW + 1000 }))]);
    expect(results.filter((text) => text === 'it worked')).toHaveLength(1);
    expect(results.filter((text) => /Another backup/.test(text))).toHaveLength(1);
  });
});

it('keeps the newest backups, leaves other files alone and clears what a crash left', async () => {
  const names = Array.from({ length: 5 }, (_, day) => backupFileName(NOW + day * 86_400_000));
  for (const name of [...names, 'photo.jpg', 'commandcenter-notes.tar.gz'])
    writeFileSync(join(folder, name), '');
  writeFileSync(join(folder, `.${names[0]}.partial`), '');
  expect(await pruneBackups(folder, 2, Date.now())).toEqual(names.slice(0, 3).reverse());
  expect(readdirSync(folder)).toHaveLength(5);
  await pruneBackups(folder, 2, Date.now() + 2 * 3_600_000);
  expect(readdirSync(folder).sort()).toEqual(
    ['commandcenter-notes.tar.gz', ...names.slice(3), 'photo.jpg'].sort(),
  );
});

it('lets a backup from the future go before any of the past', async () => {
  const [future = '', ...past] = [3650, 2, 1, 0].map((day) => backupFileName(NOW + day * 86_400_000));
  const inFolder = () => readdirSync(folder).filter((name) => [future, ...past].includes(name));
  for (const name of [future, ...past]) writeFileSync(join(folder, name), '');
  expect(await pruneBackups(folder, 4, NOW + 2 * 86_400_000)).toEqual([]);
  expect(await pruneBackups(folder, 1, NOW + 2 * 86_400_000)).toEqual([...past.slice(1), future]);
  expect(inFolder()).toEqual(past.slice(0, 1));
});

it('knows who uses the database', async () => {
  const worker = openSession(source.url, { applicationName: 'commandcenter-worker' });
  await worker`select 1`;
  expect(await whoUses(sql)).toEqual(['worker']);
  await worker.end({ timeout: 1 });
});
