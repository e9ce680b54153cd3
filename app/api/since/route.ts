import { endpoint, json, route } from '@/lib/route';
import { readSince } from '@/lib/since/queries';
import { sinceQuery } from '@/lib/since/schema';
import { serialiseSince } from '@/lib/since/serialise';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    query: sinceQuery,
    handle: async ({ db, principal: { ownerId }, query }) =>
      json(serialiseSince(await readSince(db, { ownerId, from: Date.parse(query.from), now: Date.now() }))),
  }),
});
