'use client';

import { type KeyboardEvent, useRef } from 'react';
import type { CurvePoint } from '@/lib/core/types';
import { formatPercent, formatQuantity, formatVoltage } from '@/lib/format';
import { STEP_PCT, STEP_V } from './curve-edit';

export interface Place {
  readonly soc: number;
  readonly voltage: number;
}

interface CurveChartProps {
  readonly curve: readonly CurvePoint[];
  readonly scale: { readonly min: number; readonly max: number };
  /** Where the bank stands now, by this curve. */
  readonly now: Place | null;
  readonly onMove: (index: number, to: Place) => void;
  readonly onRemove: (index: number) => void;
}

const PERCENT_TICKS = [0, 20, 40, 60, 80, 100] as const;

function voltTicks(min: number, max: number): number[] {
  const first = Math.ceil(min / 2) * 2;
  return Array.from({ length: Math.floor((max - first) / 2) + 1 }, (_, i) => first + 2 * i);
}

/** Where the arrow keys take a point. */
function keyMove(event: KeyboardEvent, { soc, voltage }: CurvePoint): Place | null {
  const times = event.shiftKey ? 5 : 1;
  switch (event.key) {
    case 'ArrowUp':
      return { soc, voltage: voltage + times * STEP_V };
    case 'ArrowDown':
      return { soc, voltage: voltage - times * STEP_V };
    case 'ArrowRight':
      return { soc: soc + times * STEP_PCT, voltage };
    case 'ArrowLeft':
      return { soc: soc - times * STEP_PCT, voltage };
    default:
      return null;
  }
}

const isDrawn = ({ soc, voltage }: CurvePoint) => Number.isFinite(soc) && Number.isFinite(voltage);

/** Percent against volts; each point is dragged by mouse or finger, or moved by arrow keys. */
export function CurveChart({ curve, scale, now, onMove, onRemove }: CurveChartProps) {
  const area = useRef<HTMLDivElement>(null);
  const grip = useRef<Place | null>(null);
  const y = (voltage: number) => (100 * (scale.max - voltage)) / (scale.max - scale.min);
  const at = ({ soc, voltage }: Place) => ({ left: `${soc}%`, top: `${y(voltage)}%` });
  const placeAt = (event: { clientX: number; clientY: number }): Place | null => {
    const box = area.current?.getBoundingClientRect();
    if (!box || box.width === 0) return null;
    return {
      soc: ((event.clientX - box.left) / box.width) * 100,
      voltage: scale.max - ((event.clientY - box.top) / box.height) * (scale.max - scale.min),
    };
  };

  return (
    <div className="pt-3 pr-4 pb-9 pl-10">
      <div ref={area} className="relative h-64 sm:h-72">
        {voltTicks(scale.min, scale.max).map((volts) => (
          <span
            key={volts}
            aria-hidden
            className="absolute inset-x-0 border-line border-t"
            style={{ top: `${y(volts)}%` }}
          >
            <span className="absolute -top-2 -left-10 w-8 text-right text-ink-soft text-xs">
              {volts}&nbsp;V
            </span>
          </span>
        ))}
        {PERCENT_TICKS.map((percent) => (
          <span
            key={percent}
            aria-hidden
            className="absolute inset-y-0 border-line border-l"
            style={{ left: `${percent}%` }}
          >
            <span className="absolute -bottom-6 -translate-x-1/2 whitespace-nowrap text-ink-soft text-xs">
              {formatPercent(percent)}
            </span>
          </span>
        ))}
        <svg
          aria-hidden
          className="absolute inset-0 h-full w-full overflow-visible"
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
        >
          <polyline
            points={curve
              .filter(isDrawn)
              .map(({ soc, voltage }) => `${soc},${y(voltage)}`)
              .join(' ')}
            fill="none"
            stroke="var(--series-voltage)"
            strokeWidth={2}
            vectorEffect="non-scaling-stroke"
          />
        </svg>
        {now && (
          <span
            aria-hidden
            className="absolute size-3 -translate-x-1/2 -translate-y-1/2 rounded-full border-2 border-surface bg-ink"
            style={at(now)}
          />
        )}
        {curve.map((point, index) => {
          const isEnd = index === 0 || index === curve.length - 1;
          return (
            isDrawn(point) && (
              <span
                // A point has no identity but its place in the order.
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                key={index}
                role="slider"
                tabIndex={0}
                aria-label={`Point ${index + 1} of ${curve.length}`}
                aria-valuemin={scale.min}
                aria-valuemax={scale.max}
                aria-valuenow={point.voltage}
                aria-valuetext={`${formatVoltage(point.voltage)} at ${formatQuantity(point.soc, '%')}`}
                className="group absolute grid size-8 -translate-x-1/2 -translate-y-1/2 cursor-grab touch-none select-none place-items-center rounded-full focus:z-10 active:cursor-grabbing"
                style={at(point)}
                onKeyDown={(event) => {
                  const to = keyMove(event, point);
                  if (to) onMove(index, to);
                  else if (event.key === 'Delete' && !isEnd) onRemove(index);
                  else return;
                  event.preventDefault();
                }}
                onPointerDown={(event) => {
                  const place = placeAt(event);
                  if (event.button !== 0 || place === null) return;
                  event.currentTarget.setPointerCapture(event.pointerId);
                  event.currentTarget.focus();
                  grip.current = { soc: point.soc - place.soc, voltage: point.voltage - place.voltage };
                }}
                onPointerMove={(event) => {
                  const place = placeAt(event);
                  if (grip.current === null || place === null) return;
                  const { soc, voltage } = grip.current;
                  onMove(index, { soc: place.soc + soc, voltage: place.voltage + voltage });
                }}
                onPointerUp={() => {
                  grip.current = null;
                }}
                onPointerCancel={() => {
                  grip.current = null;
                }}
              >
                <span className="size-4 rounded-full border-[3px] border-accent bg-surface shadow" />
                <span
                  aria-hidden
                  className={`pointer-events-none absolute bottom-full whitespace-nowrap rounded bg-ink px-1.5 py-0.5 text-surface text-xs opacity-0 group-hover:opacity-100 group-focus:opacity-100 ${point.soc > 80 ? 'right-1/2' : point.soc < 20 ? 'left-1/2' : ''}`}
                >
                  {formatVoltage(point.voltage)} · {formatQuantity(point.soc, '%')}
                </span>
              </span>
            )
          );
        })}
      </div>
    </div>
  );
}
