import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  createServer,
  get as httpGet,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { directApi } from './direct-api';

/** A build with the files that Next writes, and routes that say so. */
const directory = mkdtempSync(join(tmpdir(), 'commandcenter-direct-'));
const servers: Server[] = [];

/** As Next compiles it: there only once it was asked to load. */
function route(page: string, handler: string): void {
  const folder = join(directory, '.next', 'server', 'app', page);
  mkdirSync(folder, { recursive: true });
  const code = `let userland;
const handler = ${handler};
exports.routeModule = {
  ensureUserland: async () => { userland = { GET: handler, PUT: handler, HEAD: async () => new Response(null) }; },
  get userland() { return userland; },
};`;
  writeFileSync(join(folder, 'route.js'), code);
}

function saveHeaders(headers: unknown): void {
  writeFileSync(join(directory, '.next', 'routes-manifest.json'), JSON.stringify({ headers }));
}

beforeAll(() => {
  const pages = [
    '/api/loads',
    '/api/loads/[id]',
    '/api/large',
    '/api/broken',
    '/api/torn',
    '/api/cookies',
    '/api/missing',
    '/',
  ];
  mkdirSync(join(directory, '.next'), { recursive: true });
  writeFileSync(
    join(directory, '.next', 'app-path-routes-manifest.json'),
    JSON.stringify(Object.fromEntries(pages.map((page) => [`${page}/route`, page]))),
  );
  saveHeaders([{ source: '/:path*', headers: [{ key: 'X-Everywhere', value: 'yes' }] }]);
  route('/api/loads', "async (request) => new Response('direct ' + request.method + await request.text())");
  route(
    '/api/loads/[id]',
    'async (request, { params }) => Response.json([(await params).id, new URL(request.url).search])',
  );
  route(
    '/api/large',
    "async (request) => new Response(request.headers.get('content-length'), { status: 413 })",
  );
  route('/api/broken', "async () => { throw new Error('broken'); }");
  const torn =
    'let n = 0; return new Response(new ReadableStream({ pull(c) { if (n++) throw new Error(); c.enqueue(new Uint8Array(9)); } }))';
  route('/api/torn', `async () => { ${torn}; }`);
  const cookies = "new Headers([['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2']])";
  route('/api/cookies', `async () => new Response(null, { status: 204, headers: ${cookies} })`);
});

afterEach(() => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) server.close();
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function serve(
  next: Parameters<typeof directApi>[0],
): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const server = createServer(directApi(next, join(directory, 'server.js')));
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init);
}

const next: RequestListener = (_, response) => {
  response.end('by Next');
};

test('plain requests are answered directly once Next has answered one, with the headers of the configuration', async () => {
  const get = await serve(next);
  expect(await (await get('/api/loads')).text()).toBe('by Next');

  const direct = await get('/api/loads', { method: 'PUT', body: '{}' });
  expect(await direct.text()).toBe('direct PUT{}');
  expect(direct.headers.get('x-everywhere')).toBe('yes');
  expect(await (await get('/api/loads/7?a=b')).json()).toEqual(['7', '?a=b']);
  expect((await get('/api/loads', { method: 'HEAD' })).status).toBe(200);
  // A method that the compiled route does not have after all.
  expect(await (await get('/api/loads', { method: 'DELETE' })).text()).toBe('by Next');

  expect(await (await get('/')).text()).toBe('by Next');
  expect(await (await get('/api/loads', { headers: { 'x-nextjs-data': '1' } })).text()).toBe('by Next');
});

test('every cookie is set, an answer has the words of its status, and any name for us will do', async () => {
  const get = await serve(next);
  await get('/');
  const answer = await get('/api/cookies');
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect([answer.status, answer.statusText]).toEqual([204, 'No Content']);

  const { hostname, port } = new URL(answer.url);
  const named = await new Promise<IncomingMessage>((resolve) => {
    httpGet({ hostname, port, path: '/api/loads/7?a=b', headers: { Host: 'house:99999' } }, resolve);
  });
  named.resume();
  expect(named.statusCode).toBe(200);
});

test('a body that nobody reads does not cut off its answer', async () => {
  const get = await serve(next);
  await get('/');
  const body = 'x'.repeat(3_000_000);
  for (let i = 0; i < 3; i += 1) {
    const refused = await get('/api/large', { method: 'PUT', body });
    expect([refused.status, await refused.text()]).toEqual([413, String(body.length)]);
  }
});

test('nothing is answered directly before Next is ready', async () => {
  let becomeReady = () => {};
  const ready = new Promise<void>((done) => {
    becomeReady = done;
  });
  const waiting = vi.fn();
  const get = await serve(async (_, response) => {
    waiting();
    await ready;
    response.end('by Next');
  });
  const answers = [get('/api/loads'), get('/api/loads')];
  await vi.waitFor(() => expect(waiting).toHaveBeenCalledTimes(2));
  becomeReady();
  for (const answer of answers) expect(await (await answer).text()).toBe('by Next');
  expect(await (await get('/api/loads')).text()).toBe('direct GET');
});

test('a route that fails answers 500, one that does not load goes to Next, and an answer that cannot be made is none', async () => {
  const logged = vi.spyOn(console, 'error').mockReturnValue();
  const get = await serve(next);
  await get('/');
  const broken = await get('/api/broken');
  expect(broken.status).toBe(500);
  expect(await broken.text()).toBe('');
  expect(await (await get('/api/missing')).text()).toBe('by Next');
  expect((await get('/api/torn')).status).toBe(500);
  expect(logged).toHaveBeenCalledTimes(3);
  expect(await (await get('/api/loads')).text()).toBe('direct GET');
});

test('a build with header rules of another kind is not served', () => {
  saveHeaders([{ source: '/api/:path*', headers: [] }]);
  expect(() => directApi(next, join(directory, 'server.js'))).toThrow('/api/:path*');
});
