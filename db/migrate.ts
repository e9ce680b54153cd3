import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import postgres from 'postgres';
import { adoptV19 } from './adopt-v19';
import { MigrationError } from './migration-error';
import { type DefaultDevice, type SeedReport, seed } from './seed';
import { readTables } from './table-shape';

export interface MigrationReport {
  readonly status: 'ok';
  readonly applied: readonly string[];
  readonly alreadyApplied: readonly string[];
  readonly tables: readonly string[];
  /** How many rows of each default were missing and are there now. */
  readonly defaultData: SeedReport;
}

/** "ccmg": one migration at a time on a server. */
const MIGRATION_LOCK = 0x63636d67;

interface Migration {
  readonly name: string;
  readonly hash: string;
  readonly folderMillis: number;
  readonly sql: readonly string[];
}

/** From the sources, or beside the bundle: the launcher names it in COMMANDCENTER_MIGRATIONS. */
function readMigrations(): Migration[] {
  const folder = process.env.COMMANDCENTER_MIGRATIONS ?? resolve('db/migrations');
  // Without the marks the build would copy the whole project, data directory included, beside the server.
  if (!existsSync(/* turbopackIgnore: true */ folder))
    throw new Error(`No migrations in ${folder}. Run "npm run build" again.`);
  return readMigrationFiles({ migrationsFolder: join(/* turbopackIgnore: true */ folder) }).map((file) => ({
    ...file,
    name: file.name ?? file.hash,
  }));
}

/** The names of this version's migrations, oldest first. */
export function knownMigrations(): string[] {
  return readMigrations().map((migration) => migration.name);
}

async function readJournal(tx: postgres.TransactionSql): Promise<Set<string>> {
  await tx`create schema if not exists drizzle`;
  // Drizzle's own journal, so that its tools read it too; its older versions kept no names.
  await tx`create table if not exists drizzle.__drizzle_migrations (
    id serial primary key, hash text not null, created_at bigint, name text, applied_at timestamptz default now())`;
  await tx`alter table drizzle.__drizzle_migrations add column if not exists name text`;
  const rows = await tx<
    { name: string }[]
  >`select name from drizzle.__drizzle_migrations where name is not null`;
  return new Set(rows.map((row) => row.name));
}

/** @throws MigrationError when a table that the migration makes is there already: somebody else's. */
async function requireFreeNames(
  tx: postgres.TransactionSql,
  migration: Migration,
  schema: string,
): Promise<void> {
  const made = migration.sql.flatMap((statement) => /^\s*CREATE TABLE "(\w+)"/.exec(statement)?.[1] ?? []);
  const there = await readTables(tx, schema);
  const taken = made.filter((name) => there.includes(name));
  if (taken.length === 0) return;
  throw new MigrationError(
    'table_taken',
    `The database holds ${taken.join(', ')} already, which CommandCenter did not make. Rename that ` +
      `(alter table ${taken[0]} rename to …), or give CommandCenter a database of its own; nothing was changed.`,
  );
}

/** Applies the pending migrations, up to and with the one named `until` where that is given. */
async function applyPending(
  tx: postgres.TransactionSql,
  journal: ReadonlySet<string>,
  until?: string,
): Promise<string[]> {
  const migrations = readMigrations();
  const [home] = await tx<{ name: string }[]>`select current_schema() as name`;
  const schema = home?.name ?? 'public';
  const applied: string[] = [];
  for (const [position, migration] of migrations.entries()) {
    if (!journal.has(migration.name)) {
      if (position === 0) await adoptV19(tx, migration.sql);
      else {
        await requireFreeNames(tx, migration, schema);
        for (const statement of migration.sql) await tx.unsafe(statement);
      }
      await tx`insert into drizzle.__drizzle_migrations (hash, created_at, name)
        values (${migration.hash}, ${migration.folderMillis}, ${migration.name})`;
      applied.push(migration.name);
    }
    if (migration.name === until) break;
  }
  return applied;
}

/** @throws MigrationError when `applied` names a migration that this version does not know. */
function requireKnown(applied: Iterable<string>): void {
  const known = new Set(knownMigrations());
  const unknown = [...applied].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new MigrationError(
    'database_newer',
    `The database was migrated by a newer version (${unknown.join(', ')}).`,
  );
}

/** One migration at a time on a server, until the transaction ends. */
async function lockMigrations(tx: postgres.TransactionSql): Promise<void> {
  await tx`select pg_advisory_xact_lock(${MIGRATION_LOCK})`;
}

async function migrateInside(
  tx: postgres.TransactionSql,
  defaultDevices: readonly DefaultDevice[],
): Promise<MigrationReport> {
  // An index over years of rows may take longer than a server lets others work.
  await tx`set local statement_timeout = 0`;
  await lockMigrations(tx);
  const journal = await readJournal(tx);
  requireKnown(journal);
  const applied = await applyPending(tx, journal);
  const defaultData = await seed(tx, defaultDevices);
  const [home] = await tx<{ name: string }[]>`select current_schema() as name`;
  return {
    status: 'ok',
    applied,
    alreadyApplied: [...journal].sort(),
    tables: await readTables(tx, home?.name ?? 'public'),
    defaultData,
  };
}

/**
 * Brings a database to this version: pending migrations, an owner's V1.9 tables adopted in place, missing defaults.
 * One transaction under an advisory lock: it is done whole or not at all, and safe to repeat.
 * @throws MigrationError naming what stands in the way.
 */
export async function migrateDatabase(
  url: string,
  options: { defaultDevices?: readonly DefaultDevice[] } = {},
): Promise<MigrationReport> {
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    connection: { application_name: 'commandcenter-migrate' },
  });
  try {
    return await sql.begin((tx) => migrateInside(tx, options.defaultDevices ?? []));
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/**
 * Puts the tables back as they were at an earlier schema, empty, lets `fill` write their rows, then brings them to this
 * version: in the caller's transaction. `tables` names ours, and what is in them goes.
 * @throws MigrationError when `migrations` holds one that this version does not know.
 */
export async function rebuildDatabase(
  tx: postgres.TransactionSql,
  options: {
    readonly tables: readonly string[];
    readonly migrations: readonly string[];
    readonly fill: () => Promise<void>;
    readonly defaultDevices: readonly DefaultDevice[];
  },
): Promise<void> {
  requireKnown(options.migrations);
  await lockMigrations(tx);
  await readJournal(tx);
  // At once, because they refer to each other; a view or a foreign table key of the owner's stops it.
  await tx.unsafe(`drop table if exists ${options.tables.map((table) => `"${table}"`).join(', ')}`);
  await tx`delete from drizzle.__drizzle_migrations`;
  const until = knownMigrations().findLast((name) => options.migrations.includes(name));
  await applyPending(tx, new Set(), until);
  await options.fill();
  await migrateInside(tx, options.defaultDevices);
}
