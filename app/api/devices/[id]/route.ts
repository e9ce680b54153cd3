import { deleteDevice, updateDevice } from '@/lib/devices/mutations';
import { getDevice } from '@/lib/devices/queries';
import { devicePatch } from '@/lib/devices/schema';
import { serialiseDevice } from '@/lib/devices/serialise';
import { AppError } from '@/lib/errors';
import { endpoint, idParams, noContent, resource, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'admin',
    params: idParams,
    handle: async ({ db, principal, params }) => {
      const row = await getDevice(db, principal.ownerId, params.id);
      if (row === null) throw new AppError('not_found', 'There is no such device.');
      return resource(serialiseDevice(row));
    },
  }),
  PUT: endpoint({
    access: 'admin',
    params: idParams,
    body: devicePatch,
    handle: async ({ db, principal: { ownerId, actor }, params: { id }, body, ifMatch }) =>
      resource(serialiseDevice(await updateDevice(db, { ownerId, actor, id, ifMatch, patch: body }))),
  }),
  DELETE: endpoint({
    access: 'admin',
    params: idParams,
    handle: async ({ db, principal: { ownerId, actor }, params: { id }, ifMatch }) => {
      await deleteDevice(db, { ownerId, actor, id, ifMatch });
      return noContent();
    },
  }),
});
