import { createHash } from 'node:crypto';

/** Columns that move without anybody changing a setting. */
const NOT_SETTINGS = new Set([
  'updated_at',
  'last_started_at',
  'last_stopped_at',
  'total_runtime_hours',
  'last_seen_at',
  'last_error',
]);

/** A strong ETag of a resource as the API shows it: equal while its settings are equal. */
export function etagOf(wire: Readonly<Record<string, unknown>>): string {
  const settings = Object.entries(wire).filter(([name]) => !NOT_SETTINGS.has(name));
  return `"${createHash('sha256').update(JSON.stringify(settings)).digest('base64url').slice(0, 22)}"`;
}
