import { expect, test } from 'vitest';
import { DirectRoutes } from './direct-routes';

const routes = new DirectRoutes([
  '/',
  '/settings/miners/[id]',
  '/api/[[...path]]',
  '/api/miners',
  '/api/miners/[id]',
  '/api/miners/order',
  '/api/telemetry',
  '/api/telemetry/[id]',
  '/api/events',
]);
const raw = (headers: Record<string, string>) => Object.entries(headers).flat();
const find = (url: string, headers = {}, method = 'GET') =>
  routes.find({ method, url, headers, rawHeaders: raw(headers) });
const pageOf = (...request: Parameters<typeof find>) => find(...request)?.page ?? null;
const ID = '5f3c2a10-0000-4000-8000-00000000000a';

test.each([
  ['/api/miners', '/api/miners'],
  ['/api/miners?limit=5&to=2026-11-29T12:00:00Z', '/api/miners'],
  [`/api/miners/${ID}`, '/api/miners/[id]'],
  // As Next does: a name of its own comes before a parameter.
  ['/api/miners/order', '/api/miners/order'],
])('%s is plain: %s', (url, page) => {
  expect(pageOf(url, { host: 'house', accept: '*/*', authorization: 'Bearer x' })).toBe(page);
});

test('a parameter is what stands in the path', () => {
  expect(find(`/api/miners/${ID}?id=5`)).toEqual({ page: '/api/miners/[id]', params: { id: ID } });
  expect(find('/api/miners/order')).toEqual({ page: '/api/miners/order', params: {} });
});

test.each([
  ['a page', '/'],
  ['another site in the address', 'http://elsewhere/api/miners'],
  ['nothing there', '/api/nothing'],
  ['a path that is longer', `/api/miners/${ID}/name`],
  ['a slash at the end', '/api/miners/'],
  ['a double slash', '//api/miners'],
  ['other case', '/API/miners'],
  ['an encoded path', '/api/%6diners'],
  ['a path with dots', `/api/miners/${ID}.rsc`],
  ['a path upwards', '/api/miners/../miners'],
  ['a path parameter in the query', `/api/miners/${ID}?nxtPid=6`],
  ['the same behind another key', `/api/miners/${ID}?a=1&nxtPid=6`],
  ['the same, encoded', `/api/miners/${ID}?n%78tPid=6`],
  ['a large answer', '/api/telemetry'],
  ['an event stream', '/api/events'],
])('%s goes to Next', (_, url) => {
  expect(find(url)).toBeNull();
});

test('a large answer is not taken for the parameter of another route', () => {
  const confusing = new DirectRoutes(['/api/telemetry/[id]', '/api/telemetry/runs']);
  expect(
    confusing.find({ method: 'GET', url: '/api/telemetry/runs', headers: {}, rawHeaders: [] }),
  ).toBeNull();
  expect(confusing.find({ method: 'GET', url: '/api/telemetry/5', headers: {}, rawHeaders: [] })?.page).toBe(
    '/api/telemetry/[id]',
  );
});

test.each([
  'x-middleware-subrequest',
  'x-middleware-set-cookie',
  'x-matched-path',
  'x-now-route-matches',
  'x-nextjs-data',
  'x-next-revalidated-tags',
  'x-invocation-id',
  'next-resume',
  'next-router-prefetch',
  'rsc',
  'purpose',
])('a request with Next’s own header %s goes to Next', (name) => {
  expect(find('/api/miners', { host: 'house', [name]: '1' })).toBeNull();
});

test('a header that is there twice goes to Next', () => {
  const headers = { authorization: 'Bearer x' };
  const rawHeaders = ['Authorization', 'Bearer x', 'authorization', 'Bearer y'];
  expect(routes.find({ method: 'GET', url: '/api/miners', headers, rawHeaders })).toBeNull();
});

test('a body of unknown length goes to Next', () => {
  expect(find('/api/miners', { 'transfer-encoding': 'chunked' }, 'POST')).toBeNull();
  expect(pageOf('/api/miners', { 'content-length': '5' }, 'POST')).toBe('/api/miners');
});

test.each(['TRACE', 'PROPFIND', 'CONNECT'])('%s goes to Next', (method) => {
  expect(find('/api/miners', {}, method)).toBeNull();
  expect(pageOf('/api/miners', {}, 'PATCH')).toBe('/api/miners');
});
