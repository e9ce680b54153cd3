import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Database } from '@/db/client';
import { users } from '@/db/schema';
import { AppError } from '@/lib/errors';
import { hashPassword, verifyPassword } from './password';
import { countAttempt, forgiveAttempts } from './rate-limit';
import type { passwordChangeInput } from './schema';
import type { SessionHolder } from './sessions';
import { revokeOtherSessions } from './sessions';

/**
 * Sets another password for who knows the present one, and ends all other sessions: whoever had the old one is out.
 * API tokens stay. Resolves to how many sessions ended.
 * @throws AppError forbidden for a wrong present password, rate_limited.
 */
export async function changePassword(
  db: Database,
  user: Pick<SessionHolder, 'ownerId' | 'email' | 'credentialId'>,
  input: z.output<typeof passwordChangeInput>,
): Promise<number> {
  await countAttempt(user.email);
  const [stored] = await db
    .select({ passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.id, user.ownerId));
  if (!(await verifyPassword(stored?.passwordHash ?? null, input.current_password))) {
    const message = 'is not your present password';
    throw new AppError('forbidden', `That ${message}.`, {
      issues: [{ path: 'current_password', code: 'wrong_password', message }],
    });
  }
  const passwordHash = await hashPassword(input.new_password);
  const ended = await db.transaction(async (tx) => {
    await tx.update(users).set({ passwordHash }).where(eq(users.id, user.ownerId));
    return revokeOtherSessions(tx, user.ownerId, user.credentialId);
  });
  await forgiveAttempts(user.email);
  return ended;
}
