import { z } from 'zod';

/**
 * A backup is one .tar.gz: `manifest.json` first, then each table's rows in parts, in the text format of COPY, and
 * `contents.json` last, so that a file which was cut off is never taken for a whole one.
 */
export const MANIFEST = 'manifest.json';
export const CONTENTS = 'contents.json';
export const FORMAT_VERSION = 1;

const name = z.string().regex(/^[a-z_][a-z0-9_]*$/i);

const manifestSchema = z.object({
  format: z.literal('commandcenter-backup'),
  formatVersion: z.int(),
  appVersion: z.string(),
  createdAt: z.string(),
  /** The migrations of its schema, oldest first. */
  migrations: z.array(z.string()).min(1),
  /** In the order in which they can be filled. */
  tables: z.array(
    z.object({
      name,
      columns: z.array(z.object({ name: z.string(), type: z.string().regex(/^[\w ,()[\]."]+$/) })),
    }),
  ),
});
export type Manifest = z.infer<typeof manifestSchema>;
export type TableShape = Manifest['tables'][number];

const contentsSchema = z.object({
  /** Hexadecimal SHA-256 of the manifest's bytes. */
  manifestSha256: z.string(),
  /** `sha256` is of all rows of the table, one part after the other. */
  tables: z.array(z.object({ name, rows: z.int(), bytes: z.int(), sha256: z.string() })),
});
export type Contents = z.infer<typeof contentsSchema>;

/** A backup that cannot be used, or a folder that cannot take one; says why and what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

function parseJson(text: string, entry: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BackupError(`This is no backup of CommandCenter: its ${entry} cannot be read.`);
  }
}

/** @throws BackupError when it is no manifest, or one of a later format. */
export function parseManifest(text: string): Manifest {
  const parsed = manifestSchema.safeParse(parseJson(text, MANIFEST));
  if (!parsed.success)
    throw new BackupError(`This is no backup of CommandCenter: its ${MANIFEST} is not one.`);
  if (parsed.data.formatVersion > FORMAT_VERSION) {
    throw new BackupError(
      `A newer version of CommandCenter (${parsed.data.appVersion}) wrote this backup. Update CommandCenter, then restore it.`,
    );
  }
  return parsed.data;
}

/** @throws BackupError */
export function parseContents(text: string): Contents {
  const parsed = contentsSchema.safeParse(parseJson(text, CONTENTS));
  if (!parsed.success) throw new BackupError(`The backup is damaged: its ${CONTENTS} cannot be used.`);
  return parsed.data;
}

export const partName = (table: string, part: number) =>
  `tables/${table}/${String(part).padStart(6, '0')}.copy`;

/** The table of a part; null for another entry. */
export function tableOfPart(entry: string): string | null {
  return /^tables\/(\w+)\/\d{6,}\.copy$/.exec(entry)?.[1] ?? null;
}
