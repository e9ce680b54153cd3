import { acknowledgeAlert } from '@/lib/alerts/mutations';
import { alertPatch } from '@/lib/alerts/schema';
import { serialiseAlert } from '@/lib/alerts/serialise';
import { endpoint, idParams, json, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  PUT: endpoint({
    access: 'control',
    params: idParams,
    body: alertPatch,
    handle: async ({ db, principal: { ownerId, actor }, params: { id }, body: { acknowledged } }) =>
      json(serialiseAlert(await acknowledgeAlert(db, { ownerId, actor, id, acknowledged, now: Date.now() }))),
  }),
});
