export interface LocalTime {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** Minute of day, 0–1439. */
  readonly minute: number;
}

/** The wall clock of an IANA zone; throws a RangeError that names an unknown zone. */
export function localClock(timeZone: string): (atMs: number) => LocalTime {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  } catch (cause) {
    throw new RangeError(`time zone "${timeZone}" is not known`, { cause });
  }
  return (atMs) => {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of format.formatToParts(atMs)) parts[type] = value;
    return {
      date: `${parts.year}-${parts.month}-${parts.day}`,
      minute: Number(parts.hour) * 60 + Number(parts.minute),
    };
  };
}
