import { z } from 'zod';

const DAY_MS = 86_400_000;
/** A month of minutes is what a page holds and sends in one go. */
const MOST_DAYS = 31;
const USUAL_DAYS = 30;

const instant = z.iso.datetime({ offset: true });

/** `from` and `to` as ISO 8601; the last 30 days where they are left out, at most 31 days at once. */
export const replayQuery = z
  .strictObject({ from: instant.optional(), to: instant.optional() })
  .superRefine(({ from, to }, context) => {
    if (from === undefined || to === undefined) return;
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
    if (days <= 0) context.addIssue({ code: 'custom', path: ['from'], message: 'must be before to' });
    else if (days > MOST_DAYS) {
      const asked = Math.ceil(days);
      context.addIssue({
        code: 'custom',
        path: ['from'],
        message: `is ${asked} days before to; ask for at most ${MOST_DAYS} days at once`,
      });
    }
  });

/** The range asked for, epoch ms; an end that is left out lies 30 days from the other, or is now. */
export function replayRange(query: z.output<typeof replayQuery>, now: number): { from: number; to: number } {
  const from = query.from === undefined ? null : Date.parse(query.from);
  const to = query.to === undefined ? null : Date.parse(query.to);
  if (from !== null) return { from, to: to ?? Math.max(from + 1, Math.min(now, from + MOST_DAYS * DAY_MS)) };
  return { from: (to ?? now) - USUAL_DAYS * DAY_MS, to: to ?? now };
}
