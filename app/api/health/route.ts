import { readEnvironment } from '@/lib/env';
import { readDisk, readHealth } from '@/lib/health/queries';
import { serialiseHealth } from '@/lib/health/serialise';
import { endpoint, json, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'open',
    handle: async ({ db, principal }) => {
      const now = Date.now();
      const health = await readHealth(db, now);
      const status = health.ready ? 200 : 503;
      if (principal === null) return json({ status: health.ready ? 'ok' : 'not ok' }, status);
      const disk = await readDisk(readEnvironment().dataDirectory);
      return json(serialiseHealth(health, disk, now), status);
    },
  }),
});
