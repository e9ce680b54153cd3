import { AppError } from '@/lib/errors';
import { updatePreferences } from '@/lib/preferences/mutations';
import { getPreferences } from '@/lib/preferences/queries';
import { preferencesPatch } from '@/lib/preferences/schema';
import { serialisePreferences } from '@/lib/preferences/serialise';
import { endpoint, resource, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    handle: async ({ db, principal }) => {
      const row = await getPreferences(db, principal.ownerId);
      if (row === null) throw new AppError('not_found', 'There are no preferences under this account.');
      return resource(serialisePreferences(row));
    },
  }),
  PUT: endpoint({
    access: 'admin',
    body: preferencesPatch,
    handle: async ({ db, principal: { ownerId, actor }, body, ifMatch }) =>
      resource(serialisePreferences(await updatePreferences(db, { ownerId, actor, ifMatch, patch: body }))),
  }),
});
