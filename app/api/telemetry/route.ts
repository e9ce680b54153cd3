import { compressible, endpoint, route } from '@/lib/route';
import { readTelemetry } from '@/lib/telemetry/queries';
import { historyRange } from '@/lib/telemetry/range';
import { telemetryQuery } from '@/lib/telemetry/schema';
import { serialiseTelemetry } from '@/lib/telemetry/serialise';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    query: telemetryQuery,
    handle: async ({ db, principal: { ownerId }, query }) =>
      compressible(serialiseTelemetry(await readTelemetry(db, await historyRange(db, ownerId, query)))),
  }),
});
