import { MOST_DAYS } from '@/lib/storage/days-left';

const YEAR_DAYS = 365;

/** How long the disk lasts, as the owner would say it; null = not known. */
export function diskWords(daysLeft: number | null): string {
  if (daysLeft === null) return 'How long the disk lasts is not known.';
  if (daysLeft >= MOST_DAYS) return 'The disk is large enough for as long as anyone plans.';
  if (daysLeft > 3 * YEAR_DAYS)
    return `The disk lasts about ${Math.floor(daysLeft / YEAR_DAYS)} years at this pace.`;
  return `The disk lasts about ${daysLeft} days at this pace.`;
}
