const HOURS = 24;

/** A stretch of the day, in hours from midnight, end excluded. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * The preferred hours [start, end) as they lie on a bar from midnight to midnight: one stretch, or two where they wrap.
 * Equal or missing ends mean no schedule (control.md §4): null.
 */
export function stretchesOf(start: number | null, end: number | null): readonly Stretch[] | null {
  if (start === null || end === null || start === end) return null;
  if (start < end) return [{ from: start, to: end }];
  const stretches = [
    { from: 0, to: end },
    { from: start, to: HOURS },
  ];
  return stretches.filter(({ from, to }) => to > from);
}

const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** "18:00 to 10:00 the next day, 16 h". */
export function scheduleWords(start: number | null, end: number | null): string {
  if ((start === null) !== (end === null)) return 'One hour alone is no schedule: any time of day.';
  const stretches = stretchesOf(start, end);
  if (stretches === null || start === null || end === null) return 'No preferred hours: any time of day.';
  const hours = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  return `${clock(start)} to ${clock(end)}${start > end ? ' the next day' : ''}, ${hours} h.`;
}
