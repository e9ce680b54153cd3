'use client';

import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useRef,
} from 'react';
import { LEFT_AXIS_PX, RIGHT_AXIS_PX } from '@/components/charts/layout';
import { panned, type Range, type View, zoomed } from './view';

interface PanZoomProps {
  readonly range: Range;
  /** Epoch ms; nothing is shown beyond it. */
  readonly now: number;
  readonly onChange: (view: View) => void;
  /** Told whether a pointer holds the charts. */
  readonly held: RefObject<boolean>;
  readonly children: ReactNode;
}

/** Movement below it is a click, px. */
const DRAG_PX = 5;
const KEY_SHARE = 0.25;
const KEY_ZOOM = 0.5;
/** Of one notch of a wheel, about 100 px. */
const WHEEL_ZOOM_PER_PX = 0.004;

interface Gesture {
  readonly range: Range;
  readonly x: number;
  /** Distance of two fingers at the start, px; null = one pointer. */
  readonly spread: number | null;
  moved: boolean;
}

function viewForKey(key: string, range: Range, now: number): View | null {
  switch (key) {
    case 'ArrowLeft':
      return panned(range, -KEY_SHARE, now);
    case 'ArrowRight':
      return panned(range, KEY_SHARE, now);
    case '+':
      return zoomed(range, KEY_ZOOM, 0.5, now);
    case '-':
      return zoomed(range, 1 / KEY_ZOOM, 0.5, now);
    default:
      return null;
  }
}

/** Charts that are dragged to move and pinched, wheeled (with Ctrl or ⌘) or double-clicked to zoom; keys do the same. */
export function PanZoom({ range, now, onChange, held, children }: PanZoomProps) {
  const area = useRef<HTMLDivElement>(null);
  const pointers = useRef(new Map<number, number>());
  const gesture = useRef<Gesture | null>(null);
  const latest = useRef({ range, now, onChange });
  latest.current = { range, now, onChange };

  const plot = () => {
    const box = area.current?.getBoundingClientRect();
    const left = (box?.left ?? 0) + LEFT_AXIS_PX;
    return { left, width: Math.max(1, (box?.width ?? 1) - LEFT_AXIS_PX - RIGHT_AXIS_PX) };
  };
  const anchorAt = (x: number) => {
    const { left, width } = plot();
    return Math.min(1, Math.max(0, (x - left) / width));
  };

  // React listens to wheels passively, and then the page would zoom too.
  useEffect(() => {
    const element = area.current;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { range: shown, now: end, onChange: change } = latest.current;
      const box = element?.getBoundingClientRect();
      const width = Math.max(1, (box?.width ?? 1) - LEFT_AXIS_PX - RIGHT_AXIS_PX);
      const anchor = (event.clientX - (box?.left ?? 0) - LEFT_AXIS_PX) / width;
      change(
        zoomed(shown, Math.exp(event.deltaY * WHEEL_ZOOM_PER_PX), Math.min(1, Math.max(0, anchor)), end),
      );
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, []);

  const begin = () => {
    held.current = pointers.current.size > 0;
    const xs = [...pointers.current.values()];
    const [first, second] = xs;
    if (first === undefined) {
      gesture.current = null;
      return;
    }
    gesture.current = {
      range: latest.current.range,
      x: second === undefined ? first : (first + second) / 2,
      spread: second === undefined ? null : Math.max(1, Math.abs(second - first)),
      moved: false,
    };
  };
  // A pointer that leaves before it has moved far enough to be captured ends elsewhere.
  useEffect(() => {
    const onEnd = ({ pointerId }: globalThis.PointerEvent) => {
      if (pointers.current.delete(pointerId)) begin();
    };
    const types = ['pointerup', 'pointercancel'] as const;
    for (const type of types) window.addEventListener(type, onEnd);
    return () => {
      for (const type of types) window.removeEventListener(type, onEnd);
    };
  });
  const onPointerDown = (event: PointerEvent) => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    pointers.current.set(event.pointerId, event.clientX);
    begin();
  };
  const onPointerMove = (event: PointerEvent) => {
    const started = gesture.current;
    if (!started || !pointers.current.has(event.pointerId)) return;
    pointers.current.set(event.pointerId, event.clientX);
    const [first = 0, second] = [...pointers.current.values()];
    if (started.spread !== null && second !== undefined) {
      started.moved = true;
      const factor = started.spread / Math.max(1, Math.abs(second - first));
      onChange(zoomed(started.range, factor, anchorAt((first + second) / 2), now));
      return;
    }
    const dx = first - started.x;
    if (!started.moved && Math.abs(dx) < DRAG_PX) return;
    if (!started.moved) area.current?.setPointerCapture(event.pointerId);
    started.moved = true;
    onChange(panned(started.range, -dx / plot().width, now));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Inside, arrow keys read out the points of a chart.
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const view = viewForKey(event.key, range, now);
    if (!view) return;
    event.preventDefault();
    onChange(view);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs
    <div
      ref={area}
      role="group"
      aria-label="Charts. Left and right arrow move in time, plus and minus zoom."
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys move and zoom
      tabIndex={0}
      className="grid min-w-0 print:w-170 cursor-grab touch-pan-y select-none grid-cols-[minmax(0,1fr)] gap-6 rounded active:cursor-grabbing"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onDoubleClick={(event) => onChange(zoomed(range, KEY_ZOOM, anchorAt(event.clientX), now))}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>
  );
}
