import { z } from 'zod';

export const MOST_KEPT = 365;

/** What the owner chooses about the nightly backup; no folder: none is made. */
export const backupSettingsInput = z.strictObject({
  folder: z
    .string()
    .trim()
    .max(500)
    .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters')
    .transform((path) => (path === '' ? null : path))
    .nullable(),
  hour: z.int().min(0).max(23),
  keep: z.int().min(1).max(MOST_KEPT),
});
export type BackupSettingsInput = z.output<typeof backupSettingsInput>;
