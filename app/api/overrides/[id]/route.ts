import { endOverride } from '@/lib/overrides/mutations';
import { endpoint, idParams, noContent, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  DELETE: endpoint({
    access: 'control',
    params: idParams,
    handle: async ({ db, principal, params }) => {
      await endOverride(db, { ownerId: principal.ownerId, id: params.id, now: Date.now() });
      return noContent();
    },
  }),
});
