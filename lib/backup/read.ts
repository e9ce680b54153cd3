import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { extract as createExtract } from 'tar-stream';
import {
  BackupError,
  CONTENTS,
  type Contents,
  MANIFEST,
  type Manifest,
  parseContents,
  parseManifest,
  tableOfPart,
} from './format';

interface Entry {
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer>;
}

function inWords(path: string, error: unknown): BackupError {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return new BackupError(`There is no file ${path}.`, { cause: error });
  if (code === 'EACCES') return new BackupError(`${path} may not be read by this user.`, { cause: error });
  if (code === 'EISDIR')
    return new BackupError(`${path} is a folder; name the file in it.`, { cause: error });
  if (code === 'Z_DATA_ERROR' && error instanceof Error && /incorrect header/.test(error.message)) {
    return new BackupError(`${path} is no backup of CommandCenter.`, { cause: error });
  }
  return new BackupError(`The backup ${path} is damaged: it was cut off or altered.`, { cause: error });
}

async function* bytesOf(path: string, source: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of source) if (chunk instanceof Uint8Array) yield Buffer.from(chunk);
  } catch (error) {
    throw inWords(path, error);
  }
}

/** The entries of an archive in their order; each must be read to its end before the next. */
async function* readEntries(path: string): AsyncGenerator<Entry> {
  const file = createReadStream(path);
  const gunzip = createGunzip();
  const archive = createExtract();
  const fail = (error: Error) => archive.destroy(error);
  file.on('error', fail).pipe(gunzip);
  gunzip.on('error', fail).on('end', () => archive.end(null));
  gunzip.on('data', (chunk: Buffer) => {
    if (archive.write(chunk)) return;
    gunzip.pause();
    archive.once('drain', () => gunzip.resume());
  });
  const entries = archive[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await entries.next().catch((error: unknown) => {
        throw inWords(path, error);
      });
      if (next.done) return;
      yield { name: next.value.header.name, chunks: bytesOf(path, next.value) };
    }
  } finally {
    file.destroy();
    gunzip.destroy();
    archive.destroy();
  }
}

async function text(chunks: AsyncIterable<Buffer>): Promise<string> {
  const read: Buffer[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return Buffer.concat(read).toString();
}

export interface CheckedBackup {
  readonly path: string;
  readonly manifest: Manifest;
  readonly contents: Contents;
}

/**
 * Reads a backup from end to end and proves that it is whole: every table's rows, bytes and checksum.
 * @throws BackupError saying what is wrong with it.
 */
export async function checkBackup(path: string): Promise<CheckedBackup> {
  let manifest: { parsed: Manifest; sha256: string } | null = null;
  let contents: Contents | null = null;
  const seen = new Map<string, { bytes: number; hash: ReturnType<typeof createHash> }>();
  for await (const { name, chunks } of readEntries(path)) {
    const table = tableOfPart(name);
    if (name === MANIFEST) {
      const body = await text(chunks);
      manifest = { parsed: parseManifest(body), sha256: createHash('sha256').update(body).digest('hex') };
    } else if (manifest === null) {
      throw new BackupError(`${path} is no backup of CommandCenter.`);
    } else if (name === CONTENTS) {
      contents = parseContents(await text(chunks));
    } else {
      const counted = seen.get(table ?? '') ?? { bytes: 0, hash: createHash('sha256') };
      seen.set(table ?? '', counted);
      for await (const chunk of chunks) {
        counted.bytes += chunk.length;
        counted.hash.update(chunk);
      }
    }
  }
  if (manifest === null) throw new BackupError(`${path} is no backup of CommandCenter.`);
  if (contents === null) throw new BackupError(`The backup ${path} is not complete: it was cut off.`);
  if (contents.manifestSha256 !== manifest.sha256) throw new BackupError(`The backup ${path} was altered.`);
  for (const { name, bytes, sha256 } of contents.tables) {
    const counted = seen.get(name) ?? { bytes: 0, hash: createHash('sha256') };
    if (counted.bytes === bytes && counted.hash.digest('hex') === sha256) continue;
    throw new BackupError(`The backup ${path} is damaged: the rows of ${name} are not what was written.`);
  }
  return { path, manifest: manifest.parsed, contents };
}

/** The rows of a checked backup, table after table, in the order in which they can be written. */
export async function* readRows(
  path: string,
): AsyncGenerator<{ table: string; chunks: AsyncIterable<Buffer> }> {
  for await (const { name, chunks } of readEntries(path)) {
    const table = tableOfPart(name);
    if (table !== null) yield { table, chunks };
    else await text(chunks);
  }
}
