import { AppError } from '@/lib/errors';
import { endpoint, route } from '@/lib/route';

const nothing = endpoint({
  access: 'open',
  handle: async () => {
    throw new AppError('not_found', 'There is no such path in this API.');
  },
});

/** Every path that no other file serves. */
export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: nothing,
  POST: nothing,
  PUT: nothing,
  DELETE: nothing,
  PATCH: nothing,
});
