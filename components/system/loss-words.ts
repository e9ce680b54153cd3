import { formatBytes, formatMoment } from '@/lib/format';
import type { Loss } from '@/lib/retention/preview';
import { RETENTION_SPECS } from './specs';

/** "Every tick: all before Mon 23, 12:00, about 15 days (30 MB)". */
export function lossWords(
  { tier, before, days, bytes }: Loss,
  { now, timeZone }: { readonly now: number; readonly timeZone: string },
): string {
  const length =
    days < 1 ? 'less than a day' : `about ${Math.round(days)} ${Math.round(days) === 1 ? 'day' : 'days'}`;
  return `${RETENTION_SPECS[tier].label}: all before ${formatMoment(before, now, timeZone)}, ${length} (${formatBytes(bytes)})`;
}
