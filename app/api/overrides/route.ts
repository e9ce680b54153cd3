import { createOverride } from '@/lib/overrides/mutations';
import { listOverrides } from '@/lib/overrides/queries';
import { overrideInput, overrideQuery } from '@/lib/overrides/schema';
import { serialiseOverride } from '@/lib/overrides/serialise';
import { endpoint, json, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    query: overrideQuery,
    handle: async ({ db, principal, query }) => {
      const rows = await listOverrides(db, {
        ownerId: principal.ownerId,
        now: Date.now(),
        loadId: query.load_id,
        limit: query.limit,
      });
      return json(rows.map(serialiseOverride));
    },
  }),
  POST: endpoint({
    access: 'control',
    body: overrideInput,
    handle: async ({ db, principal: { ownerId, actor }, body }) => {
      const row = await createOverride(db, { ownerId, actor, input: body, now: Date.now() });
      return json(serialiseOverride(row), 201);
    },
  }),
});
