import type { Database } from '@/db/client';
import { withinMs } from '@/lib/deadline';
import { sessionSecret } from './cookie';
import type { Principal } from './principal';
import { hashSecret } from './secret';
import { findSession } from './sessions';
import { findApiToken } from './tokens';

const LOOKUP_LIMIT_MS = 5_000;

/** Most holders that are remembered; the one remembered first goes first. */
const MOST_HOLDERS = 100;
/** Who showed a credential last. A token or session never changes hands; whether it still lets in is asked each time. */
const holders = new Map<string, Principal>();

interface Credential {
  readonly kind: Principal['kind'];
  readonly secret: string;
}

function credentialOf(headers: Headers): Credential | null {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(headers.get('authorization') ?? '')?.[1];
  // Another scheme is a proxy's own sign-in, which browsers repeat beside our cookie.
  if (bearer !== undefined) return { kind: 'token', secret: bearer };
  const secret = sessionSecret(headers);
  return secret === null ? null : { kind: 'session', secret };
}

const keyOf = ({ kind, secret }: Credential): string => `${kind} ${hashSecret(secret)}`;

function remember(key: string, holder: Principal | null): void {
  holders.delete(key);
  if (holder !== null) holders.set(key, holder);
  const [eldest] = holders.keys();
  if (holders.size > MOST_HOLDERS && eldest !== undefined) holders.delete(eldest);
}

/** Who sends this request: its Bearer token where there is one, else its session cookie; null = a stranger. */
export async function authenticate(db: Database, headers: Headers): Promise<Principal | null> {
  const credential = credentialOf(headers);
  if (credential === null) return null;
  const { kind, secret } = credential;
  const found = kind === 'token' ? findApiToken(db, secret) : findSession(db, secret);
  const holder = await withinMs(LOOKUP_LIMIT_MS, found);
  remember(keyOf(credential), holder);
  return holder;
}

/** Who sent such a request last. It says nothing about whether they may still: only `authenticate` does. */
export function lastHolder(headers: Headers): Principal | null {
  const credential = credentialOf(headers);
  return credential === null ? null : (holders.get(keyOf(credential)) ?? null);
}
