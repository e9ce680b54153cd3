import { orderMiners } from '@/lib/miners/mutations';
import { minerOrder } from '@/lib/miners/schema';
import { orderEtag, serialiseMiner } from '@/lib/miners/serialise';
import { collection, endpoint, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  PUT: endpoint({
    access: 'admin',
    body: minerOrder,
    handle: async ({ db, principal: { ownerId, actor }, body, ifMatch }) => {
      const rows = await orderMiners(db, { ownerId, actor, ids: body.ids, ifMatch });
      return collection(rows.map(serialiseMiner), orderEtag(rows));
    },
  }),
});
