import { AppError } from '@/lib/errors';
import { endpoint, json, route } from '@/lib/route';
import { getStatus } from '@/lib/status/queries';
import { serialiseStatus } from '@/lib/status/serialise';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    handle: async ({ db, principal }) => {
      const status = await getStatus(db, principal.ownerId);
      if (status === null) {
        throw new AppError('unavailable', 'The worker has not recorded its first tick yet.', {
          retryAfterSeconds: 5,
        });
      }
      return json(serialiseStatus(status));
    },
  }),
});
