import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { APIRequestContext } from '@playwright/test';
import { api, expect, test } from './site';

test.use({ signedIn: true });

const BUILT = join('.next', 'standalone', '.next', 'app-path-routes-manifest.json');
const UNKNOWN = '00000000-0000-4000-8000-00000000dead';
/** Next looks itself at what carries a header of its own (lib/web/direct-routes.ts). */
const BY_NEXT = { 'x-nextjs-compare': '1' };
/** Next says that a page varies by its own headers; of an answer past it nothing is said. */
const MARK_OF_NEXT = 'next-router-state-tree';
/** Beside what differs between two answers: Next sends in pieces, of a length that it does not say. */
const VARYING = new Set(['date', 'etag', 'vary', 'location', 'transfer-encoding', 'content-length']);

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly data?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function answerOf(request: APIRequestContext, { method, path, data, headers }: Sent) {
  const response = await request.fetch(path, { method, data, headers: { ...headers }, maxRedirects: 0 });
  const text = await response.text();
  const all = Object.entries(response.headers());
  return {
    byNext: (response.headers().vary ?? '').includes(MARK_OF_NEXT),
    // What a living site measures changes between two answers: refusals are compared word by word.
    seen: {
      status: `${response.status()} ${response.statusText()}`,
      headers: Object.fromEntries(all.filter(([name]) => !VARYING.has(name)).sort()),
      isTagged: response.headers().etag !== undefined,
      body: response.status() >= 400 ? text : Object.keys(text === '' ? {} : JSON.parse(text)).sort(),
    },
  };
}

/** Sends it twice, directly and by Next's own way; resolves to whether the first was direct. */
async function answersAlike(request: APIRequestContext, sent: Sent): Promise<boolean> {
  const direct = await answerOf(request, sent);
  const byNext = await answerOf(request, { ...sent, headers: { ...sent.headers, ...BY_NEXT } });
  expect(byNext.byNext, `${sent.method} ${sent.path} has gone by Next`).toBe(true);
  expect(direct.seen, `${sent.method} ${sent.path}`).toEqual(byNext.seen);
  return !direct.byNext;
}

const routes = Object.values(JSON.parse(readFileSync(BUILT, 'utf8')) as Record<string, string>)
  .filter((page) => page.startsWith('/api/') && !page.includes('...'))
  .map((page) => page.replace(/\[\w+\]/, UNKNOWN));

test('every API route answers directly as it does by Next: the owner, a stranger, and no such method', async ({
  page,
  playwright,
  site,
}) => {
  const stranger = await playwright.request.newContext({ baseURL: site.url });
  const token = { Authorization: 'Bearer cc_wrong' };
  const leftToNext: string[] = [];
  for (const path of routes) {
    const isStream = path === '/api/events';
    let isDirect = true;
    for (const method of isStream ? ['OPTIONS', 'PATCH'] : ['GET', 'HEAD', 'OPTIONS', 'PATCH']) {
      isDirect = (await answersAlike(page.request, { method, path })) && isDirect;
    }
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      await answersAlike(stranger, { method, path, headers: token });
    }
    // No address can be made of it.
    await answersAlike(stranger, { method: 'GET', path, headers: { ...token, Host: 'house:99999' } });
    if (!isDirect) leftToNext.push(path);
  }
  await stranger.dispose();
  expect(leftToNext.sort()).toEqual([
    '/api/events',
    '/api/gains',
    '/api/replay/history',
    '/api/telemetry',
    '/api/telemetry/export',
    '/api/telemetry/runs',
  ]);
});

test('changes are taken and refused directly as they are by Next', async ({ page, site }) => {
  const headers = { Origin: site.url, 'Content-Type': 'application/json' };
  const refused: readonly Sent[] = [
    { method: 'PUT', path: '/api/preferences', data: '{' },
    { method: 'PUT', path: '/api/preferences', data: '{}' },
    { method: 'PUT', path: '/api/preferences', data: '{"voltage_low":99}' },
    { method: 'PUT', path: '/api/preferences', data: '{"voltage_low":46}', headers: { 'If-Match': '"old"' } },
    { method: 'PUT', path: '/api/preferences', data: `{"a":"${'b'.repeat(300_000)}"}` },
    { method: 'PUT', path: '/api/preferences', data: 'a=b', headers: { 'Content-Type': 'text/plain' } },
    { method: 'PUT', path: '/api/preferences', data: '{}', headers: { Origin: 'https://elsewhere.example' } },
    { method: 'POST', path: '/api/miners', data: '{"name":""}' },
    { method: 'PUT', path: `/api/miners/${UNKNOWN}`, data: '{"name":"a"}' },
    { method: 'DELETE', path: `/api/miners/${UNKNOWN}` },
    { method: 'DELETE', path: '/api/miners/no-id' },
    { method: 'GET', path: '/api/decisions?limit=0' },
  ];
  for (const sent of refused) {
    const direct = await answersAlike(page.request, { ...sent, headers: { ...headers, ...sent.headers } });
    expect(direct, `${sent.method} ${sent.path} was direct`).toBe(true);
  }

  const stored = await api<{ voltage_low: number }>(page.request, 'GET', '/api/preferences');
  const same = JSON.stringify({ voltage_low: stored.voltage_low });
  expect(
    await answersAlike(page.request, { method: 'PUT', path: '/api/preferences', data: same, headers }),
  ).toBe(true);
});

test('a query never says which row is meant', async ({ page }) => {
  const miners = await api<{ id: string; name: string }[]>(page.request, 'GET', '/api/miners');
  const [one, other] = miners;
  if (one === undefined || other === undefined) throw new Error('The site has fewer than two miners.');
  for (const key of ['nxtPid', 'n%78tPid', '%6extPid', 'id']) {
    const path = `/api/miners/${one.id}?${key}=${other.id}`;
    expect(await api<{ name: string }>(page.request, 'GET', path), key).toMatchObject({ name: one.name });
  }
});
