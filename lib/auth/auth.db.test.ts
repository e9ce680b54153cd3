import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { apiTokens, sessions, users } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { resetPreferences } from '@/lib/preferences/mutations';
import { getPreferences } from '@/lib/preferences/queries';
import { openSite } from '@/test/api';
import { authenticate } from './authenticate';
import { checkFirstRunCode, ensureFirstRunCode, ownerExists } from './first-run';
import { hashPassword } from './password';
import { resetLimits } from './rate-limit';
import { findSession, revokeSession } from './sessions';
import { setUpOwner, signInWithPassword } from './sign-in';
import { createApiToken, findApiToken, revokeApiToken } from './tokens';
import { stillValid } from './validity';

const site = openSite();
const PASSWORD = 'a long enough one';

async function forgetOwner() {
  await site().db.update(users).set({ passwordHash: null }).where(eq(users.id, OWNER_ID));
}

beforeEach(async () => {
  resetLimits();
  await forgetOwner();
});

const codeOf = (thrown: unknown) => (thrown as { code?: string }).code;

describe('first run', () => {
  it('sets the seeded owner up once, signs in, and the code is gone', async () => {
    const { db, dataDirectory } = site();
    expect(await ownerExists(db)).toBe(false);
    const code = ensureFirstRunCode(dataDirectory);
    const secret = await setUpOwner(db, { code, email: 'Me@Example.com', password: PASSWORD }, null);
    expect(await findSession(db, secret)).toMatchObject({
      ownerId: OWNER_ID,
      scope: 'admin',
      email: 'Me@Example.com',
    });
    expect(await ownerExists(db)).toBe(true);
    expect(existsSync(join(dataDirectory, 'first-run-code'))).toBe(false);
    expect(checkFirstRunCode(dataDirectory, code)).toBe(false);
    await signInWithPassword(db, { email: 'me@example.COM', password: PASSWORD }, null);
  });

  it('takes the time zone of a new site with the longitude of its noon, and leaves a place that is set', async () => {
    const { db, dataDirectory } = site();
    const claim = async (timezone: string) => {
      const code = ensureFirstRunCode(dataDirectory);
      await setUpOwner(db, { code, email: 'me@example.com', password: PASSWORD, timezone }, null);
      await forgetOwner();
      return getPreferences(db, OWNER_ID);
    };
    expect(await claim('Europe/Berlin')).toMatchObject({ timezone: 'Europe/Berlin', locationLon: 15 });
    expect(await claim('Asia/Tokyo')).toMatchObject({ timezone: 'Europe/Berlin', locationLon: 15 });
    await resetPreferences(db, { ownerId: OWNER_ID, actor: 'tester' });
    expect(await claim('Pacific/Kiritimati')).toMatchObject({ locationLon: -150 });
  });

  it('happens whole or not at all: where the time zone cannot be kept, it can be tried again', async () => {
    const { db, dataDirectory } = site();
    await resetPreferences(db, { ownerId: OWNER_ID, actor: 'tester' });
    const code = ensureFirstRunCode(dataDirectory);
    const claim = (timezone: string) =>
      setUpOwner(db, { code, email: 'me@example.com', password: PASSWORD, timezone }, null);
    const before = await db.$count(sessions);
    await expect(claim('Nowhere/At_All')).rejects.toThrow();
    expect(await ownerExists(db)).toBe(false);
    expect(await db.$count(sessions)).toBe(before);
    expect(await findSession(db, await claim('Europe/Berlin'))).toMatchObject({ email: 'me@example.com' });
    await resetPreferences(db, { ownerId: OWNER_ID, actor: 'tester' });
  });

  it('opens with nothing but the code, and stays as it was', async () => {
    const { db, dataDirectory } = site();
    ensureFirstRunCode(dataDirectory);
    const attempt = setUpOwner(db, { code: 'guess', email: 'me@example.com', password: PASSWORD }, null);
    expect(codeOf(await attempt.catch((error: unknown) => error))).toBe('forbidden');
    expect(await ownerExists(db)).toBe(false);
  });

  it('lets one of many at once win', async () => {
    const { db, dataDirectory } = site();
    const code = ensureFirstRunCode(dataDirectory);
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, (_, i) =>
        setUpOwner(db, { code, email: `me${i}@example.com`, password: PASSWORD }, null),
      ),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    const refusals = results.flatMap((result) =>
      result.status === 'rejected' ? [codeOf(result.reason)] : [],
    );
    expect(refusals.every((code) => code === 'conflict' || code === 'forbidden')).toBe(true);
  });

  it('is over once an owner exists, code or not', async () => {
    const { db, dataDirectory } = site();
    await db
      .update(users)
      .set({ passwordHash: await hashPassword(PASSWORD) })
      .where(eq(users.id, OWNER_ID));
    const code = ensureFirstRunCode(dataDirectory);
    const attempt = setUpOwner(db, { code, email: 'thief@example.com', password: PASSWORD }, null);
    expect(codeOf(await attempt.catch((error: unknown) => error))).toBe('conflict');
  });

  it('limits guesses at the code', async () => {
    const { db, dataDirectory } = site();
    ensureFirstRunCode(dataDirectory);
    const guess = () => setUpOwner(db, { code: 'guess', email: 'me@example.com', password: PASSWORD }, null);
    const codes = await Promise.all(Array.from({ length: 12 }, () => guess().catch(codeOf)));
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(2);
  });
});

