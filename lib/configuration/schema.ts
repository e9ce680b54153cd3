import { z } from 'zod';
import { deviceInput } from '@/lib/devices/schema';
import { nameField } from '@/lib/fields';
import { zoneInput } from '@/lib/hvac/schema';
import { minerInput } from '@/lib/miners/schema';
import { preferencesPatch } from '@/lib/preferences/schema';
import { retentionPatch } from '@/lib/retention/schema';

export const CONFIGURATION_FORMAT = 'commandcenter-configuration';

/** Ids differ from one installation to the next: in the file a miner names its zone, and a zone the miner that heats it. */
const minerEntry = minerInput.omit({ zone_id: true }).extend({ zone: nameField().nullable().optional() });
const zoneEntry = zoneInput
  .omit({ heating_miner_id: true })
  .extend({ heating_miner: nameField().nullable().optional() });
const deviceEntry = deviceInput.partial({ connection: true, roles: true, control_enabled: true }).extend({
  connection: z.record(z.string(), z.unknown()).optional(),
  roles: deviceInput.shape.roles.unwrap().optional(),
  control_enabled: z.boolean().optional(),
});

const unique = <Entry>(nameOf: (entry: Entry) => string, field: string) =>
  [
    (entries: readonly Entry[]) => new Set(entries.map(nameOf)).size === entries.length,
    `must not hold the same ${field} twice`,
  ] as const;

const oneDevicePerRole = (devices: readonly z.output<typeof deviceEntry>[]) => {
  const roles = devices.flatMap((device) => device.roles ?? []);
  return new Set(roles).size === roles.length;
};

const MOST = 500;

/** The whole configuration as one JSON file. A section that is missing is left as it is; so is a field of an entry. */
export const configurationFile = z.strictObject({
  format: z.literal(CONFIGURATION_FORMAT),
  format_version: z.literal(1),
  app_version: z.string().max(40).optional(),
  exported_at: z.string().max(40).optional(),
  preferences: preferencesPatch.optional(),
  /** How long history is kept. */
  retention: retentionPatch.optional(),
  zones: z
    .array(zoneEntry)
    .max(MOST)
    .refine(...unique((zone: { zone_name: string }) => zone.zone_name, 'zone_name'))
    .optional(),
  miners: z
    .array(minerEntry)
    .max(MOST)
    .refine(...unique((miner: { name: string }) => miner.name, 'name'))
    .optional(),
  devices: z
    .array(deviceEntry)
    .max(MOST)
    .refine(...unique((device: { key: string }) => device.key, 'key'))
    .refine(oneDevicePerRole, 'must give each measuring role to one device at most')
    .optional(),
});
export type ConfigurationFile = z.output<typeof configurationFile>;
