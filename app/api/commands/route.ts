import { listCommands } from '@/lib/commands/queries';
import { commandQuery } from '@/lib/commands/schema';
import { serialiseCommand } from '@/lib/commands/serialise';
import { endpoint, json, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    query: commandQuery,
    handle: async ({ db, principal, query }) => {
      const rows = await listCommands(db, {
        ownerId: principal.ownerId,
        loadId: query.load_id,
        before:
          query.before === undefined ? undefined : { at: Date.parse(query.before), id: query.before_id },
        limit: query.limit,
      });
      return json(rows.map(serialiseCommand));
    },
  }),
});
