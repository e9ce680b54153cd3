'use client';

import { ChevronLeft, ChevronRight, ZoomIn, ZoomOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { ChoiceBar } from '@/components/ui/choice-bar';
import { DateInput } from './date-input';
import { datesOf, daysView, PRESETS, type Preset, panned, type Range, type View, zoomed } from './view';

interface RangeBarProps {
  readonly view: View;
  readonly range: Range;
  readonly now: number;
  readonly timeZone: string;
  readonly onChange: (view: View) => void;
}

const STEP = 0.5;
const OPTIONS = (Object.keys(PRESETS) as Preset[]).map((value) => ({ value, label: PRESETS[value].label }));

function IconButton({
  label,
  onClick,
  children,
}: {
  label: string;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Button aria-label={label} title={label} className="px-2.5" onClick={onClick}>
      {children}
    </Button>
  );
}

/** Which stretch of time is shown: the last so-and-so long, days of the calendar, or a step from here. */
export function RangeBar({ view, range, now, timeZone, onChange }: RangeBarProps) {
  const { first, last } = datesOf(range, timeZone);
  const today = datesOf({ from: now, to: now + 1 }, timeZone).first;
  return (
    <div className="flex flex-wrap items-center gap-3 print:hidden">
      <ChoiceBar
        label="Time range"
        options={OPTIONS}
        value={view.kind === 'preset' ? view.preset : ('' as Preset)}
        onChange={(preset) => onChange({ kind: 'preset', preset })}
      />
      <div className="flex gap-1">
        <IconButton label="Earlier" onClick={() => onChange(panned(range, -STEP, now))}>
          <ChevronLeft aria-hidden className="size-5" />
        </IconButton>
        <IconButton label="Later" onClick={() => onChange(panned(range, STEP, now))}>
          <ChevronRight aria-hidden className="size-5" />
        </IconButton>
        <IconButton label="Zoom in" onClick={() => onChange(zoomed(range, STEP, 0.5, now))}>
          <ZoomIn aria-hidden className="size-5" />
        </IconButton>
        <IconButton label="Zoom out" onClick={() => onChange(zoomed(range, 1 / STEP, 0.5, now))}>
          <ZoomOut aria-hidden className="size-5" />
        </IconButton>
      </div>
      <div className="flex min-w-0 gap-3 max-sm:w-full">
        <DateInput
          label="From"
          value={first}
          today={today}
          onChange={(date) => onChange(daysView(date, last, timeZone))}
        />
        <DateInput
          label="To"
          value={last}
          today={today}
          onChange={(date) => onChange(daysView(first, date, timeZone))}
        />
      </div>
    </div>
  );
}
