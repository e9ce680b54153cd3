const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const formatters = new Map<string, Intl.DateTimeFormat>();

function partsOf(at: number, timeZone: string): Record<string, string> {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timeZone, formatter);
  }
  return Object.fromEntries(formatter.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** YYYY-MM-DD on the calendar of a time zone. */
export function localDateOf(at: number, timeZone: string): string {
  const { year, month, day } = partsOf(at, timeZone);
  return `${year}-${month}-${day}`;
}

/** How far a zone's clock is ahead of UTC at an instant, ms. */
export function offsetMs(at: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = partsOf(at, timeZone);
  const wall = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return wall - Math.floor(at / 1000) * 1000;
}

/**
 * The first instant at which a zone's clock shows an hour of a local date, epoch ms; where it is skipped, or the whole date,
 * the one that comes instead.
 */
export function startOfLocalHour(date: string, hour: number, timeZone: string): number {
  const wall = Date.parse(`${date}T00:00:00Z`) + hour * HOUR_MS;
  // By the offset before a change of clocks, and by the one after it.
  const candidates = [wall - DAY_MS, wall + DAY_MS].map((near) => wall - offsetMs(near, timeZone));
  const fitting = candidates.filter((at) => at + offsetMs(at, timeZone) === wall);
  return fitting.length > 0 ? Math.min(...fitting) : Math.max(...candidates);
}

/** The first instant of a local date, epoch ms; where midnight is skipped, the hour that comes instead. */
export function startOfLocalDate(date: string, timeZone: string): number {
  return startOfLocalHour(date, 0, timeZone);
}

/** The date so many days later (or earlier). */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Monday of the ISO week that a date lies in. */
export function weekOf(date: string): string {
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(date, -weekday);
}