describe('signing in', () => {
  beforeEach(async () => {
    const { db } = site();
    const passwordHash = await hashPassword(PASSWORD);
    await db.update(users).set({ passwordHash, email: 'owner@example.com' }).where(eq(users.id, OWNER_ID));
  });

  it('tells nobody which of the two was wrong', async () => {
    const { db } = site();
    const wrong = (email: string, password: string) =>
      signInWithPassword(db, { email, password }, null).catch((error: Error) => error.message);
    const messages = [
      await wrong('owner@example.com', 'not it at all'),
      await wrong('nobody@example.com', PASSWORD),
    ];
    expect(new Set(messages).size).toBe(1);
  });

  it('is refused after ten failures, with the right password too, for this account only', async () => {
    const { db } = site();
    for (let i = 0; i < 10; i += 1) {
      await signInWithPassword(db, { email: 'owner@example.com', password: 'wrong one' }, null).catch(
        () => {},
      );
    }
    const attempt = signInWithPassword(db, { email: 'owner@example.com', password: PASSWORD }, null);
    expect(codeOf(await attempt.catch((error: unknown) => error))).toBe('rate_limited');
  });

  it('keeps only a hash of the cookie', async () => {
    const { db } = site();
    const secret = await signInWithPassword(
      db,
      { email: 'owner@example.com', password: PASSWORD },
      'Firefox',
    );
    const rows = await db.select().from(sessions);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(rows.at(-1)?.userAgent).toBe('Firefox');
  });

  it('an account nobody set up cannot be entered', async () => {
    const { db } = site();
    for (const passwordHash of [null, '', '$2b$12$abc']) {
      await db.update(users).set({ passwordHash }).where(eq(users.id, OWNER_ID));
      const attempt = signInWithPassword(db, { email: 'owner@example.com', password: '' }, null);
      expect(codeOf(await attempt.catch((error: unknown) => error))).toBe('unauthenticated');
    }
  });
});

