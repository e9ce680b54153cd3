/** Preloaded into the web process: the server that Next makes answers plain API requests directly. */
import http, { type RequestListener } from 'node:http';
import { directApi } from './direct-api';

const serverFile = process.argv[1];
const { createServer } = http;

function quicker(listener: unknown): unknown {
  if (typeof listener !== 'function' || serverFile === undefined) return listener;
  try {
    return directApi(listener as RequestListener, serverFile);
  } catch (error) {
    console.error('Every API request goes by Next, which is slower:', error);
    return listener;
  }
}

if (process.env.COMMANDCENTER_DIRECT_API !== 'off') {
  http.createServer = ((...given: unknown[]) => {
    http.createServer = createServer;
    return createServer(...(given.map(quicker) as [RequestListener]));
  }) as typeof createServer;
}
