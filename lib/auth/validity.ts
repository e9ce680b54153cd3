import { and, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { apiTokens, sessions } from '@/db/schema';

interface Credential {
  readonly kind: 'session' | 'token';
  readonly credentialId: string;
}

const idsOf = (credentials: readonly Credential[], kind: Credential['kind']) => [
  ...new Set(credentials.filter((item) => item.kind === kind).map((item) => item.credentialId)),
];

/** Which of these still let their holder in: not signed out, expired or revoked. */
export async function stillValid(db: Executor, credentials: readonly Credential[]): Promise<Set<string>> {
  const sessionIds = idsOf(credentials, 'session');
  const tokenIds = idsOf(credentials, 'token');
  const found = await Promise.all([
    sessionIds.length === 0
      ? []
      : db
          .select({ id: sessions.id })
          .from(sessions)
          .where(
            and(
              inArray(sessions.id, sessionIds),
              isNull(sessions.revokedAt),
              gt(sessions.expiresAt, sql`now()`),
            ),
          ),
    tokenIds.length === 0
      ? []
      : db
          .select({ id: apiTokens.id })
          .from(apiTokens)
          .where(
            and(
              inArray(apiTokens.id, tokenIds),
              isNull(apiTokens.revokedAt),
              or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, sql`now()`)),
            ),
          ),
  ]);
  return new Set(found.flat().map((row) => row.id));
}
