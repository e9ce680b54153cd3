import { MigrationError } from '@/db/migration-error';
import { setUpDatabase } from '@/lib/devices/setup-database';
import { readEnvironment } from '@/lib/env';
import { logFault } from '@/lib/problem';
import { toSnakeCase } from '@/lib/wire-case';

/**
 * Applies pending migrations and missing defaults for an API client. A failure has been rolled back whole: a row that
 * breaks a rule is named, anything else is in the log under the correlation id.
 */
export async function runMigration(): Promise<{ ok: boolean; report: Record<string, unknown> }> {
  try {
    return { ok: true, report: toSnakeCase(await setUpDatabase(readEnvironment().databaseUrl)) };
  } catch (error) {
    const correlationId = logFault(error, { method: 'POST', path: '/db/run-v19-migration' });
    const message =
      error instanceof MigrationError ? error.message : `The log holds the cause under ${correlationId}.`;
    return { ok: false, report: { status: 'error', message, correlation_id: correlationId } };
  }
}
