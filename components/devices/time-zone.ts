import { formatDay, formatTime } from '@/lib/format';

const HALF_YEAR_MS = 183 * 86_400_000;

/** Whether clocks of two time zones show the same, now and on the other side of summer time. */
export function showSameTime(a: string, b: string, now: number): boolean {
  const shown = (at: number, timeZone: string) => `${formatDay(at, timeZone)} ${formatTime(at, timeZone)}`;
  return [now, now + HALF_YEAR_MS].every((at) => shown(at, a) === shown(at, b));
}
