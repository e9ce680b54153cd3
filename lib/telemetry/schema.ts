import { z } from 'zod';
import { TELEMETRY_RESOLUTIONS } from './bins';

const HOUR_MS = 3_600_000;
const MOST_POINTS = 2_000;
/** Half of them are bins, the others ends of gaps: fewer would be no series. */
const FEWEST_POINTS = 20;

const instant = z.iso.datetime({ offset: true });

interface Ends {
  readonly from?: string;
  readonly to?: string;
}

const isForwards = ({ from, to }: Ends): boolean =>
  from === undefined || to === undefined || Date.parse(from) < Date.parse(to);
const FORWARDS = { path: ['from'], message: 'must be before to' };

/** `from` and `to` as ISO 8601; the last hour where they are left out. Made coarser where more points would come. */
export const telemetryQuery = z
  .strictObject({
    from: instant.optional(),
    to: instant.optional(),
    resolution: z.enum(TELEMETRY_RESOLUTIONS).default('auto'),
    max_points: z.coerce.number().int().min(FEWEST_POINTS).max(MOST_POINTS).default(MOST_POINTS),
  })
  .refine(isForwards, FORWARDS);

/** A download: `from` and `to` as ISO 8601, the last hour where they are left out; one tier as it is stored. */
export const exportQuery = z
  .strictObject({
    from: instant.optional(),
    to: instant.optional(),
    resolution: z.enum(['raw', '1m', '15m', '1d']).default('15m'),
    format: z.enum(['csv', 'json']).default('json'),
  })
  .refine(isForwards, FORWARDS);

export type TelemetryQuery = z.output<typeof telemetryQuery>;

/** The range asked for, epoch ms; an end that is left out lies an hour from the other, or is now. */
export function rangeOf(query: Ends, now: number): { from: number; to: number } {
  const to = query.to === undefined ? null : Date.parse(query.to);
  const from = query.from === undefined ? null : Date.parse(query.from);
  if (from !== null) return { from, to: to ?? Math.max(now, from + 1) };
  return { from: (to ?? now) - HOUR_MS, to: to ?? now };
}
