import { eq } from 'drizzle-orm';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { users } from '@/db/schema';
import { hashPassword } from '@/lib/auth/password';
import { resetLimits } from '@/lib/auth/rate-limit';
import { OWNER_ID } from '@/lib/core/defaults';
import { call, openSite } from '@/test/api';
import * as preferences from './preferences/route';
import * as session from './session/route';

const site = openSite();
const EMAIL = 'owner@example.com';
const PASSWORD = 'a long enough one';

beforeAll(async () => {
  const passwordHash = await hashPassword(PASSWORD);
  await site().db.update(users).set({ email: EMAIL, passwordHash }).where(eq(users.id, OWNER_ID));
});
beforeEach(resetLimits);

const signIn = (password: string, headers: Record<string, string> = {}) =>
  call(session, 'POST', { body: { email: EMAIL, password }, headers });

it('signs in with a cookie that scripts cannot read, and out again at once', async () => {
  const answer = await signIn(PASSWORD);
  expect(answer.status, answer.text).toBe(204);
  const header = answer.headers.get('set-cookie') ?? '';
  expect(header).toMatch(/^cc_session=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=34560000; HttpOnly; SameSite=Lax$/);
  const cookie = /cc_session=([^;]+)/.exec(header)?.[1] ?? '';
  expect((await call(preferences, 'GET', { cookie })).status).toBe(200);
  expect((await call(session, 'DELETE', { cookie })).status).toBe(403);
  const out = await call(session, 'DELETE', { cookie, headers: { origin: 'http://site.test' } });
  expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
  expect((await call(preferences, 'GET', { cookie })).status).toBe(401);
});

it('marks the cookie Secure behind HTTPS', async () => {
  const answer = await signIn(PASSWORD, { 'x-forwarded-proto': 'https' });
  expect(answer.headers.get('set-cookie')).toMatch(/; Secure$/);
});

it('refuses another site, a wrong password, and then answers 429 with Retry-After', async () => {
  expect((await signIn(PASSWORD, { origin: 'http://evil.test' })).status).toBe(403);
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    const answer = await signIn('wrong password');
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    expect(answer.text).not.toContain('wrong password');
  }
  const limited = await signIn(PASSWORD);
  expect(limited.status).toBe(429);
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(60);
  expect(limited.headers.get('set-cookie')).toBeNull();
});

it('a Bearer token is not turned into a session', async () => {
  const answer = await call(session, 'DELETE', { token: await site().token('read') });
  expect(answer.status).toBe(204);
  expect((await call(preferences, 'GET', { token: await site().token('read') })).status).toBe(200);
});
