import { importConfiguration } from '@/lib/configuration/mutations';
import { readConfiguration } from '@/lib/configuration/queries';
import { configurationFile } from '@/lib/configuration/schema';
import { configurationVersion, toConfigurationFile } from '@/lib/configuration/serialise';
import { MOST_CONFIGURATION_BYTES } from '@/lib/configuration/size';
import { endpoint, json, route } from '@/lib/route';
import { etagOf } from '@/lib/settings-versions/etag';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'admin',
    handle: async ({ db, principal }) => {
      const stored = await readConfiguration(db, principal.ownerId);
      const response = json(toConfigurationFile(stored, Date.now()));
      response.headers.set('ETag', etagOf(configurationVersion(stored)));
      response.headers.set('Content-Disposition', 'attachment; filename="commandcenter-configuration.json"');
      return response;
    },
  }),
  POST: endpoint({
    access: 'admin',
    body: configurationFile,
    maxBodyBytes: MOST_CONFIGURATION_BYTES,
    handle: async ({ db, principal: { ownerId, actor }, body, ifMatch }) =>
      json((await importConfiguration(db, { ownerId, actor, ifMatch, file: body })).diff),
  }),
});
