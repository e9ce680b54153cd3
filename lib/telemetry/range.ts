import type { Database } from '@/db/client';
import { AppError } from '@/lib/errors';
import { getPreferences } from '@/lib/preferences/queries';
import type { TelemetryRange } from './queries';
import { rangeOf, type TelemetryQuery } from './schema';

/** What a request asks for, in the owner's days. @throws AppError not_found for an account without a site. */
export async function historyRange(
  db: Database,
  ownerId: string,
  query: TelemetryQuery,
): Promise<TelemetryRange> {
  const preferences = await getPreferences(db, ownerId);
  if (preferences === null) throw new AppError('not_found', 'There is no site under this account.');
  return {
    ownerId,
    ...rangeOf(query, Date.now()),
    resolution: query.resolution,
    maxPoints: query.max_points,
    timeZone: preferences.timezone,
  };
}
