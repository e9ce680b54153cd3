import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { Database, Executor } from '@/db/client';
import { preparedPerDatabase } from '@/db/prepared';
import { apiTokens, users } from '@/db/schema';
import { effectiveScope, type Scope } from './permission';
import type { Principal } from './principal';
import { hashSecret, newSecret } from './secret';

const PREFIX = 'cc_';
const SHAPE = /^cc_[A-Za-z0-9_-]{43}$/;
/** The last use is kept to the minute: a token that polls must not write at every read. */
const TOUCH_EVERY_MS = 60_000;

interface NewToken {
  readonly ownerId: string;
  readonly name: string;
  readonly scope: Scope;
  readonly expiresAt: Date | null;
}

/** The token itself is shown this once; the database keeps its hash. */
export async function createApiToken(db: Executor, input: NewToken): Promise<{ token: string; id: string }> {
  const token = `${PREFIX}${newSecret()}`;
  const [row] = await db
    .insert(apiTokens)
    .values({
      userId: input.ownerId,
      name: input.name,
      scope: input.scope,
      expiresAt: input.expiresAt,
      tokenHash: hashSecret(token),
    })
    .returning({ id: apiTokens.id });
  if (row === undefined) throw new Error('The token was not stored.');
  return { token, id: row.id };
}

const validNow = and(
  isNull(apiTokens.revokedAt),
  or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, sql`now()`)),
);

const tokenByHash = preparedPerDatabase((db) =>
  db
    .select({
      id: apiTokens.id,
      name: apiTokens.name,
      scope: apiTokens.scope,
      expiresAt: apiTokens.expiresAt,
      lastUsedAt: apiTokens.lastUsedAt,
      ownerId: users.id,
      role: users.role,
    })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.userId))
    .where(and(eq(apiTokens.tokenHash, sql.placeholder('hash')), validNow))
    .prepare('api_token_by_hash'),
);

/** Who holds this token; null when it is unknown, expired or revoked. */
export async function findApiToken(db: Database, token: string): Promise<Principal | null> {
  if (!SHAPE.test(token)) return null;
  const [row] = await tokenByHash(db).execute({ hash: hashSecret(token) });
  if (row === undefined) return null;
  if (row.lastUsedAt === null || Math.abs(Date.now() - row.lastUsedAt.getTime()) > TOUCH_EVERY_MS) {
    await touch(db, row.id);
  }
  return {
    kind: 'token',
    ownerId: row.ownerId,
    scope: effectiveScope(row.role, row.scope),
    actor: `token ${row.name}`,
    credentialId: row.id,
  };
}

async function touch(db: Database, id: string): Promise<void> {
  await db
    .update(apiTokens)
    .set({ lastUsedAt: sql`now()` })
    .where(
      and(
        eq(apiTokens.id, id),
        or(
          isNull(apiTokens.lastUsedAt),
          sql`${apiTokens.lastUsedAt} not between now() - interval '1 minute' and now() + interval '1 minute'`,
        ),
      ),
    );
}

/** Ends a token at once. */
export async function revokeApiToken(db: Executor, ownerId: string, id: string): Promise<void> {
  await db
    .update(apiTokens)
    .set({ revokedAt: sql`coalesce(${apiTokens.revokedAt}, now())` })
    .where(and(eq(apiTokens.id, id), eq(apiTokens.userId, ownerId)));
}

export interface TokenInfo {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
}

/** The owner's tokens that were not revoked, expired ones included, the newest first. */
export async function listApiTokens(db: Executor, ownerId: string): Promise<TokenInfo[]> {
  return db
    .select({
      id: apiTokens.id,
      name: apiTokens.name,
      scope: apiTokens.scope,
      createdAt: apiTokens.createdAt,
      lastUsedAt: apiTokens.lastUsedAt,
      expiresAt: apiTokens.expiresAt,
    })
    .from(apiTokens)
    .where(and(eq(apiTokens.userId, ownerId), isNull(apiTokens.revokedAt)))
    .orderBy(desc(apiTokens.createdAt));
}
