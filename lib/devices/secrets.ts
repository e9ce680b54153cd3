import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@/lib/errors';

const PREFIX = 'sealed:v1:';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** 32 bytes from COMMANDCENTER_SECRET_KEY (hex), else from the file that the launcher keeps in the data directory. */
function readKey(): Buffer {
  const directory = process.env.COMMANDCENTER_DATA ?? '.data';
  let text = process.env.COMMANDCENTER_SECRET_KEY;
  if (text === undefined) {
    try {
      text = readFileSync(join(directory, 'secret.key'), 'utf8');
    } catch (cause) {
      throw new AppError(
        'unavailable',
        'The key that protects device passwords is missing (secret.key in the data directory).',
        { cause },
      );
    }
  }
  const key = Buffer.from(text.trim(), 'hex');
  if (key.length !== 32)
    throw new AppError('unavailable', 'The key that protects device passwords is damaged (secret.key).');
  return key;
}

/** AES-256-GCM with a nonce of its own; the result is text. */
export function seal(secret: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', readKey(), nonce);
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @throws Error when the text was altered or sealed with another key. */
function unseal(text: string): string {
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', readKey(), bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}

export const isSealed = (value: unknown): value is string =>
  typeof value === 'string' && value.startsWith(PREFIX);

/** Connection settings as the driver takes them; only the worker needs this. @throws Error when a secret cannot be read. */
export function unsealConnection(connection: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(connection).map(([name, value]) => [name, isSealed(value) ? unseal(value) : value]),
  );
}
