'use client';

import { scheduleWords, stretchesOf } from './schedule';

interface ScheduleBarProps {
  readonly start: number | null;
  readonly end: number | null;
  /** Local minute of the day now; null = not known. */
  readonly nowMinute: number | null;
}

const percent = (hours: number): string => `${(hours / 24) * 100}%`;
const TICKS = [0, 6, 12, 18, 24];

/** The preferred hours on a bar from midnight to midnight, with what wraps shown at both ends. */
export function ScheduleBar({ start, end, nowMinute }: ScheduleBarProps) {
  const stretches = stretchesOf(start, end);
  return (
    <div className="grid gap-1">
      <div
        aria-hidden
        className="relative h-7 overflow-hidden rounded-md border border-line-strong bg-sunken"
      >
        {(stretches ?? [{ from: 0, to: 24 }]).map(({ from, to }) => (
          <span
            key={from}
            className={`absolute inset-y-0 ${stretches === null ? 'bg-info-soft' : 'bg-accent'}`}
            style={{ left: percent(from), width: percent(to - from) }}
          />
        ))}
        {nowMinute !== null && (
          <span
            className="absolute inset-y-0 w-0.5 bg-ink outline outline-1 outline-surface"
            style={{ left: percent(nowMinute / 60) }}
          />
        )}
      </div>
      <div aria-hidden className="relative h-4 text-ink-soft text-xs">
        {TICKS.map((hour) => (
          <span
            key={hour}
            className={`absolute ${hour === 0 ? '' : hour === 24 ? '-translate-x-full' : '-translate-x-1/2'}`}
            style={{ left: percent(hour) }}
          >
            {String(hour).padStart(2, '0')}
          </span>
        ))}
      </div>
      <p className="text-ink-soft">{scheduleWords(start, end)}</p>
    </div>
  );
}
