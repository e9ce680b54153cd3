import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Database } from '@/db/client';
import { users } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { readEnvironment } from '@/lib/env';
import { AppError } from '@/lib/errors';
import { chooseFirstZone } from '@/lib/preferences/mutations';
import { changeSettings } from '@/lib/settings-versions/change';
import { checkFirstRunCode, claimOwner, ownerExists, removeFirstRunCode } from './first-run';
import { hashPassword, verifyPassword } from './password';
import { countAttempt, forgiveAttempts } from './rate-limit';
import type { firstRunInput, signInInput } from './schema';
import { createSession } from './sessions';

/** Returns the cookie's value. Throws unauthenticated without saying which of the two was wrong, and rate_limited. */
export async function signInWithPassword(
  db: Database,
  input: z.output<typeof signInInput>,
  userAgent: string | null,
): Promise<string> {
  await countAttempt(input.email);
  const [user] = await db
    .select({ id: users.id, passwordHash: users.passwordHash })
    .from(users)
    .where(sql`lower(${users.email}) = lower(${input.email})`);
  const fits = await verifyPassword(user?.passwordHash ?? null, input.password);
  if (user === undefined || !fits)
    throw new AppError('unauthenticated', 'The e-mail address or the password is wrong.');
  await forgiveAttempts(input.email);
  await db.update(users).set({ lastLogin: sql`now()` }).where(eq(users.id, user.id));
  return createSession(db, user.id, userAgent);
}

/** What the attempts at the one-time code count against. */
const FIRST_RUN_ACCOUNT = 'first run';

/**
 * Sets the owner's e-mail address and password, once, for whoever knows the code, and the time zone of a new site;
 * returns the cookie's value.
 * Throws forbidden for a wrong code, conflict when an owner exists, and rate_limited.
 */
export async function setUpOwner(
  db: Database,
  input: z.output<typeof firstRunInput>,
  userAgent: string | null,
): Promise<string> {
  if (await ownerExists(db))
    throw new AppError('conflict', 'An owner has been set up already. Sign in instead.');
  await countAttempt(FIRST_RUN_ACCOUNT);
  const { dataDirectory } = readEnvironment();
  if (!checkFirstRunCode(dataDirectory, input.code)) {
    throw new AppError('forbidden', 'The code is not the one that "npm start" printed.', {
      issues: [{ path: 'code', code: 'wrong_code', message: 'is not the one that "npm start" printed' }],
    });
  }
  const { email, timezone: timeZone } = input;
  const passwordHash = await hashPassword(input.password);
  // Whole or not at all: who has failed halfway may try again with the same code.
  const secret = await changeSettings(db, async (tx) => {
    await claimOwner(tx, { email, passwordHash });
    if (timeZone) await chooseFirstZone(tx, { ownerId: OWNER_ID, actor: email, timeZone, now: Date.now() });
    return createSession(tx, OWNER_ID, userAgent);
  });
  removeFirstRunCode(dataDirectory);
  await forgiveAttempts(FIRST_RUN_ACCOUNT);
  return secret;
}
