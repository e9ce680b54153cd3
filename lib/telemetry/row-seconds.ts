import { sql } from 'drizzle-orm';

/** Seconds from a raw row to the next as its worker meant it: a tick. */
export const STEP_SECONDS = sql.raw(`least(coalesce((tick ->> 'seconds')::float8, 10), 300)`);
/** A row of that `step` stands for the time until the next where that is no further than this, s; else for one step. */
export const REACH_SECONDS = sql.raw('greatest(3 * step, 30)');
