import { formatDay, formatMonth, formatTime, localMinuteOf } from '@/lib/format';
import { addDays, localDateOf, startOfLocalDate } from '@/lib/local-day';

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const DAY_MINUTES = 1440;
/** Spacings that fall on round local times, in minutes. */
const SPACINGS = [5, 10, 15, 30, 60, 120, 180, 240, 360, 720];
/** Beyond, a day and its number say too little. */
const LONGEST_BY_DAY_MINUTES = 45 * DAY_MINUTES;
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60];
const MONTH_MINUTES = 30 * DAY_MINUTES;

/** Whether ticks of a range this long (ms) are months. */
export const isByMonth = (rangeMs: number): boolean => rangeMs > LONGEST_BY_DAY_MINUTES * MINUTE_MS;

/** Round times on the owner's clock between two instants, about `most` of them; days and months start at local midnight. */
export function timeTicks(from: number, to: number, timeZone: string, most: number): number[] {
  const spanMinutes = (to - from) / MINUTE_MS;
  if (isByMonth(to - from)) return monthTicks(from, to, timeZone, most);
  const spacing = SPACINGS.find((minutes) => spanMinutes / minutes <= most);
  if (spacing === undefined) return dayTicks(from, to, timeZone, most);
  // No zone is off by less than a quarter of an hour, so every round local time is a quarter of UTC too.
  const stepMs = spacing < 15 ? spacing * MINUTE_MS : QUARTER_MS;
  const first = Math.ceil(from / stepMs) * stepMs;
  const minuteOf = clockOver(first, to, timeZone);
  const ticks: number[] = [];
  for (let at = first; at <= to; at += stepMs) if (minuteOf(at) % spacing === 0) ticks.push(at);
  return thinned(ticks, most);
}

/** Minute of the local day. The clock of a zone is slow to read: unless it is changed in between, twice is enough. */
function clockOver(from: number, to: number, timeZone: string): (at: number) => number {
  const utcMinute = (at: number) => Math.floor(at / MINUTE_MS) % DAY_MINUTES;
  const ahead = (at: number) => (localMinuteOf(at, timeZone) - utcMinute(at) + DAY_MINUTES) % DAY_MINUTES;
  const [before, after] = [ahead(from), ahead(to)];
  return before === after
    ? (at) => (utcMinute(at) + before) % DAY_MINUTES
    : (at) => localMinuteOf(at, timeZone);
}

function dayTicks(from: number, to: number, timeZone: string, most: number): number[] {
  const ticks: number[] = [];
  for (let date = localDateOf(from, timeZone); ; date = addDays(date, 1)) {
    const at = startOfLocalDate(date, timeZone);
    if (at > to) return thinned(ticks, most);
    // A date that was left out begins with the next.
    if (at >= from && at !== ticks.at(-1)) ticks.push(at);
  }
}

function monthTicks(from: number, to: number, timeZone: string, most: number): number[] {
  const months = (to - from) / MINUTE_MS / MONTH_MINUTES;
  const step = MONTH_STEPS.find((count) => months / count <= most) ?? 120;
  const [year = 0, month = 1] = localDateOf(from, timeZone).split('-').map(Number);
  const first = Math.floor((year * 12 + month - 1) / step) * step;
  const ticks: number[] = [];
  for (let count = first; ; count += step) {
    const date = `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}-01`;
    const at = startOfLocalDate(date, timeZone);
    if (at > to) return ticks;
    if (at >= from) ticks.push(at);
  }
}

function thinned(ticks: readonly number[], most: number): number[] {
  const every = Math.max(1, Math.ceil(ticks.length / (most + 1)));
  return ticks.filter((_, i) => i % every === 0);
}

/** A tick where a local day begins carries its day, every other its time; over a long range (ms), its month. */
export function timeTickLabel(at: number, timeZone: string, rangeMs = 0): string {
  if (isByMonth(rangeMs)) return formatMonth(at, timeZone);
  const begins = at === startOfLocalDate(localDateOf(at, timeZone), timeZone);
  return begins ? formatDay(at, timeZone) : formatTime(at, timeZone);
}
