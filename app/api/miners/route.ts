import { createMiner } from '@/lib/miners/mutations';
import { listMiners } from '@/lib/miners/queries';
import { minerInput } from '@/lib/miners/schema';
import { orderEtag, serialiseMiner } from '@/lib/miners/serialise';
import { collection, endpoint, resource, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    handle: async ({ db, principal }) => {
      const rows = await listMiners(db, principal.ownerId);
      return collection(rows.map(serialiseMiner), orderEtag(rows));
    },
  }),
  POST: endpoint({
    access: 'admin',
    body: minerInput,
    handle: async ({ db, principal: { ownerId, actor }, body }) => {
      const row = await createMiner(db, { ownerId, actor, input: body });
      return resource(serialiseMiner(row), `/api/miners/${row.id}`);
    },
  }),
});
