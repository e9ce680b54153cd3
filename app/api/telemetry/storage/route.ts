import { readEnvironment } from '@/lib/env';
import { readDisk } from '@/lib/health/queries';
import { endpoint, json, route } from '@/lib/route';
import { readStorage } from '@/lib/storage/queries';
import { serialiseStorage } from '@/lib/storage/serialise';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    handle: async ({ db, principal: { ownerId } }) => {
      const disk = await readDisk(readEnvironment().dataDirectory);
      const freeBytes = disk?.freeBytes ?? null;
      return json(serialiseStorage(await readStorage(db, { ownerId, freeBytes, now: Date.now() })));
    },
  }),
});
