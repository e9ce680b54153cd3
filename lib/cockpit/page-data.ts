import 'server-only';
import { cache } from 'react';
import { getDatabase } from '@/db/client';
import type { UserPreferences } from '@/db/schema';
import type { SessionHolder } from '@/lib/auth/sessions';
import { curveOf } from '@/lib/core/curve';
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

function toSettings(preferences: UserPreferences | typeof DEFAULT_PREFERENCES): CockpitSettings {
  return {
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
    curve: curveOf(preferences),
  };
}

/** Once per request: the layout and the page both ask. */
const storedPreferences = cache((ownerId: string) => getPreferences(getDatabase().db, ownerId));

/** How the owner reads the site: zone, units, thresholds. */
export async function loadSettings(user: SessionHolder): Promise<CockpitSettings> {
  return toSettings((await storedPreferences(user.ownerId)) ?? DEFAULT_PREFERENCES);
}

/** The site beside any settings page: as it is now, and how its owner reads it. */
export async function loadLiveSite(user: SessionHolder): Promise<Omit<CockpitData, 'simulatedLeftOver'>> {
  const { db } = getDatabase();
  const [status, stored] = await Promise.all([getStatus(db, user.ownerId), storedPreferences(user.ownerId)]);
  return {
    status: status && serialiseStatus(status),
    settings: toSettings(stored ?? DEFAULT_PREFERENCES),
    renderedAt: Date.now(),
  };
}

/** What the cockpit shows first; from then on the event stream brings the rest. */
export async function loadCockpit(user: SessionHolder): Promise<CockpitData> {
  const [site, simulatedLeftOver] = await Promise.all([
    loadLiveSite(user),
    simulatedSiteIsLeftOver(getDatabase().db, user.ownerId),
  ]);
  return { ...site, simulatedLeftOver };
}
