import { z } from 'zod';

/** An owner who was away for longer looks at the history. */
export const LONGEST_ABSENCE_DAYS = 31;

/** Since when: the moment of the last visit. */
export const sinceQuery = z.strictObject({ from: z.iso.datetime({ offset: true }) });
