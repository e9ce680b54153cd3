import type { Database } from '@/db/client';
import { withinMs } from '@/lib/deadline';
import { sessionSecret } from './cookie';
import type { Principal } from './principal';
import { findSession } from './sessions';
import { findApiToken } from './tokens';

const LOOKUP_LIMIT_MS = 5_000;

function look(db: Database, headers: Headers): Promise<Principal | null> | null {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(headers.get('authorization') ?? '')?.[1];
  // Another scheme is a proxy's own sign-in, which browsers repeat beside our cookie.
  if (bearer !== undefined) return findApiToken(db, bearer);
  const secret = sessionSecret(headers);
  return secret === null ? null : findSession(db, secret);
}

/** Who sends this request: its Bearer token where there is one, else its session cookie; null = a stranger. */
export async function authenticate(db: Database, headers: Headers): Promise<Principal | null> {
  const found = look(db, headers);
  return found === null ? null : withinMs(LOOKUP_LIMIT_MS, found);
}
