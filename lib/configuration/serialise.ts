import { APP_VERSION } from '@/lib/version';
import type { StoredConfiguration } from './queries';
import { CONFIGURATION_FORMAT } from './schema';

/** The file: no secrets, no overrides, no control mode. */
export function toConfigurationFile(stored: StoredConfiguration, now: number) {
  const { preferences, retention, zones, miners, devices } = stored;
  return {
    format: CONFIGURATION_FORMAT,
    format_version: 1,
    app_version: APP_VERSION,
    exported_at: new Date(now).toISOString(),
    preferences,
    retention,
    zones,
    miners,
    devices,
  };
}

/** What an ETag is taken of: the settings alone. */
export function configurationVersion({
  preferences,
  retention,
  zones,
  miners,
  devices,
}: StoredConfiguration) {
  return { preferences, retention, zones, miners, devices };
}
