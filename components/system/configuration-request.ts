import { noteSessionEnd } from '@/components/auth/session-end';
import { NO_ANSWER } from '@/components/request';
import type { ConfigurationDiff } from '@/lib/configuration/mutations';
import { MOST_CONFIGURATION_BYTES } from '@/lib/configuration/size';
import type { FieldIssue } from '@/lib/errors';
import { formatBytes } from '@/lib/format';

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
  if (response === null) throw new ImportRefused(NO_ANSWER);
  if (response.ok) return response;
  if (response.status === 401) noteSessionEnd();
  const problem = await response.json().catch(() => null);
  throw new ImportRefused(problem?.detail ?? NO_ANSWER, problem?.errors ?? []);
}

/** @throws ImportRefused when it is no JSON, or so large that nobody's configuration is. */
export async function readConfigurationFile(file: File): Promise<unknown> {
  if (file.size > MOST_CONFIGURATION_BYTES) {
    throw new ImportRefused(
      `${file.name} has ${formatBytes(file.size)}; a configuration has at most ${formatBytes(MOST_CONFIGURATION_BYTES)}. A backup is restored by "npm run restore".`,
    );
  }
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
