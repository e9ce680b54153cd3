import { ZONE_SPECS } from '@/components/hvac/specs';
import { MINER_SPECS } from '@/components/miners/specs';
import { BATTERY_SPECS } from '@/components/preferences/specs';
import { type FieldSpec, type FieldSpecs, withOwnersLimit } from '@/components/settings/field-spec';
import type { ConfigurationDiff } from '@/lib/configuration/mutations';
import type { DisplayUnits } from '@/lib/core/types';
import type { FieldIssue } from '@/lib/errors';
import { inOwnersDegrees } from '@/lib/format';
import { RETENTION_SPECS, SITE_SPECS } from './specs';

/** Every field of a configuration file, by its section. */
export const CONFIGURATION_SPECS = {
  preferences: { ...BATTERY_SPECS, ...SITE_SPECS },
  retention: RETENTION_SPECS,
  miners: { ...MINER_SPECS, zone: { label: 'Zone' } },
  zones: { ...ZONE_SPECS, heating_miner: { label: 'Miner that heats it' } },
  devices: {
    name: { label: 'Name' },
    driver: { label: 'Kind' },
    roles: {
      label: 'Measures',
      show: (value) => (Array.isArray(value) && value.length > 0 ? value.join(', ') : 'none'),
    },
    connection: { label: 'Connection', show: (value) => JSON.stringify(value) },
    control_enabled: { label: 'Control enabled' },
  },
} satisfies Record<keyof ConfigurationDiff, FieldSpecs>;

function specOf(path: string): FieldSpec {
  const [section, ...rest] = path.split('.');
  const specs = Object.entries<FieldSpecs>(CONFIGURATION_SPECS).find(([key]) => key === section)?.[1];
  // An entry's place in its section stands between them.
  const name = rest.find((part) => !/^\d+$/.test(part)) ?? '';
  return specs?.[name] ?? { label: name };
}

/**
 * Why an entry of a file is refused, after its place there and by the names that the file uses:
 * "zones.0.temp_cold_ok: temp_cold_ok (33.8 °F) must be …".
 */
export function importMessage(issue: FieldIssue, units: DisplayUnits): string {
  const { path } = issue;
  const message = inOwnersDegrees(withOwnersLimit(issue, specOf(path), units), units);
  return path === '' ? message : `${path}: ${message}`;
}
