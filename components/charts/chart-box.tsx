'use client';

import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { PAPER_PX } from './layout';

interface Size {
  readonly width: number;
  readonly height: number;
}

let isPrinting = false;
const setPrinting = ({ type }: Event) => {
  isPrinting = type === 'beforeprint';
};

function subscribe(listener: () => void): () => void {
  const events = ['beforeprint', 'afterprint'] as const;
  for (const event of events) {
    window.addEventListener(event, setPrinting);
    window.addEventListener(event, listener);
  }
  return () => {
    for (const event of events) window.removeEventListener(event, listener);
  };
}

/** The room of a chart, as wide as its place. A browser measures nothing anew before it prints: on paper it is as wide as that. */
export function ChartBox({
  className,
  children,
}: {
  /** Of its height. */
  readonly className: string;
  readonly children: (size: Size) => ReactNode;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size | null>(null);
  const isPrinted = useSyncExternalStore(
    subscribe,
    () => isPrinting,
    () => false,
  );
  useEffect(() => {
    if (place.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const width = Math.round(entry?.contentRect.width ?? 0);
      const height = Math.round(entry?.contentRect.height ?? 0);
      setSize((known) => (known?.width === width && known.height === height ? known : { width, height }));
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} className={className}>
      {size !== null && size.width > 0 && children(isPrinted ? { ...size, width: PAPER_PX } : size)}
    </div>
  );
}
