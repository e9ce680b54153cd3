import { readResistance } from '@/lib/resistance/current';
import { serialiseResistance } from '@/lib/resistance/serialise';
import { endpoint, json, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    handle: async ({ db, principal }) =>
      json(serialiseResistance(await readResistance(db, principal.ownerId))),
  }),
});
