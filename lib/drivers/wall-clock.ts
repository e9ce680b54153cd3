const BUCKET_MS = 15 * 60_000;
const REMEMBERED = 2000;

/** The wall clock of one IANA time zone. A "local time" here is the wall clock written as if it were UTC, ms. */
export interface WallClock {
  /** Local time less UTC at an instant, ms. */
  offsetMs(atMs: number): number;
  /** The instant at which the clock shows `localMs`: the first of a repeated hour, an hour on in a skipped one. */
  instantOf(localMs: number): number;
}

/** Throws a RangeError for a zone that does not exist. */
export function createWallClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  // Zones change on quarter hours, and asking Intl is slow.
  const known = new Map<number, number>();
  const offsetMs = (atMs: number) => {
    const bucket = Math.floor(atMs / BUCKET_MS);
    const before = known.get(bucket);
    if (before !== undefined) return before;
    if (known.size >= REMEMBERED) known.clear();
    const offset = parseOffset(format, bucket * BUCKET_MS);
    known.set(bucket, offset);
    return offset;
  };
  return {
    offsetMs,
    instantOf(localMs) {
      const before = offsetMs(localMs - 86_400_000);
      const after = offsetMs(localMs + 86_400_000);
      const early = localMs - Math.max(before, after);
      const late = localMs - Math.min(before, after);
      if (early + offsetMs(early) === localMs) return early;
      if (late + offsetMs(late) === localMs) return late;
      return localMs - before;
    },
  };
}

function parseOffset(format: Intl.DateTimeFormat, atMs: number): number {
  const name = format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}
