import { AppError } from '@/lib/errors';
import { deleteMiner, updateMiner } from '@/lib/miners/mutations';
import { getMiner } from '@/lib/miners/queries';
import { minerPatch } from '@/lib/miners/schema';
import { serialiseMiner } from '@/lib/miners/serialise';
import { endpoint, idParams, noContent, resource, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    params: idParams,
    handle: async ({ db, principal, params }) => {
      const row = await getMiner(db, principal.ownerId, params.id);
      if (row === null) throw new AppError('not_found', 'There is no such miner.');
      return resource(serialiseMiner(row));
    },
  }),
  PUT: endpoint({
    access: 'admin',
    params: idParams,
    body: minerPatch,
    handle: async ({ db, principal: { ownerId, actor }, params: { id }, body, ifMatch }) =>
      resource(serialiseMiner(await updateMiner(db, { ownerId, actor, id, ifMatch, patch: body }))),
  }),
  DELETE: endpoint({
    access: 'admin',
    params: idParams,
    handle: async ({ db, principal: { ownerId, actor }, params: { id }, ifMatch }) => {
      await deleteMiner(db, { ownerId, actor, id, ifMatch });
      return noContent();
    },
  }),
});
