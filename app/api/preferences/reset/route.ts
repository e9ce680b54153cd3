import { resetPreferences } from '@/lib/preferences/mutations';
import { serialisePreferences } from '@/lib/preferences/serialise';
import { endpoint, resource, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  POST: endpoint({
    access: 'admin',
    handle: async ({ db, principal: { ownerId, actor }, ifMatch }) =>
      resource(serialisePreferences(await resetPreferences(db, { ownerId, actor, ifMatch }))),
  }),
});
