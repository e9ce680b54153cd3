/** Preloaded into the web process: the server that Next makes answers plain API requests directly. */
import http, { type RequestListener, type Server } from 'node:http';
import { directApi } from './direct-api';

const serverFile = process.argv[1];
const { createServer } = http;
if (serverFile !== undefined && process.env.COMMANDCENTER_DIRECT_API !== 'off') {
  http.createServer = ((listener: RequestListener): Server => {
    http.createServer = createServer;
    return createServer(directApi(listener, serverFile));
  }) as typeof createServer;
}
