import 'server-only';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { getDatabase } from '@/db/client';
import { SESSION_COOKIE, sessionCookieOptions } from './cookie';
import { ownerExists } from './first-run';
import { PAGE_HEADER, signInPath } from './return-to';
import { findSession, revokeSession, type SessionHolder } from './sessions';

/** Who is signed in, looked up once per request; null = nobody. */
export const currentUser = cache(async (): Promise<SessionHolder | null> => {
  const secret = (await cookies()).get(SESSION_COOKIE)?.value;
  return secret === undefined ? null : findSession(getDatabase().db, secret);
});

/** For pages: who is signed in, else off to first-run, or to the sign-in that leads back here. */
export async function requireUser(): Promise<SessionHolder> {
  const user = await currentUser();
  if (user !== null) return user;
  if (!(await ownerExists(getDatabase().db))) redirect('/setup');
  redirect(signInPath((await headers()).get(PAGE_HEADER)));
}

/** For actions: keeps a new session's secret in the browser. */
export async function keepSession(secret: string): Promise<void> {
  (await cookies()).set(SESSION_COOKIE, secret, sessionCookieOptions(await headers()));
}

/** For actions: ends this browser's session. */
export async function endSession(): Promise<void> {
  const jar = await cookies();
  const secret = jar.get(SESSION_COOKIE)?.value;
  if (secret !== undefined) await revokeSession(getDatabase().db, secret);
  jar.delete(SESSION_COOKIE);
}
