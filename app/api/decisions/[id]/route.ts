import { getDecision } from '@/lib/decisions/queries';
import { decisionParams } from '@/lib/decisions/schema';
import { serialiseDecisionInFull } from '@/lib/decisions/serialise';
import { AppError } from '@/lib/errors';
import { endpoint, json, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    params: decisionParams,
    handle: async ({ db, principal, params }) => {
      const row = await getDecision(db, { ownerId: principal.ownerId, id: params.id });
      if (row === null) throw new AppError('not_found', `There is no decision ${params.id}.`);
      return json(serialiseDecisionInFull(row));
    },
  }),
});
