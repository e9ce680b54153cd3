import { createZone } from '@/lib/hvac/mutations';
import { listZones } from '@/lib/hvac/queries';
import { zoneInput } from '@/lib/hvac/schema';
import { serialiseZone } from '@/lib/hvac/serialise';
import { endpoint, json, resource, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    handle: async ({ db, principal }) => json((await listZones(db, principal.ownerId)).map(serialiseZone)),
  }),
  POST: endpoint({
    access: 'admin',
    body: zoneInput,
    handle: async ({ db, principal: { ownerId, actor }, body }) => {
      const row = await createZone(db, { ownerId, actor, input: body });
      return resource(serialiseZone(row), `/api/hvac/zones/${row.id}`);
    },
  }),
});
