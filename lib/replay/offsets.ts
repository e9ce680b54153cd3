const QUARTER_MS = 900_000;
const HOUR_MS = 4 * QUARTER_MS;

/** What the clock of a zone is ahead of UTC, min, by row; clocks change on quarters of an hour. */
export function offsetsOf(at: Float64Array, timeZone: string): Float64Array {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const offsetAt = (moment: number): number => {
    const name = format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const match = /([+-])(\d\d):(\d\d)/.exec(name);
    const minutes = match === null ? 0 : Number(match[2]) * 60 + Number(match[3]);
    return match?.[1] === '-' ? -minutes : minutes;
  };
  let hour = { startsAt: Number.NaN, first: 0, next: 0 };
  return at.map((moment) => {
    const startsAt = Math.floor(moment / HOUR_MS) * HOUR_MS;
    if (startsAt !== hour.startsAt) {
      // To ask is slow, and the end of an hour is mostly the start of the next row's.
      const first = startsAt === hour.startsAt + HOUR_MS ? hour.next : offsetAt(startsAt);
      hour = { startsAt, first, next: offsetAt(startsAt + HOUR_MS) };
    }
    if (hour.first === hour.next) return hour.first;
    return offsetAt(Math.floor(moment / QUARTER_MS) * QUARTER_MS);
  });
}
