import { and, desc, eq, gt, isNull, lt, ne, sql } from 'drizzle-orm';
import type { Database, Executor } from '@/db/client';
import { preparedPerDatabase } from '@/db/prepared';
import { sessions, users } from '@/db/schema';
import { effectiveScope } from './permission';
import type { Principal } from './principal';
import { hashSecret, newSecret } from './secret';

const SHAPE = /^[A-Za-z0-9_-]{43}$/;
const TOUCH_EVERY_MS = 60_000;
/** A session ends so long after its last use. */
const IDLE_DAYS = 30;
const idleEnd = sql`now() + make_interval(days => ${IDLE_DAYS})`;

export interface SessionHolder extends Principal {
  readonly email: string;
}

/** Opens a session and returns the cookie's value; the database keeps its hash. */
export async function createSession(db: Executor, userId: string, userAgent: string | null): Promise<string> {
  const secret = newSecret();
  await db.insert(sessions).values({
    userId,
    tokenHash: hashSecret(secret),
    expiresAt: idleEnd,
    userAgent: userAgent?.slice(0, 200),
  });
  // Signing in is rare: the moment to drop what ended a while ago.
  await db.delete(sessions).where(lt(sessions.expiresAt, sql`now() - interval '30 days'`));
  return secret;
}

const validNow = and(isNull(sessions.revokedAt), gt(sessions.expiresAt, sql`now()`));

const sessionByHash = preparedPerDatabase((db) =>
  db
    .select({
      id: sessions.id,
      lastUsedAt: sessions.lastUsedAt,
      ownerId: users.id,
      email: users.email,
      role: users.role,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenHash, sql.placeholder('hash')), validNow))
    .prepare('session_by_hash'),
);

/** Who this cookie's value belongs to; null when it is unknown, expired or revoked. Its use keeps it alive. */
export async function findSession(db: Database, secret: string): Promise<SessionHolder | null> {
  if (!SHAPE.test(secret)) return null;
  const [row] = await sessionByHash(db).execute({ hash: hashSecret(secret) });
  if (row === undefined) return null;
  // One used by a clock that was ahead would otherwise stay open until that day.
  if (Math.abs(Date.now() - row.lastUsedAt.getTime()) > TOUCH_EVERY_MS) {
    await db
      .update(sessions)
      .set({ lastUsedAt: sql`now()`, expiresAt: idleEnd })
      .where(
        and(
          eq(sessions.id, row.id),
          validNow,
          sql`${sessions.lastUsedAt} not between now() - interval '1 minute' and now() + interval '1 minute'`,
        ),
      );
  }
  return {
    kind: 'session',
    ownerId: row.ownerId,
    scope: effectiveScope(row.role, null),
    actor: row.email,
    credentialId: row.id,
    email: row.email,
  };
}

/** Ends the session of this cookie's value at once. */
export async function revokeSession(db: Executor, secret: string): Promise<void> {
  await db
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(sessions.tokenHash, hashSecret(secret)), isNull(sessions.revokedAt)));
}

export interface SessionInfo {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly userAgent: string | null;
}

/** The account's open sessions, the last used first. */
export async function listSessions(db: Executor, userId: string): Promise<SessionInfo[]> {
  return db
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      lastUsedAt: sessions.lastUsedAt,
      userAgent: sessions.userAgent,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), validNow))
    .orderBy(desc(sessions.lastUsedAt));
}

/** Ends one of the account's sessions at once. */
export async function revokeSessionById(db: Executor, userId: string, id: string): Promise<void> {
  await db
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(sessions.userId, userId), eq(sessions.id, id), isNull(sessions.revokedAt)));
}

/** Ends all of the account's sessions but this one; resolves to how many. */
export async function revokeOtherSessions(db: Executor, userId: string, keptId: string): Promise<number> {
  const ended = await db
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(sessions.userId, userId), ne(sessions.id, keptId), validNow))
    .returning({ id: sessions.id });
  return ended.length;
}
