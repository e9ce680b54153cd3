import { z } from 'zod';
import { DRIVER_KEYS } from '@/lib/drivers/catalog';

/** What POST /api/devices/tests takes: connection settings as for a device; secrets left out are those of `device_id`. */
export const deviceTestInput = z.strictObject({
  driver: z.enum(DRIVER_KEYS),
  connection: z.record(z.string(), z.unknown()).default({}),
  device_id: z.guid().optional(),
});
export type DeviceTestInput = z.infer<typeof deviceTestInput>;
