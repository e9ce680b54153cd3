import { ZONE_SPECS } from '@/components/hvac/specs';
import { MINER_SPECS } from '@/components/miners/specs';
import { BATTERY_SPECS } from '@/components/preferences/specs';
import { type FieldSpecs, inOwnersWords, issueSentence } from '@/components/settings/field-spec';
import type { ConfigurationDiff } from '@/lib/configuration/mutations';
import type { DisplayUnits } from '@/lib/core/types';
import type { FieldIssue } from '@/lib/errors';
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

function specsOf(section: string | undefined): FieldSpecs {
  return Object.entries(CONFIGURATION_SPECS).find(([key]) => key === section)?.[1] ?? {};
}

/** Why an entry of a file is refused, after its place there: "zones.0.temp_cold_ok: Warm enough (33.8 °F) must be …". */
export function importMessage(issue: FieldIssue, units: DisplayUnits): string {
  const { path, message } = issue;
  const [section, ...rest] = path.split('.');
  const specs = specsOf(section);
  // An entry's place in its section stands between them.
  const spec = specs[rest.find((part) => !/^\d+$/.test(part)) ?? ''];
  const sentence = spec ? issueSentence(issue, { spec, specs, units }) : inOwnersWords(message, specs, units);
  return path === '' ? sentence : `${path}: ${sentence}`;
}
