import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireStatus } from '@/lib/status/serialise';
import { test as base } from './site';

/** Puts a state of the test's choice on the page that it has open. */
type ShowState = (status: WireStatus) => void;

/** Tests whose page hears from an event stream of their own, which tells it a state the moment it is shown. */
export const test = base.extend<{ showState: ShowState }>({
  showState: async ({ page }, use) => {
    const listeners = new Set<ServerResponse>();
    let last = '';
    const server = createServer((request, response) => {
      listeners.add(response);
      request.on('close', () => listeners.delete(response));
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(last);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await page.route('**/api/events', (route) => route.continue({ url: `http://127.0.0.1:${port}/` }));
    await use((status) => {
      last = `event: tick\ndata: ${JSON.stringify(status)}\n\n`;
      for (const listener of listeners) listener.write(last);
    });
    server.closeAllConnections();
    server.close();
  },
});
