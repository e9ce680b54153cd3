import { z } from 'zod';

export const alertQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** What PUT /api/alerts/{id} takes: false takes an acknowledgement back. */
export const alertPatch = z.strictObject({ acknowledged: z.boolean() });
