import { orderMiners } from '@/lib/miners/mutations';
import { minerOrder } from '@/lib/miners/schema';
import { serialiseMiner } from '@/lib/miners/serialise';
import { endpoint, json, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  PUT: endpoint({
    access: 'admin',
    body: minerOrder,
    handle: async ({ db, principal: { ownerId, actor }, body }) =>
      json((await orderMiners(db, { ownerId, actor, ids: body.ids })).map(serialiseMiner)),
  }),
});
