import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { and, eq, isNull, like, not, or, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { users } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { AppError } from '@/lib/errors';
import { USABLE_HASH_PREFIX } from './password';
import { hashSecret } from './secret';

const FILE_NAME = 'first-run-code';
const CODE_SHAPE = /^[A-Za-z0-9_-]{16,}$/;

function fileOf(dataDirectory: string): string {
  return join(dataDirectory, FILE_NAME);
}

function readCode(dataDirectory: string): string | null {
  try {
    const code = readFileSync(fileOf(dataDirectory), 'utf8').trim();
    return CODE_SHAPE.test(code) ? code : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The code that opens first-run: the one in the data directory, else a new one, which only this user may read. */
export function ensureFirstRunCode(dataDirectory: string): string {
  const existing = readCode(dataDirectory);
  if (existing !== null) return existing;
  const code = randomBytes(18).toString('base64url');
  try {
    // Exclusive: of two that find none, one writes and the other reads what it wrote.
    writeFileSync(fileOf(dataDirectory), `${code}\n`, { mode: 0o600, flag: 'wx' });
    return code;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const other = readCode(dataDirectory);
  if (other !== null) return other;
  // Cut off by a full disk or a power cut.
  rmSync(fileOf(dataDirectory), { force: true });
  writeFileSync(fileOf(dataDirectory), `${code}\n`, { mode: 0o600, flag: 'wx' });
  return code;
}

/** Whether this is the code, in the same time wherever it differs. Without a code file nothing fits. */
export function checkFirstRunCode(dataDirectory: string, code: string): boolean {
  const expected = readCode(dataDirectory);
  if (expected === null) return false;
  return timingSafeEqual(Buffer.from(hashSecret(expected)), Buffer.from(hashSecret(code.trim())));
}

/** Once the owner is set, the code is worth nothing. */
export function removeFirstRunCode(dataDirectory: string): void {
  rmSync(fileOf(dataDirectory), { force: true });
}

const usable = like(users.passwordHash, `${USABLE_HASH_PREFIX}%`);

/** Whether somebody has set a password and may administer the site. Until then only first-run is open. */
export async function ownerExists(db: Executor): Promise<boolean> {
  const found = await db
    .select({ id: users.id })
    .from(users)
    .where(and(usable, eq(users.role, 'admin')))
    .limit(1);
  return found.length > 0;
}

/**
 * Makes the seeded row the owner's. Of two at once one wins, and the other is told that an owner exists (conflict).
 * Other accounts of an adopted database keep their rows; their e-mail addresses are taken.
 */
export async function claimOwner(
  db: Executor,
  owner: { email: string; passwordHash: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await tx
      .select({ passwordHash: users.passwordHash })
      .from(users)
      .where(eq(users.id, OWNER_ID))
      .for('update');
    if (row === undefined) throw new Error('The seeded owner is missing: migrations have not run.');
    if (await ownerExists(tx)) {
      throw new AppError('conflict', 'An owner has been set up already. Sign in instead.');
    }
    const [taken] = await tx
      .select({ id: users.id })
      .from(users)
      .where(and(sql`lower(${users.email}) = lower(${owner.email})`, not(eq(users.id, OWNER_ID))));
    if (taken !== undefined) {
      throw new AppError('conflict', 'Another account of this database has that e-mail address.');
    }
    await tx
      .update(users)
      .set({ email: owner.email, passwordHash: owner.passwordHash, role: 'admin' })
      .where(and(eq(users.id, OWNER_ID), or(isNull(users.passwordHash), not(usable))));
  });
}
