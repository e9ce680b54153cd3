import { z } from 'zod';
import { VERDICTS } from '@/lib/core/types';

const MOST = 200;
const DEFAULT = 50;

export const decisionQuery = z.strictObject({
  load_id: z.string().min(1).max(200).optional(),
  verdict: z.enum(VERDICTS).optional(),
  /** Only from this moment on, and before that one; ISO 8601. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  /** ISO 8601; with `before_id` the place in a list that goes on: both from the last entry. */
  before: z.iso.datetime({ offset: true }).optional(),
  before_id: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(MOST).default(DEFAULT),
});

/** Decisions are numbered. */
export const decisionParams = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(Number),
});
