import { z } from 'zod';

const instance = z.number().int().min(0).max(65_535).nullish();

/** Connection settings of a GX device: where its MQTT broker is and which of its services count. */
export const victronMqttConnection = z.strictObject({
  host: z
    .string()
    .trim()
    .max(253)
    .regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$/, {
      message:
        'Must be a host name or an address such as venus.local or 192.168.1.50, without mqtt:// or a port',
    })
    .describe('Name or address of the GX device, e.g. 192.168.1.50'),
  port: z.number().int().min(1).max(65_535).nullish().describe('1883 if left out, with TLS 8883'),
  tls: z.boolean().default(false).describe('Encrypted connection, as the "secured" profile asks for'),
  tls_verify: z
    .boolean()
    .default(false)
    .describe('Refuse a certificate no public authority signed; GX devices sign their own, so leave it off'),
  portal_id: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[0-9a-f]{12}$/, { message: 'Must be the 12 digits 0-9, a-f of the VRM portal ID' })
    .nullish()
    .describe('VRM portal ID; found by itself if left out'),
  username: z.string().max(100).nullish().describe('Any name will do'),
  password: z
    .string()
    .max(256)
    .nullish()
    .describe('Network password of the GX device, if its profile asks for one'),
  battery_instance: instance.describe(
    'Battery monitor to read; the one the GX device has chosen if left out',
  ),
  battery_temperature_instance: instance.describe('Temperature sensor on the battery, if the BMS has none'),
  temperature_instance: instance.describe('Temperature sensor of the room this device measures'),
  relay: z
    .union([z.literal(1), z.literal(2)], {
      error: 'Must be 1 or 2, as the menu of the GX device numbers its relays',
    })
    .nullish()
    .describe('Relay of the GX device to switch; its function must be "manual" there'),
});
export type VictronMqttConnection = z.infer<typeof victronMqttConnection>;
