import { runMigration } from '@/lib/migration/run';
import { endpoint, json, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  POST: endpoint({
    access: 'admin',
    handle: async () => {
      const { ok, report } = await runMigration();
      return json(report, ok ? 200 : 500);
    },
  }),
});
