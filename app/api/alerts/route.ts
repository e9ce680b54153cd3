import { listAlerts } from '@/lib/alerts/queries';
import { alertQuery } from '@/lib/alerts/schema';
import { serialiseAlert } from '@/lib/alerts/serialise';
import { endpoint, json, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    query: alertQuery,
    handle: async ({ db, principal, query }) => {
      const rows = await listAlerts(db, { ownerId: principal.ownerId, limit: query.limit });
      return json(rows.map(serialiseAlert));
    },
  }),
});
