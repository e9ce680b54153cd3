import { z } from 'zod';

const MOST = 200;
const DEFAULT = 50;

export const commandQuery = z.strictObject({
  load_id: z.string().min(1).max(200).optional(),
  /** ISO 8601; with `before_id` the place in a list that goes on: both from the last entry. */
  before: z.iso.datetime({ offset: true }).optional(),
  before_id: z.guid().optional(),
  limit: z.coerce.number().int().min(1).max(MOST).default(DEFAULT),
});
