import { toWireNames } from '@/db/naming';
import { type DeviceRow, devices } from '@/db/schema';
import { isSealed } from './secrets';

/** The row as the API shows it: secrets are left out, `secrets_set` names those that are there. */
export function serialiseDevice(row: DeviceRow): Record<string, unknown> {
  const entries = Object.entries(row.connection);
  return {
    ...toWireNames(devices, row, ['driverState']),
    connection: Object.fromEntries(entries.filter(([, value]) => !isSealed(value))),
    secrets_set: entries.flatMap(([name, value]) => (isSealed(value) ? [name] : [])),
  };
}
