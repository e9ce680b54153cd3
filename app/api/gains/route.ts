import { AppError } from '@/lib/errors';
import { readGains } from '@/lib/gains/queries';
import { gainsQuery, gainsRange } from '@/lib/gains/schema';
import { serialiseGains } from '@/lib/gains/serialise';
import { localDateOf } from '@/lib/local-day';
import { getPreferences } from '@/lib/preferences/queries';
import { compressible, endpoint, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    query: gainsQuery,
    handle: async ({ db, principal: { ownerId }, query }) => {
      const preferences = await getPreferences(db, ownerId);
      if (preferences === null) throw new AppError('not_found', 'There is no site under this account.');
      const now = Date.now();
      const { timezone: timeZone } = preferences;
      const range = gainsRange(query, localDateOf(now, timeZone));
      return compressible(serialiseGains(await readGains(db, { ownerId, ...range, timeZone, now })));
    },
  }),
});
