import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type postgres from 'postgres';
import { pack as createPack } from 'tar-stream';
import { APP_VERSION } from '@/lib/version';
import { backupFileName, folderProblem, partialFileName } from './folder';
import {
  BackupError,
  CONTENTS,
  type Contents,
  FORMAT_VERSION,
  MANIFEST,
  type Manifest,
  partName,
  type TableShape,
} from './format';
import { readShapes } from './tables';

/** A part of a table is held in memory whole, because tar writes its size first. */
const PART_BYTES = 2 * 1024 * 1024;
/** "ccbk": one backup at a time per database. */
const BACKUP_LOCK = 0x6363626b;
const NEWLINE = 0x0a;

export interface WriteOptions {
  /** A session of the backup's own: it is closed at the end, at once when something fails. */
  readonly open: () => postgres.Sql;
  readonly folder: string;
  /** Epoch ms. */
  readonly now: number;
  readonly signal?: AbortSignal;
  /** Rests as long as it works, so that the control of the site never waits for it. */
  readonly gentle?: boolean;
}

export interface WrittenBackup {
  readonly file: string;
  readonly bytes: number;
  readonly rows: number;
}

/**
 * Writes the whole database, as it stands at one moment, into one file of `folder`; constant memory. The file gets its
 * name only once it is complete and on the disk.
 * @throws BackupError in words; whatever goes wrong, nothing that looks like a backup is left.
 */
export async function writeBackup(options: WriteOptions): Promise<WrittenBackup> {
  const { folder, signal } = options;
  const file = await freeName(folder, options.now);
  const partial = join(folder, partialFileName(file));
  const sql = options.open();
  let whole = false;
  try {
    const rows = await sql.begin('isolation level repeatable read read only', async (tx) => {
      const [lock] = await tx<
        { taken: boolean }[]
      >`select pg_try_advisory_xact_lock(${BACKUP_LOCK}) as taken`;
      if (!lock?.taken) throw new BackupError('Another backup of this database is being written right now.');
      // The same text whatever the server's own settings: any server can read it back.
      await tx`select set_config(name, value, true) from (values ('timezone', 'UTC'), ('datestyle', 'ISO, MDY'),
        ('intervalstyle', 'postgres'), ('extra_float_digits', '1'), ('statement_timeout', '0')) as s(name, value)`;
      return await writeArchive(tx, { ...options, partial });
    });
    await toDisk(partial);
    signal?.throwIfAborted();
    await rename(partial, join(folder, file));
    await toDisk(folder).catch(() => {});
    whole = true;
    return { file, rows, bytes: (await stat(join(folder, file))).size };
  } catch (error) {
    const problem = folderProblem(folder, error);
    throw problem === null ? error : new BackupError(problem, { cause: error });
  } finally {
    // A COPY that nobody reads to its end never answers again.
    await sql.end({ timeout: whole ? 2 : 0 }).catch(() => {});
    if (!whole) await rm(partial, { force: true }).catch(() => {});
  }
}

async function freeName(folder: string, now: number): Promise<string> {
  const wanted = backupFileName(now);
  const taken = await stat(join(folder, wanted)).then(
    () => true,
    () => false,
  );
  return taken ? wanted.replace('.tar.gz', `-${Date.now() % 1_000_000}.tar.gz`) : wanted;
}

async function toDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Resolves to the number of rows written. */
async function writeArchive(
  tx: postgres.TransactionSql,
  { partial, now, signal, gentle }: WriteOptions & { readonly partial: string },
): Promise<number> {
  const ending = new AbortController();
  const pack = createPack();
  const written = pipeline(pack, createGzip(), createWriteStream(partial, { flags: 'wx', mode: 0o600 }), {
    signal: AbortSignal.any([ending.signal, ...(signal ? [signal] : [])]),
  });
  // Awaited below; until then a failure shows as an entry that is never taken.
  written.catch(() => {});
  const add = async (name: string, body: Buffer): Promise<void> => {
    signal?.throwIfAborted();
    const taken = new Promise<void>((resolve, reject) => {
      pack.entry({ name, mtime: new Date(now), size: body.length }, body, (error) =>
        error ? reject(error) : resolve(),
      );
    });
    await Promise.race([taken, written]);
  };
  try {
    const manifest = await makeManifest(tx, now);
    const first = Buffer.from(JSON.stringify(manifest, null, 2));
    await add(MANIFEST, first);
    const contents: Contents = {
      manifestSha256: createHash('sha256').update(first).digest('hex'),
      tables: [],
    };
    for (const shape of manifest.tables) {
      contents.tables.push(await writeTable(tx, shape, { add, gentle: gentle ?? false }));
    }
    await add(CONTENTS, Buffer.from(JSON.stringify(contents, null, 2)));
    pack.finalize();
    await written;
    return contents.tables.reduce((sum, { rows }) => sum + rows, 0);
  } catch (error) {
    ending.abort();
    // Why the file could not be written, rather than that it was not.
    const cause = await written.then(
      () => error,
      (reason: unknown) => (isAbort(reason) ? error : reason),
    );
    throw cause;
  }
}

const isAbort = (error: unknown) => error instanceof Error && error.name === 'AbortError';

async function makeManifest(tx: postgres.TransactionSql, now: number): Promise<Manifest> {
  const migrations = await tx<{ name: string }[]>`
    select name from drizzle.__drizzle_migrations where name is not null order by name`;
  return {
    format: 'commandcenter-backup',
    formatVersion: FORMAT_VERSION,
    appVersion: APP_VERSION,
    createdAt: new Date(now).toISOString(),
    migrations: migrations.map(({ name }) => name),
    tables: await readShapes(tx),
  };
}

async function writeTable(
  tx: postgres.TransactionSql,
  { name, columns }: TableShape,
  into: { readonly add: (name: string, body: Buffer) => Promise<void>; readonly gentle: boolean },
): Promise<Contents['tables'][number]> {
  const total = { rows: 0, bytes: 0, parts: 0, hash: createHash('sha256') };
  let since = performance.now();
  const close = async (part: Buffer): Promise<void> => {
    total.parts += 1;
    count(total, part);
    await into.add(partName(name, total.parts), part);
    if (into.gentle) await sleep(performance.now() - since);
    since = performance.now();
  };
  let held: Buffer[] = [];
  let size = 0;
  const list = columns.map((column) => `"${column.name.replaceAll('"', '""')}"`).join(', ');
  const rows = await tx.unsafe(`copy "${name}" (${list}) to stdout`).readable();
  for await (const chunk of rows) {
    held.push(chunk);
    size += chunk.length;
    // The server sends whole rows.
    if (size < PART_BYTES || chunk.at(-1) !== NEWLINE) continue;
    await close(Buffer.concat(held, size));
    held = [];
    size = 0;
  }
  // Where the last rows filled its buffer, the driver has paused the connection and would never wake it.
  rows._read(0);
  if (size > 0) await close(Buffer.concat(held, size));
  return { name, rows: total.rows, bytes: total.bytes, sha256: total.hash.digest('hex') };
}

/** In the text format of COPY every row ends with a line feed, and no value holds one. */
function count(total: { rows: number; bytes: number; hash: Hash }, part: Buffer): void {
  for (let at = part.indexOf(NEWLINE); at !== -1; at = part.indexOf(NEWLINE, at + 1)) total.rows += 1;
  total.bytes += part.length;
  total.hash.update(part);
}
