import { importConfiguration } from '@/lib/configuration/mutations';
import { configurationFile } from '@/lib/configuration/schema';
import { MOST_CONFIGURATION_BYTES } from '@/lib/configuration/size';
import { endpoint, json, route } from '@/lib/route';
import { etagOf } from '@/lib/settings-versions/etag';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  POST: endpoint({
    access: 'admin',
    body: configurationFile,
    maxBodyBytes: MOST_CONFIGURATION_BYTES,
    handle: async ({ db, principal: { ownerId, actor }, body }) => {
      const { diff, before } = await importConfiguration(db, { ownerId, actor, file: body, preview: true });
      const response = json(diff);
      response.headers.set('ETag', etagOf(before));
      return response;
    },
  }),
});
