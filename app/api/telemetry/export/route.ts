import { getDatabase } from '@/db/client';
import { AppError } from '@/lib/errors';
import { getPreferences } from '@/lib/preferences/queries';
import { endpoint, route } from '@/lib/route';
import { exportHistory } from '@/lib/telemetry/export';
import { exportQuery } from '@/lib/telemetry/schema';

const TYPES = { csv: 'text/csv; charset=utf-8', json: 'application/json' } as const;

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    query: exportQuery,
    handle: async ({ db, principal: { ownerId }, query }) => {
      const preferences = await getPreferences(db, ownerId);
      if (preferences === null) throw new AppError('not_found', 'There is no site under this account.');
      const { resolution: tier, format } = query;
      const texts = exportHistory(getDatabase().sql, {
        ownerId,
        from: Date.parse(query.from),
        to: Date.parse(query.to),
        tier,
        format,
        timeZone: preferences.timezone,
      });
      const encoder = new TextEncoder();
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const { done, value } = await texts.next();
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        },
        async cancel() {
          await texts.return(undefined);
        },
      });
      const name = `commandcenter-${tier}-${query.from.slice(0, 10)}-${query.to.slice(0, 10)}.${format}`;
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
