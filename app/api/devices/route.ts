import { createDevice } from '@/lib/devices/mutations';
import { listDevices } from '@/lib/devices/queries';
import { deviceInput } from '@/lib/devices/schema';
import { serialiseDevice } from '@/lib/devices/serialise';
import { endpoint, json, resource, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'admin',
    handle: async ({ db, principal }) =>
      json((await listDevices(db, principal.ownerId)).map(serialiseDevice)),
  }),
  POST: endpoint({
    access: 'admin',
    body: deviceInput,
    handle: async ({ db, principal: { ownerId, actor }, body }) => {
      const row = await createDevice(db, { ownerId, actor, input: body });
      return resource(serialiseDevice(row), `/api/devices/${row.id}`);
    },
  }),
});
