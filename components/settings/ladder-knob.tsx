'use client';

import { useRef } from 'react';
import { type Bounds, movedTo } from './ladder-bounds';

interface LadderKnobProps {
  readonly label: string;
  readonly value: number;
  readonly bounds: Bounds;
  readonly isWrong: boolean;
  /** Neighbours stand on different sides, so that equal ones do not cover each other. */
  readonly side: 'left' | 'right';
  readonly top: string;
  readonly step: number;
  readonly format: (value: number) => string;
  /** The value at a height on the screen. */
  readonly valueAt: (clientY: number) => number | null;
  readonly onMove: (value: number) => void;
}

const PAGE_STEPS = 5;

/** One threshold to take hold of: by mouse, finger or arrow keys. */
export function LadderKnob(props: LadderKnobProps) {
  const { label, value, bounds, isWrong, side, top, step, format, valueAt, onMove } = props;
  const drag = useRef<{ readonly offset: number; readonly start: number } | null>(null);

  const move = (next: number) => {
    const moved = movedTo(next, step, bounds);
    if (moved !== null && moved !== value) onMove(moved);
  };
  const steps: Readonly<Record<string, number>> = {
    ArrowUp: value + step,
    ArrowRight: value + step,
    ArrowDown: value - step,
    ArrowLeft: value - step,
    PageUp: value + PAGE_STEPS * step,
    PageDown: value - PAGE_STEPS * step,
    Home: bounds.min,
    End: bounds.max,
  };

  return (
    <span
      role="slider"
      tabIndex={0}
      aria-label={`${label} on the ladder`}
      aria-orientation="vertical"
      aria-valuemin={Math.min(bounds.min, value)}
      aria-valuemax={Math.max(bounds.max, value)}
      aria-valuenow={value}
      aria-valuetext={format(value)}
      className={`absolute grid size-7 -translate-x-1/2 -translate-y-1/2 cursor-grab touch-none select-none place-items-center rounded-full focus:z-10 active:cursor-grabbing ${side === 'left' ? 'left-3' : 'left-11'}`}
      style={{ top }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && drag.current !== null) {
          onMove(drag.current.start);
          drag.current = null;
          return;
        }
        const next = steps[event.key];
        if (next === undefined) return;
        event.preventDefault();
        move(next);
      }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        const at = valueAt(event.clientY);
        if (at === null) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.focus();
        drag.current = { offset: value - at, start: value };
      }}
      onPointerMove={(event) => {
        const at = valueAt(event.clientY);
        if (drag.current !== null && at !== null) move(at + drag.current.offset);
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
    >
      <span
        className={`size-[1.125rem] rounded-full border-[3px] bg-surface shadow ${isWrong ? 'border-danger' : 'border-accent'}`}
      />
    </span>
  );
}
