import { cancelDeviceTest } from '@/lib/device-tests/mutations';
import { getDeviceTest } from '@/lib/device-tests/queries';
import { serialiseDeviceTest } from '@/lib/device-tests/serialise';
import { AppError } from '@/lib/errors';
import { endpoint, idParams, json, noContent, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'admin',
    params: idParams,
    handle: async ({ db, principal, params }) => {
      const row = await getDeviceTest(db, principal.ownerId, params.id);
      if (row === null) throw new AppError('not_found', 'There is no such test.');
      return json(serialiseDeviceTest(row));
    },
  }),
  DELETE: endpoint({
    access: 'admin',
    params: idParams,
    handle: async ({ db, principal, params }) => {
      await cancelDeviceTest(db, principal.ownerId, params.id);
      return noContent();
    },
  }),
});
