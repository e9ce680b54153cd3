'use client';

import { useId, useState } from 'react';
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

/** A day up to today. What is half typed stays as typed, and a day that cannot be shown says so. */
export function DateInput({ label, value, today, onChange }: DateInputProps) {
  const errorId = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const isFuture = draft !== null && draft > today;
  const type = (typed: string) => {
    const isShown = typed >= EARLIEST && typed <= today;
    setDraft(isShown ? null : typed);
    if (isShown) onChange(typed);
  };
  return (
    <label className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 sm:flex-initial">
      <span className="text-ink-soft">{label}</span>
      <input
        type="date"
        value={draft ?? value}
        max={today}
        required
        aria-invalid={isFuture ? true : undefined}
        aria-describedby={isFuture ? errorId : undefined}
        className={`${INPUT_CLASSES} min-w-0 px-2 sm:w-auto`}
        onChange={({ target }) => type(target.value)}
        onBlur={() => setDraft(null)}
      />
      {isFuture && (
        <span id={errorId} role="alert" className="text-danger text-xs">
          Not later than today
        </span>
      )}
    </label>
  );
}
