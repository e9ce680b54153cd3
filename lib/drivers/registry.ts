import type { z } from 'zod';
import { DRIVER_CATALOG, type DriverKey, isDriverKey } from './catalog';
import { createRecording } from './recording/driver';
import { storedRecordingConnection } from './recording/schema';
import { createSimulated } from './simulated/driver';
import { type Device, type DriverContext, DriverError } from './types';
import { createVictronMqtt } from './victron-mqtt/driver';

/** Opens a device whose connection its schema has accepted; rejects with a DriverError. */
type Create = (key: string, connection: never, context: DriverContext) => Promise<Device>;

export const DRIVERS: Readonly<Record<DriverKey, { connectionSchema: z.ZodType; create: Create }>> = {
  simulated: { connectionSchema: DRIVER_CATALOG.simulated.connectionSchema, create: createSimulated },
  recording: { connectionSchema: storedRecordingConnection, create: createRecording },
  'victron-mqtt': {
    connectionSchema: DRIVER_CATALOG['victron-mqtt'].connectionSchema,
    create: createVictronMqtt,
  },
};

/**
 * Checks a stored connection against its driver's schema and opens the device.
 * Rejects with a DriverError that names the fields at fault but none of their values, which may be secrets.
 */
export async function openDevice(
  row: { readonly key: string; readonly driver: string; readonly connection: unknown },
  context: DriverContext,
): Promise<Device> {
  if (!isDriverKey(row.driver)) {
    throw new DriverError('unsupported', `Device ${row.key}: there is no driver "${row.driver}".`, false);
  }
  const { connectionSchema, create } = DRIVERS[row.driver];
  const connection = connectionSchema.safeParse(row.connection);
  if (!connection.success) {
    const fields = connection.error.issues.map((issue) => issue.path.join('.') || 'connection');
    throw new DriverError(
      'refused',
      `Device ${row.key}: its connection settings are not valid (${[...new Set(fields)].join(', ')}).`,
      false,
    );
  }
  // The driver's own schema made it, which is what its create function takes.
  return create(row.key, connection.data as never, context);
}
