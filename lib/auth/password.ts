import { hash, verify } from '@node-rs/argon2';
import { LONGEST_PASSWORD } from './schema';

/** OWASP password storage cheat sheet: argon2id (the library's default) with 19 MiB, 2 passes, 1 lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Every usable hash starts like this; the seed's placeholder and V1.9's hashes do not. */
export const USABLE_HASH_PREFIX = '$argon2id$';

// The same password typed on two keyboards may arrive composed or decomposed.
const normalise = (password: string) => password.normalize('NFKC');

export function hashPassword(password: string): Promise<string> {
  return hash(normalise(password), OPTIONS);
}

let decoy: Promise<string> | undefined;

/**
 * Whether the password fits. Without a usable hash (no such account, nobody set it up) it works as long and says no,
 * so that the time taken does not tell which accounts exist.
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  if (password.length > LONGEST_PASSWORD) return false;
  const usable = stored?.startsWith(USABLE_HASH_PREFIX) ? stored : null;
  decoy ??= hashPassword('nobody has this password');
  const fits = await verify(usable ?? (await decoy), normalise(password));
  return fits && usable !== null;
}
