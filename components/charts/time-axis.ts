import { formatDay, formatTime, localMinuteOf } from '@/lib/format';

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const DAY_MINUTES = 1440;
/** Spacings that fall on round local times, in minutes. */
const SPACINGS = [5, 10, 15, 30, 60, 120, 180, 240, 360, 720, DAY_MINUTES];

/** Round times on the owner's clock between two instants, about `most` of them; days start at local midnight. */
export function timeTicks(from: number, to: number, timeZone: string, most: number): number[] {
  const spanMinutes = (to - from) / MINUTE_MS;
  const spacing = SPACINGS.find((minutes) => spanMinutes / minutes <= most) ?? DAY_MINUTES;
  // No zone is off by less than a quarter of an hour, so every round local time is a quarter of UTC too.
  const stepMs = spacing < 15 ? spacing * MINUTE_MS : QUARTER_MS;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / stepMs) * stepMs; at <= to; at += stepMs) {
    if (localMinuteOf(at, timeZone) % spacing === 0) ticks.push(at);
  }
  const every = Math.ceil(ticks.length / (most + 1));
  return every <= 1 ? ticks : ticks.filter((_, i) => i % every === 0);
}

/** A tick at local midnight carries its day, every other its time. */
export function timeTickLabel(at: number, timeZone: string): string {
  return localMinuteOf(at, timeZone) === 0 ? formatDay(at, timeZone) : formatTime(at, timeZone);
}