describe('sessions', () => {
  it('end by signing out, by age and with the account, and slide with use', async () => {
    const { db } = site();
    const secret = await site().session();
    const holder = await findSession(db, secret);
    expect(holder).not.toBeNull();
    const id = holder?.credentialId ?? '';

    await db
      .update(sessions)
      .set({ lastUsedAt: sql`now() - interval '2 hours'`, expiresAt: sql`now() + interval '1 minute'` })
      .where(eq(sessions.id, id));
    await findSession(db, secret);
    const [slid] = await db.select().from(sessions).where(eq(sessions.id, id));
    expect((slid?.expiresAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(29 * 86_400_000);

    // Used by a clock that was years ahead.
    await db
      .update(sessions)
      .set({ lastUsedAt: sql`now() + interval '10 years'`, expiresAt: sql`now() + interval '11 years'` })
      .where(eq(sessions.id, id));
    await findSession(db, secret);
    const [back] = await db.select().from(sessions).where(eq(sessions.id, id));
    expect((back?.expiresAt.getTime() ?? 0) - Date.now()).toBeLessThan(31 * 86_400_000);

    await db.update(sessions).set({ expiresAt: sql`now()` }).where(eq(sessions.id, id));
    expect(await findSession(db, secret)).toBeNull();

    const other = await site().session();
    await revokeSession(db, other);
    expect(await findSession(db, other)).toBeNull();
  });

  it('a user of the role "user" may control, not administer', async () => {
    const secret = await site().session(await site().otherOwner('user'));
    expect((await findSession(site().db, secret))?.scope).toBe('control');
  });
});

describe('API tokens', () => {
  it('work before anybody used the first-run page, and only their hash is kept', async () => {
    const { db } = site();
    const { token, id } = await createApiToken(db, {
      ownerId: OWNER_ID,
      name: 'phone',
      scope: 'read',
      expiresAt: null,
    });
    expect(token).toMatch(/^cc_[A-Za-z0-9_-]{43}$/);
    expect(await findApiToken(db, token)).toMatchObject({
      ownerId: OWNER_ID,
      scope: 'read',
      actor: 'token phone',
    });
    const [row] = await db.select().from(apiTokens).where(eq(apiTokens.id, id));
    expect(JSON.stringify(row)).not.toContain(token.slice(3));
    expect(row?.lastUsedAt).not.toBeNull();
  });

  it('write their last use at most once a minute', async () => {
    const { db } = site();
    const { token, id } = await createApiToken(db, {
      ownerId: OWNER_ID,
      name: 'x',
      scope: 'read',
      expiresAt: null,
    });
    const lastUse = async () =>
      (await db.select().from(apiTokens).where(eq(apiTokens.id, id)))[0]?.lastUsedAt;
    await findApiToken(db, token);
    const first = await lastUse();
    await findApiToken(db, token);
    expect(await lastUse()).toEqual(first);
    await db
      .update(apiTokens)
      .set({ lastUsedAt: sql`now() - interval '61 seconds'` })
      .where(eq(apiTokens.id, id));
    await findApiToken(db, token);
    expect((await lastUse())?.getTime()).toBeGreaterThanOrEqual(first?.getTime() ?? Number.POSITIVE_INFINITY);
  });

  it('end by age and by revocation, and never exceed their owner', async () => {
    const { db } = site();
    const expired = await site().token('admin', { expiresAt: new Date(Date.now() - 1000) });
    expect(await findApiToken(db, expired)).toBeNull();
    const later = await site().token('read', { expiresAt: new Date(Date.now() + 60_000) });
    expect(await findApiToken(db, later)).not.toBeNull();
    const { token, id } = await createApiToken(db, {
      ownerId: OWNER_ID,
      name: 'x',
      scope: 'read',
      expiresAt: null,
    });
    expect(await stillValid(db, [{ kind: 'token', credentialId: id }])).toEqual(new Set([id]));
    await revokeApiToken(db, OWNER_ID, id);
    expect(await findApiToken(db, token)).toBeNull();
    expect(await stillValid(db, [{ kind: 'token', credentialId: id }])).toEqual(new Set());
    const tooMuch = await site().token('admin', { ownerId: await site().otherOwner('user') });
    expect((await findApiToken(db, tooMuch))?.scope).toBe('control');
  });
});

describe('authenticate', () => {
  it('takes the Bearer token before the cookie and leaves a proxy its own scheme', async () => {
    const { db } = site();
    const cookie = `a=b; cc_session=${await site().session()}`;
    const token = await site().token('read');
    const who = (headers: Record<string, string>) => authenticate(db, new Headers(headers));
    expect(await who({ cookie })).toMatchObject({ kind: 'session' });
    expect(await who({ cookie, authorization: `bearer ${token}` })).toMatchObject({ kind: 'token' });
    expect(await who({ cookie, authorization: 'Bearer cc_wrong' })).toBeNull();
    expect(await who({ cookie, authorization: 'Basic dXNlcjpwYXNz' })).toMatchObject({ kind: 'session' });
    expect(await who({ cookie: 'cc_session=' })).toBeNull();
    expect(await who({ cookie: 'xcc_session=abc; cc_session' })).toBeNull();
    expect(await who({})).toBeNull();
  });
});
