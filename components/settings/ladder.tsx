'use client';

import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { Bounds } from './ladder-bounds';
import { LadderKnob } from './ladder-knob';

export interface Rung {
  readonly name: string;
  readonly label: string;
  /** What happens there, in a few words. */
  readonly meaning?: string;
  /** Null or NaN: not on the scale. */
  readonly value: number | null;
  readonly bounds: Bounds;
  readonly isWrong: boolean;
}

export interface LadderZone {
  readonly from: number;
  readonly to: number;
  readonly color: string;
}

interface LadderProps {
  /** Highest first. */
  readonly rungs: readonly Rung[];
  readonly scale: Bounds;
  readonly zones: readonly LadderZone[];
  /** Where the measured value stands now. */
  readonly now: number | null;
  readonly step: number;
  readonly format: (value: number) => string;
  readonly onMove: (name: string, value: number) => void;
  /** The input of a rung; its label stands beside it. */
  readonly children: (rung: Rung) => ReactNode;
}

const isOnScale = (value: number | null): value is number => value !== null && Number.isFinite(value);
const BAR_WIDTH = 56;
const LINES_WIDTH = 26;
/** Above and below bar and lines, so that a knob at an end stays inside, px. */
const MARGIN = 16;

/** The middle of each row as a share of the bar's height, measured once it is there. */
function useRowMiddles(count: number) {
  const list = useRef<HTMLUListElement>(null);
  const [middles, setMiddles] = useState<readonly number[]>([]);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const measure = () =>
      setMiddles(
        [...element.children].map((row) =>
          row instanceof HTMLElement
            ? (row.offsetTop + row.offsetHeight / 2 - MARGIN) / (element.offsetHeight - 2 * MARGIN)
            : 0,
        ),
      );
    const observer = new ResizeObserver(measure);
    for (const row of element.children) observer.observe(row);
    return () => observer.disconnect();
  }, []);
  return { list, middleOf: (index: number) => middles[index] ?? (index + 0.5) / count };
}

/**
 * Thresholds on one vertical scale: each has a knob that is dragged or moved by arrow keys, no further than its order
 * allows, and a row with its input. Any quantity: volts of a bank, degrees of a room.
 */
export function Ladder(props: LadderProps) {
  const { rungs, scale, zones, now, step, format, onMove, children } = props;
  const bar = useRef<HTMLDivElement>(null);
  const { list, middleOf } = useRowMiddles(rungs.length);
  const shareOf = (value: number) =>
    1 - Math.min(1, Math.max(0, (value - scale.min) / (scale.max - scale.min)));
  const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

  return (
    <div className="relative flex max-w-xl">
      <div ref={bar} className="relative shrink-0" style={{ width: BAR_WIDTH, marginBlock: MARGIN }}>
        <div
          aria-hidden
          className="absolute inset-y-0 left-1/2 w-3 -translate-x-1/2 overflow-hidden rounded-full bg-sunken"
        >
          {zones.map(({ from, to, color }) => (
            <span
              key={color}
              className="absolute inset-x-0"
              style={{
                top: percent(shareOf(to)),
                height: percent(Math.max(0, shareOf(from) - shareOf(to))),
                background: color,
              }}
            />
          ))}
        </div>
        {isOnScale(now) && (
          <span
            aria-hidden
            className="absolute right-2 left-2 h-1.5 -translate-y-1/2 rounded-full border-2 border-surface bg-ink"
            style={{ top: percent(shareOf(now)) }}
          />
        )}
        {rungs.map(
          (rung, index) =>
            isOnScale(rung.value) && (
              <LadderKnob
                key={rung.name}
                label={rung.label}
                value={rung.value}
                bounds={rung.bounds}
                isWrong={rung.isWrong}
                side={index % 2 === 0 ? 'left' : 'right'}
                top={percent(shareOf(rung.value))}
                step={step}
                format={format}
                valueAt={(clientY) => {
                  const box = bar.current?.getBoundingClientRect();
                  if (!box || box.height === 0) return null;
                  return scale.max - ((clientY - box.top) / box.height) * (scale.max - scale.min);
                }}
                onMove={(value) => onMove(rung.name, value)}
              />
            ),
        )}
      </div>
      <div className="relative shrink-0" style={{ width: LINES_WIDTH, marginBlock: MARGIN }}>
        <svg
          aria-hidden
          className="absolute inset-0 h-full w-full overflow-visible"
          viewBox={`0 0 ${LINES_WIDTH} 100`}
          preserveAspectRatio="none"
        >
          {rungs.map(
            (rung, index) =>
              isOnScale(rung.value) && (
                <line
                  key={rung.name}
                  x1={index % 2 === 0 ? -20 : -4}
                  x2={LINES_WIDTH}
                  y1={shareOf(rung.value) * 100}
                  y2={middleOf(index) * 100}
                  stroke={rung.isWrong ? 'var(--danger)' : 'var(--line-strong)'}
                  strokeWidth={1.5}
                  vectorEffect="non-scaling-stroke"
                />
              ),
          )}
        </svg>
      </div>
      <ul ref={list} className="grid min-w-0 flex-1 content-between gap-y-2 pl-2">
        {rungs.map((rung) => (
          <li key={rung.name}>{children(rung)}</li>
        ))}
      </ul>
    </div>
  );
}
