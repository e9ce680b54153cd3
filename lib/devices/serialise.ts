import { createHash } from 'node:crypto';
import { toWireNames } from '@/db/naming';
import { type DeviceRow, devices } from '@/db/schema';
import { isSealed } from './secrets';

/** Differs whenever a secret was changed, so that the ETag does too; says nothing about it, a seal being random. */
function secretsVersion(seals: readonly string[]): string | null {
  if (seals.length === 0) return null;
  return createHash('sha256').update(seals.join()).digest('base64url').slice(0, 12);
}

/** The row as the API shows it: secrets are left out, `secrets_set` names those that are there. */
export function serialiseDevice(row: DeviceRow): Record<string, unknown> {
  const settings = Object.entries(row.connection).sort(([a], [b]) => (a < b ? -1 : 1));
  const seals = settings.flatMap(([, value]) => (isSealed(value) ? [value] : []));
  return {
    ...toWireNames(devices, row, ['driverState']),
    connection: Object.fromEntries(settings.filter(([, value]) => !isSealed(value))),
    secrets_set: settings.flatMap(([name, value]) => (isSealed(value) ? [name] : [])),
    secrets_version: secretsVersion(seals),
  };
}
