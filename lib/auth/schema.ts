import { z } from 'zod';
import { timeZoneField } from '@/lib/fields';
import { SCOPES } from './permission';

/** RFC 5321 allows no longer address. */
const LONGEST_EMAIL = 254;
export const SHORTEST_PASSWORD = 10;
export const LONGEST_PASSWORD = 256;

export const signInInput = z.strictObject({
  email: z.string().trim().min(1, 'is required').max(LONGEST_EMAIL),
  password: z.string().min(1, 'is required').max(LONGEST_PASSWORD),
});

const newPassword = z
  .string()
  .min(SHORTEST_PASSWORD, `must have at least ${SHORTEST_PASSWORD} characters; a few words in a row do well`)
  .max(LONGEST_PASSWORD, `must have at most ${LONGEST_PASSWORD} characters`);

export const firstRunInput = z.strictObject({
  code: z.string().trim().min(1, 'is required').max(200),
  email: z.string().trim().max(LONGEST_EMAIL).pipe(z.email('must be an e-mail address')),
  password: newPassword,
  timezone: timeZoneField().optional(),
});

export const passwordChangeInput = z.strictObject({
  current_password: z.string().min(1, 'is required').max(LONGEST_PASSWORD),
  new_password: newPassword,
});

export const newTokenInput = z.strictObject({
  name: z.string().trim().min(1, 'is required').max(60),
  scope: z.enum(SCOPES),
  /** Null: it does not expire. */
  expires_days: z.int().min(1).max(36_500).nullable(),
});
