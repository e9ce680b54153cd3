import { AppError } from '@/lib/errors';
import { getPreferences } from '@/lib/preferences/queries';
import { endpoint, route } from '@/lib/route';
import { openExport } from '@/lib/telemetry/export';
import { exportQuery, rangeOf } from '@/lib/telemetry/schema';

const TYPES = { csv: 'text/csv; charset=utf-8', json: 'application/json' } as const;

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    query: exportQuery,
    handle: async ({ db, principal: { ownerId }, query }) => {
      const preferences = await getPreferences(db, ownerId);
      if (preferences === null) throw new AppError('not_found', 'There is no site under this account.');
      const { resolution: tier, format } = query;
      const range = rangeOf(query, Date.now());
      const date = (at: number) => new Date(at).toISOString().slice(0, 10);
      const body = await openExport({
        ownerId,
        ...range,
        tier,
        format,
        timeZone: preferences.timezone,
      });
      const name = `commandcenter-${tier}-${date(range.from)}-${date(range.to)}.${format}`;
      return new Response(body, {
        headers: {
          'Content-Type': TYPES[format],
          'Content-Disposition': `attachment; filename="${name}"`,
          'Cache-Control': 'no-store',
        },
      });
    },
  }),
});
