import { openEventStream } from '@/lib/events/open';
import { endpoint, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    handle: async ({ principal }) =>
      new Response(openEventStream(principal), {
        headers: {
          'Content-Type': 'text/event-stream',
          'Cache-Control': 'no-store, no-transform',
          // nginx holds streams back without it.
          'X-Accel-Buffering': 'no',
        },
      }),
  }),
});
