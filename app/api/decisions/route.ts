import { listDecisions } from '@/lib/decisions/queries';
import { decisionQuery } from '@/lib/decisions/schema';
import { serialiseDecision } from '@/lib/decisions/serialise';
import { endpoint, json, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    query: decisionQuery,
    handle: async ({ db, principal, query }) => {
      const rows = await listDecisions(db, {
        ownerId: principal.ownerId,
        loadId: query.load_id,
        verdict: query.verdict,
        from: query.from === undefined ? undefined : Date.parse(query.from),
        to: query.to === undefined ? undefined : Date.parse(query.to),
        before:
          query.before === undefined ? undefined : { at: Date.parse(query.before), id: query.before_id },
        limit: query.limit,
      });
      return json(rows.map(serialiseDecision));
    },
  }),
});
