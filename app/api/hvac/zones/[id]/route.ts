import { AppError } from '@/lib/errors';
import { deleteZone, updateZone } from '@/lib/hvac/mutations';
import { getZone } from '@/lib/hvac/queries';
import { zonePatch } from '@/lib/hvac/schema';
import { serialiseZone } from '@/lib/hvac/serialise';
import { endpoint, idParams, noContent, resource, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    params: idParams,
    handle: async ({ db, principal, params }) => {
      const row = await getZone(db, principal.ownerId, params.id);
      if (row === null) throw new AppError('not_found', 'There is no such zone.');
      return resource(serialiseZone(row));
    },
  }),
  PUT: endpoint({
    access: 'admin',
    params: idParams,
    body: zonePatch,
    handle: async ({ db, principal: { ownerId, actor }, params: { id }, body, ifMatch }) =>
      resource(serialiseZone(await updateZone(db, { ownerId, actor, id, ifMatch, patch: body }))),
  }),
  DELETE: endpoint({
    access: 'admin',
    params: idParams,
    handle: async ({ db, principal: { ownerId, actor }, params: { id }, ifMatch }) => {
      await deleteZone(db, { ownerId, actor, id, ifMatch });
      return noContent();
    },
  }),
});
