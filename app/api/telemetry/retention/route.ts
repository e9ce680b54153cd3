import { setRetention } from '@/lib/retention/mutations';
import { getRetention } from '@/lib/retention/queries';
import { retentionPatch } from '@/lib/retention/schema';
import { serialiseRetention } from '@/lib/retention/serialise';
import { endpoint, resource, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    handle: async ({ db, principal }) =>
      resource(serialiseRetention(await getRetention(db, principal.ownerId))),
  }),
  PUT: endpoint({
    access: 'admin',
    body: retentionPatch,
    handle: async ({ db, principal: { ownerId, actor }, body, ifMatch }) =>
      resource(serialiseRetention(await setRetention(db, { ownerId, actor, ifMatch, patch: body }))),
  }),
});
