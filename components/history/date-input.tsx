'use client';

import { useId, useRef, useState } from 'react';
import { INPUT_CLASSES } from '@/components/ui/field';

/** Before it nothing of this kind was recorded anywhere; a year that is still being typed lies before it too. */
const EARLIEST = '2000-01-01';

interface DateInputProps {
  readonly label: string;
  /** YYYY-MM-DD */
  readonly value: string;
  readonly today: string;
  readonly onChange: (date: string) => void;
}

/**
 * A day up to today. One that is picked counts at once; one that is typed passes through other days and counts when the
 * input is left or Enter pressed. A day that lies ahead says so.
 */
export function DateInput({ label, value, today, onChange }: DateInputProps) {
  const id = useId();
  const errorId = `${id}-error`;
  const [draft, setDraft] = useState<string | null>(null);
  const isTyping = useRef(false);
  const isAhead = draft !== null && draft > today;
  const settle = (date: string | null) => {
    if (date === null || date < EARLIEST || date > today) return;
    setDraft(null);
    if (date !== value) onChange(date);
  };
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 sm:flex-initial">
      <label htmlFor={id} className="text-ink-soft">
        {label}
      </label>
      <input
        id={id}
        type="date"
        value={draft ?? value}
        max={today}
        required
        aria-invalid={isAhead ? true : undefined}
        aria-describedby={isAhead ? errorId : undefined}
        className={`${INPUT_CLASSES} min-w-0 px-2 sm:w-auto`}
        onKeyDown={({ key }) => {
          if (key === 'Enter') settle(draft);
          else isTyping.current = true;
        }}
        onChange={({ target }) => {
          setDraft(target.value);
          if (!isTyping.current) settle(target.value);
        }}
        onBlur={() => {
          settle(draft);
          setDraft(null);
          isTyping.current = false;
        }}
      />
      {isAhead && (
        <span id={errorId} role="alert" className="text-danger text-xs">
          Not later than today
        </span>
      )}
    </div>
  );
}
