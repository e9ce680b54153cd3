import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type postgres from 'postgres';
import { rebuildDatabase } from '@/db/migrate';
import { MigrationError } from '@/db/migration-error';
import { SIMULATED_SITE_DEVICES } from '@/lib/drivers/simulated/devices';
import { BackupError, type Contents, type TableShape } from './format';
import { type CheckedBackup, readRows } from './read';
import { ownTables } from './tables';

/** What stands in the database that a restore would replace; null: nothing that anybody would miss. */
export async function whatIsThere(sql: postgres.Sql): Promise<{ owner: string; ticks: number } | null> {
  const [tables] = await sql<{ there: boolean }[]>`
    select to_regclass('users') is not null and to_regclass('telemetry') is not null as there`;
  if (!tables?.there) return null;
  const [found] = await sql<{ owner: string | null; ticks: number }[]>`
    select (select email from users where password_hash like '$argon2id$%' order by created_at limit 1) as owner,
      (select count(*)::int from telemetry where not simulated) as ticks`;
  if (!found || (found.owner === null && found.ticks === 0)) return null;
  return { owner: found.owner ?? 'nobody', ticks: found.ticks };
}

/** Which of CommandCenter's own processes use this database now, but for `except`. */
export async function whoUses(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select distinct application_name as name from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and application_name in ('commandcenter-web', 'commandcenter-worker', 'commandcenter-leader', 'commandcenter-errands')
    order by 1`;
  return rows.map(({ name }) => name.replace('commandcenter-', ''));
}

/**
 * Puts a checked backup in the place of all that the database holds, then brings it to this version; one transaction:
 * whole or not at all. Nobody is signed in afterwards, and no command of that time is carried out.
 * @returns the number of rows restored.
 * @throws BackupError
 */
export async function restoreBackup(
  sql: postgres.Sql,
  { path, manifest, contents }: CheckedBackup,
): Promise<number> {
  try {
    return await sql.begin(async (tx) => {
      await tx`select set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, MDY', true),
        set_config('statement_timeout', '0', true)`;
      await rebuildDatabase(tx, {
        tables: ownTables(),
        migrations: manifest.migrations,
        defaultDevices: SIMULATED_SITE_DEVICES,
        fill: () => fillTables(tx, path, manifest.tables, contents),
      });
      await tx`update commands set ended_at = now(), error = 'Not carried out: a backup was restored.' where ended_at is null`;
      return contents.tables.reduce((sum, { rows }) => sum + rows, 0);
    });
  } catch (error) {
    throw inWords(error);
  }
}

function inWords(error: unknown): unknown {
  if (error instanceof MigrationError && error.code === 'database_newer') {
    return new BackupError(
      'A newer version of CommandCenter wrote this backup. Update CommandCenter (git pull && npm install), then restore it.',
      { cause: error },
    );
  }
  if (error instanceof MigrationError) return new BackupError(error.message, { cause: error });
  return error;
}

async function fillTables(
  tx: postgres.TransactionSql,
  path: string,
  shapes: readonly TableShape[],
  contents: Contents,
): Promise<void> {
  const rows = readRows(path);
  try {
    let part = await rows.next();
    for (const shape of shapes) {
      await addMissingColumns(tx, shape);
      // What a migration wrote itself would stand in the way.
      await tx.unsafe(`delete from "${shape.name}"`);
      const copy = await openCopy(tx, shape);
      while (!part.done && part.value.table === shape.name) {
        for await (const chunk of part.value.chunks) await copy.write(chunk);
        part = await rows.next();
      }
      await copy.end();
      await continueIdentities(tx, shape.name);
      const [counted] = await tx.unsafe<{ rows: number }[]>(
        `select count(*)::float8 as rows from "${shape.name}"`,
      );
      const promised = contents.tables.find(({ name }) => name === shape.name)?.rows ?? 0;
      if (counted?.rows !== promised) {
        throw new BackupError(
          `${shape.name}: ${promised} rows are in the backup and ${counted?.rows ?? 0} came back; nothing was changed.`,
        );
      }
    }
  } finally {
    await rows.return(undefined);
  }
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Columns that the owner has added to our tables. */
async function addMissingColumns(tx: postgres.TransactionSql, { name, columns }: TableShape): Promise<void> {
  const there = await tx<{ name: string }[]>`
    select attname as name from pg_attribute where attrelid = ${quoted(name)}::regclass and attnum > 0`;
  const names = new Set(there.map((column) => column.name));
  for (const column of columns) {
    if (!names.has(column.name))
      await tx.unsafe(`alter table ${quoted(name)} add column ${quoted(column.name)} ${column.type}`);
  }
}

/** Numbering goes on after the highest number that came back. */
async function continueIdentities(tx: postgres.TransactionSql, table: string): Promise<void> {
  const columns = await tx<{ name: string; sequence: string }[]>`
    select attname as name, pg_get_serial_sequence(${quoted(table)}, attname) as sequence
    from pg_attribute where attrelid = ${quoted(table)}::regclass and attidentity <> '' and not attisdropped`;
  for (const { name, sequence } of columns) {
    await tx.unsafe(
      `select setval('${sequence}', greatest((select coalesce(max(${quoted(name)}), 0) from ${quoted(table)}), 0) + 1, false)`,
    );
  }
}

interface CopyIn {
  write(chunk: Buffer): Promise<void>;
  /** Resolves when the server has taken all rows. */
  end(): Promise<void>;
}

/** A COPY into a table, written by hand: `stream.pipeline` into postgres.js never resolves. */
async function openCopy(tx: postgres.TransactionSql, { name, columns }: TableShape): Promise<CopyIn> {
  const list = columns.map((column) => quoted(column.name)).join(', ');
  const stream: Writable = await tx.unsafe(`copy ${quoted(name)} (${list}) from stdin`).writable();
  const failed = new Promise<never>((_, reject) => stream.once('error', reject));
  failed.catch(() => {});
  return {
    async write(chunk) {
      if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), failed]);
    },
    async end() {
      const handedOver = whenHandedOver(stream);
      const finished = once(stream, 'finish');
      stream.end();
      // The driver tells nobody when the server refuses the last rows: the next statement of the transaction does.
      const answered = handedOver.then(() => tx`select 1`);
      await Promise.race([finished, failed, answered.then(() => finished)]);
    },
  };
}

/** Resolves when everything written has gone to the server. */
function whenHandedOver(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const final = stream._final.bind(stream);
    stream._final = (callback) => {
      final(callback);
      resolve();
    };
  });
}
