import { createHash, randomBytes } from 'node:crypto';

/** 32 random bytes, printable. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What the database keeps of a secret with 256 random bits; nothing slower is needed for those. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
