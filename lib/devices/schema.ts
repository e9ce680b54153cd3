import { z } from 'zod';
import { MEASURING_ROLES } from '@/lib/core/types';
import { DRIVER_KEYS } from '@/lib/drivers/catalog';
import { deviceKeyField, nameField } from '@/lib/fields';

/** Checked by the driver's own schema once the driver is known (lib/devices/rules.ts). */
const connection = z.record(z.string(), z.unknown());
const roles = z
  .array(z.enum(MEASURING_ROLES))
  .max(MEASURING_ROLES.length)
  .refine((list) => new Set(list).size === list.length, 'must name each role once');

/** What POST /api/devices takes. */
export const deviceInput = z.strictObject({
  key: deviceKeyField(),
  name: nameField(),
  driver: z.enum(DRIVER_KEYS),
  connection: connection.default({}),
  roles: roles.default([]),
  control_enabled: z.boolean().default(false),
});
export type DeviceInput = z.infer<typeof deviceInput>;

/** What PUT /api/devices/{id} takes: any of it. A secret that `connection` leaves out is kept; null removes it. */
export const devicePatch = z
  .strictObject({
    key: deviceKeyField(),
    name: nameField(),
    driver: z.enum(DRIVER_KEYS),
    connection,
    roles,
    control_enabled: z.boolean(),
  })
  .partial();
export type DevicePatch = z.infer<typeof devicePatch>;
