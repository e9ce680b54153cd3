import { z } from 'zod';

/** An override is a hand on the switch for a while, not a setting. */
export const LONGEST_OVERRIDE_HOURS = 24;

const ENDS = ['ends_at', 'duration_minutes', 'until'] as const;

/** What POST /api/overrides takes. */
export const overrideInput = z
  .strictObject({
    /** `miner:<id>`, `heater:<zone id>` or `fan:<zone id>`. */
    load_id: z.string().min(1).max(200),
    state: z.enum(['on', 'off']),
    ends_at: z.iso.datetime({ offset: true }).optional(),
    duration_minutes: z
      .int()
      .min(1)
      .max(LONGEST_OVERRIDE_HOURS * 60)
      .optional(),
    until: z.enum(['sunrise']).optional(),
    reason: z.string().trim().min(1).max(200).optional(),
  })
  .refine((input) => ENDS.filter((name) => input[name] !== undefined).length === 1, {
    message: 'Say when it ends: exactly one of ends_at, duration_minutes and until.',
  });
export type OverrideInput = z.infer<typeof overrideInput>;

export const overrideQuery = z.strictObject({
  load_id: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
