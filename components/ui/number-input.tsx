'use client';

import { type ComponentProps, useState } from 'react';
import { INPUT_CLASSES } from './field';

interface NumberInputProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'type' | 'step'> {
  /** Null: nothing is given. NaN: what was typed is no number. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  readonly unit?: string;
  /** What an arrow key adds. */
  readonly step?: number;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

function parse(text: string): number | null {
  const plain = text.trim().replace(',', '.').replace('−', '-');
  if (plain === '') return null;
  return NUMBER.test(plain) ? Number(plain) : Number.NaN;
}

const show = (value: number | null) => (value === null || Number.isNaN(value) ? '' : String(value));

/**
 * A number as text: what is typed stays as it is typed, a comma is a point, and arrow keys step. Not the browser's own
 * number field, which a turn of the wheel changes and which hides what it cannot read.
 */
export function NumberInput({ value, onChange, unit, step = 1, className = '', ...input }: NumberInputProps) {
  const [typed, setTyped] = useState(() => ({ text: show(value), value }));
  const text = Object.is(typed.value, value) ? typed.text : show(value);

  const change = (next: string) => {
    const parsed = parse(next);
    setTyped({ text: next, value: parsed });
    onChange(parsed);
  };
  const stepBy = (steps: number) => {
    const places = (String(step).split('.')[1] ?? '').length;
    const from = value === null || Number.isNaN(value) ? 0 : value;
    change(String(Number((from + steps * step).toFixed(Math.max(places, 2)))));
  };

  return (
    <span className="relative block">
      <input
        {...input}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        value={text}
        onChange={(event) => change(event.target.value)}
        onBlur={(event) => {
          setTyped((last) =>
            Number.isNaN(last.value) ? last : { text: show(last.value), value: last.value },
          );
          input.onBlur?.(event);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          stepBy((event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1));
        }}
        className={`${INPUT_CLASSES} ${unit ? 'pr-12' : ''} ${className}`}
      />
      {unit && (
        <span
          aria-hidden
          className="pointer-events-none absolute inset-y-0 right-3 grid place-items-center text-ink-soft"
        >
          {unit}
        </span>
      )}
    </span>
  );
}
