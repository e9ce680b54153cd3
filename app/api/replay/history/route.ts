import { AppError } from '@/lib/errors';
import { readReplayPast } from '@/lib/replay/queries';
import { replayQuery, replayRange } from '@/lib/replay/schema';
import { serialiseReplayPast } from '@/lib/replay/serialise';
import { compressibleText, endpoint, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    query: replayQuery,
    handle: async ({ db, principal: { ownerId }, query }) => {
      const past = await readReplayPast(db, { ownerId, ...replayRange(query, Date.now()) });
      if (past === null) throw new AppError('not_found', 'Nothing was recorded in this time.');
      return compressibleText(serialiseReplayPast(past));
    },
  }),
});
