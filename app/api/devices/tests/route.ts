import { requestDeviceTest } from '@/lib/device-tests/mutations';
import { deviceTestInput } from '@/lib/device-tests/schema';
import { serialiseDeviceTest } from '@/lib/device-tests/serialise';
import { endpoint, json, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  POST: endpoint({
    access: 'admin',
    body: deviceTestInput,
    handle: async ({ db, principal: { ownerId }, body }) =>
      json(serialiseDeviceTest(await requestDeviceTest(db, { ownerId, input: body })), 202),
  }),
});
