import { describe, expect, it } from 'vitest';
import { hashPassword, USABLE_HASH_PREFIX, verifyPassword } from './password';

describe('passwords', () => {
  it('are kept as argon2id with the OWASP cost, salted', async () => {
    const stored = await hashPassword('correct horse');
    expect(stored.startsWith(`${USABLE_HASH_PREFIX}v=19$m=19456,t=2,p=1$`)).toBe(true);
    expect(await hashPassword('correct horse')).not.toBe(stored);
    expect(await verifyPassword(stored, 'correct horse')).toBe(true);
    expect(await verifyPassword(stored, 'correct hors')).toBe(false);
  });

  it('fit however the keyboard composes an accent', async () => {
    expect(await verifyPassword(await hashPassword('caf\u00e9 caf\u00e9'), 'cafe\u0301 cafe\u0301')).toBe(
      true,
    );
  });

  it.each([null, '', '!', '$2b$12$abcdefghijklmnopqrstuv', 'nobody has this password'])(
    'the placeholder %j fits nothing, not even the decoy',
    async (stored) => {
      expect(await verifyPassword(stored, 'nobody has this password')).toBe(false);
      expect(await verifyPassword(stored, '')).toBe(false);
    },
  );
});
