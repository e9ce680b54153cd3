import { z } from 'zod';

/** RFC 5321 allows no longer address. */
const LONGEST_EMAIL = 254;
export const SHORTEST_PASSWORD = 10;
export const LONGEST_PASSWORD = 256;

export const signInInput = z.strictObject({
  email: z.string().trim().min(1, 'is required').max(LONGEST_EMAIL),
  password: z.string().min(1, 'is required').max(LONGEST_PASSWORD),
});

export const firstRunInput = z.strictObject({
  code: z.string().trim().min(1, 'is required').max(200),
  email: z.string().trim().max(LONGEST_EMAIL).pipe(z.email('must be an e-mail address')),
  password: z
    .string()
    .min(
      SHORTEST_PASSWORD,
      `must have at least ${SHORTEST_PASSWORD} characters; a few words in a row do well`,
    )
    .max(LONGEST_PASSWORD, `must have at most ${LONGEST_PASSWORD} characters`),
});
