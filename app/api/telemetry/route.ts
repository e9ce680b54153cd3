import { AppError } from '@/lib/errors';
import { getPreferences } from '@/lib/preferences/queries';
import { compressible, endpoint, route } from '@/lib/route';
import { readTelemetry } from '@/lib/telemetry/queries';
import { rangeOf, telemetryQuery } from '@/lib/telemetry/schema';
import { serialiseTelemetry } from '@/lib/telemetry/serialise';

const MOST_POINTS = 2_000;

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    query: telemetryQuery,
    handle: async ({ db, principal: { ownerId }, query }) => {
      const preferences = await getPreferences(db, ownerId);
      if (preferences === null) throw new AppError('not_found', 'There is no site under this account.');
      const series = await readTelemetry(db, {
        ownerId,
        ...rangeOf(query, Date.now()),
        resolution: query.resolution,
        maxPoints: MOST_POINTS,
        timeZone: preferences.timezone,
      });
      return compressible(serialiseTelemetry(series));
    },
  }),
});
