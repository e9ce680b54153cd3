import { compressible, endpoint, route } from '@/lib/route';
import { historyRange } from '@/lib/telemetry/range';
import { readRuns } from '@/lib/telemetry/runs';
import { telemetryQuery } from '@/lib/telemetry/schema';
import { serialiseRuns } from '@/lib/telemetry/serialise';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    query: telemetryQuery,
    handle: async ({ db, principal: { ownerId }, query }) =>
      compressible(serialiseRuns(await readRuns(db, await historyRange(db, ownerId, query)))),
  }),
});
