import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { users } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { openSite } from '@/test/api';
import { changePassword } from './change-password';
import { hashPassword } from './password';
import { resetLimits } from './rate-limit';
import { createSession, findSession, listSessions, revokeOtherSessions, revokeSessionById } from './sessions';
import { signInWithPassword } from './sign-in';
import { createApiToken, findApiToken, listApiTokens, revokeApiToken } from './tokens';

const site = openSite();
const EMAIL = 'owner@example.com';
const OLD = 'a long enough one';
const NEW = 'another long enough one';

beforeEach(async () => {
  resetLimits();
  const passwordHash = await hashPassword(OLD);
  await site().db.update(users).set({ passwordHash, email: EMAIL }).where(eq(users.id, OWNER_ID));
});

async function holder() {
  const { db } = site();
  const user = await findSession(db, await createSession(db, OWNER_ID, 'Firefox'));
  if (!user) throw new Error('no session');
  return user;
}
const codeOf = (thrown: unknown) => (thrown as { code?: string }).code;
const signIn = (password: string) =>
  signInWithPassword(site().db, { email: EMAIL, password }, null).then(() => 'in', codeOf);

describe('changing the password', () => {
  it('needs the present one, and leaves only this session', async () => {
    const { db } = site();
    const user = await holder();
    const other = await createSession(db, OWNER_ID, 'a thief');
    const { token } = await createApiToken(db, {
      ownerId: OWNER_ID,
      name: 'phone',
      scope: 'read',
      expiresAt: null,
    });
    const wrong = await changePassword(db, user, { current_password: 'no', new_password: NEW }).catch(
      (error: unknown) => error,
    );
    expect(wrong).toMatchObject({ code: 'forbidden', issues: [{ path: 'current_password' }] });
    expect(await findSession(db, other)).not.toBeNull();
    expect(await signIn(OLD)).toBe('in');

    expect(await changePassword(db, user, { current_password: OLD, new_password: NEW })).toBeGreaterThan(0);
    expect(await signIn(OLD)).toBe('unauthenticated');
    expect(await findSession(db, other)).toBeNull();
    expect((await listSessions(db, OWNER_ID)).map(({ id }) => id)).toEqual([user.credentialId]);
    expect(await findApiToken(db, token)).not.toBeNull();
    expect(await signIn(NEW)).toBe('in');
  });

  it('cannot be used to guess: ten wrong ones lock it, and signing in too', async () => {
    const { db } = site();
    const user = await holder();
    const guess = (password: string) =>
      changePassword(db, user, { current_password: password, new_password: NEW }).then(
        () => 'changed',
        codeOf,
      );
    const codes = await Promise.all(Array.from({ length: 12 }, (_, i) => guess(`guess ${i}`)));
    expect(codes.filter((code) => code === 'forbidden')).toHaveLength(10);
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(2);
    expect(await guess(OLD)).toBe('rate_limited');
    expect(await signIn(OLD)).toBe('rate_limited');
  });
});

describe('sessions', () => {
  it('are listed with what they came from, and can be ended one by one or all but this', async () => {
    const { db } = site();
    const user = await holder();
    const phone = await createSession(db, OWNER_ID, 'Phone');
    const tablet = await createSession(db, OWNER_ID, 'Tablet');
    const listed = await listSessions(db, OWNER_ID);
    const [phoneSession] = listed.filter(({ userAgent }) => userAgent === 'Phone');
    await revokeSessionById(db, OWNER_ID, phoneSession?.id ?? '');
    expect(await findSession(db, phone)).toBeNull();
    expect(await findSession(db, tablet)).not.toBeNull();
    await revokeOtherSessions(db, OWNER_ID, user.credentialId);
    expect(await findSession(db, tablet)).toBeNull();
    expect(await listSessions(db, OWNER_ID)).toMatchObject([{ id: user.credentialId, userAgent: 'Firefox' }]);
  });

  it('of somebody else are out of reach', async () => {
    const { db } = site();
    const user = await holder();
    const stranger = await site().otherOwner();
    await revokeSessionById(db, stranger, user.credentialId);
    await revokeOtherSessions(db, stranger, user.credentialId);
    expect((await listSessions(db, OWNER_ID)).map(({ id }) => id)).toContain(user.credentialId);
  });
});

describe('tokens', () => {
  it('are listed with scope, expiry and last use, without their secret, until they are revoked', async () => {
    const { db } = site();
    const expiresAt = new Date(Date.now() + 86_400_000);
    const { token, id } = await createApiToken(db, {
      ownerId: OWNER_ID,
      name: 'widget',
      scope: 'control',
      expiresAt,
    });
    const find = async () => (await listApiTokens(db, OWNER_ID)).find((item) => item.id === id);
    expect(await find()).toMatchObject({ name: 'widget', scope: 'control', expiresAt, lastUsedAt: null });
    expect(JSON.stringify(await find())).not.toContain(token);
    await findApiToken(db, token);
    expect((await find())?.lastUsedAt).toBeInstanceOf(Date);
    await revokeApiToken(db, await site().otherOwner(), id);
    expect(await find()).toBeDefined();
    await revokeApiToken(db, OWNER_ID, id);
    expect(await find()).toBeUndefined();
    expect(await findApiToken(db, token)).toBeNull();
  });
});
