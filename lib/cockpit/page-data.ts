import 'server-only';
import { getDatabase } from '@/db/client';
import type { SessionHolder } from '@/lib/auth/sessions';
import { DEFAULT_PREFERENCES } from '@/lib/core/defaults';
import { simulatedSiteIsLeftOver } from '@/lib/devices/queries';
import { getPreferences } from '@/lib/preferences/queries';
import { getStatus } from '@/lib/status/queries';
import { serialiseStatus, type WireStatus } from '@/lib/status/serialise';
import type { CockpitSettings } from './settings';

export interface CockpitData {
  /** Null before the worker's first tick. */
  readonly status: WireStatus | null;
  readonly settings: CockpitSettings;
  /** A real battery is measured while parts of the simulated site remain: the owner is asked to part with them. */
  readonly simulatedLeftOver: boolean;
  readonly renderedAt: number;
}

/** What the cockpit shows first; from then on the event stream brings the rest. */
export async function loadCockpit(user: SessionHolder): Promise<CockpitData> {
  const { db } = getDatabase();
  const [status, stored, simulatedLeftOver] = await Promise.all([
    getStatus(db, user.ownerId),
    getPreferences(db, user.ownerId),
    simulatedSiteIsLeftOver(db, user.ownerId),
  ]);
  const preferences = stored ?? DEFAULT_PREFERENCES;
  return {
    status: status && serialiseStatus(status),
    settings: {
      timeZone: preferences.timezone,
      displayUnits: preferences.displayUnits,
      showsSoc: preferences.userPrefersSocDisplay,
      thresholds: {
        shutdownV: preferences.voltageShutdown,
        criticalLowV: preferences.voltageCriticalLow,
        lowV: preferences.voltageLow,
        restartV: preferences.voltageRestart,
        optimalMinV: preferences.voltageOptimalMin,
        optimalMaxV: preferences.voltageOptimalMax,
      },
    },
    simulatedLeftOver,
    renderedAt: Date.now(),
  };
}
