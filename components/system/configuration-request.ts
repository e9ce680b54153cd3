import type { ConfigurationDiff } from '@/lib/configuration/mutations';
import type { FieldIssue } from '@/lib/errors';

export interface ImportPreview {
  readonly diff: ConfigurationDiff;
  /** Of the settings that it was compared with. */
  readonly etag: string | null;
}

/** Why a file is not taken; `issues` by its place in the file. */
export class ImportRefused extends Error {
  constructor(
    message: string,
    readonly issues: readonly FieldIssue[] = [],
  ) {
    super(message);
  }
}

async function post(path: string, file: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(file),
  }).catch(() => null);
  if (response === null) throw new ImportRefused('The server does not answer. Nothing was changed.');
  if (response.ok) return response;
  const problem = await response.json().catch(() => null);
  throw new ImportRefused(problem?.detail ?? 'The file was not taken.', problem?.errors ?? []);
}

/** @throws ImportRefused when it is no JSON. */
export async function readConfigurationFile(file: File): Promise<unknown> {
  try {
    return JSON.parse(await file.text());
  } catch {
    throw new ImportRefused(`${file.name} is not a JSON file.`);
  }
}

/** What the file would change. @throws ImportRefused */
export async function previewImport(file: unknown): Promise<ImportPreview> {
  const response = await post('/api/configuration/preview', file);
  return { diff: await response.json(), etag: response.headers.get('etag') };
}

/** Applies it, unless the settings changed since the preview. @throws ImportRefused */
export async function applyImport(file: unknown, etag: string | null): Promise<void> {
  await post('/api/configuration', file, etag === null ? {} : { 'If-Match': etag });
}
