'use client';

import { type ReactNode, startTransition, useLayoutEffect, useRef, useState } from 'react';
import { Skeleton } from '@/components/ui/skeleton';
import { PAPER_PX } from './layout';
import { usePrinting } from './use-printing';

interface Size {
  readonly width: number;
  readonly height: number;
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
  const isPrinted = usePrinting();
  useLayoutEffect(() => {
    const box = place.current;
    if (box === null) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = box;
      const resize = () =>
        setSize((known) => (known?.width === width && known.height === height ? known : { width, height }));
      // Paper waits for nothing; the page answers while a chart is worked out.
      if (isPrinted) resize();
      else startTransition(resize);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [isPrinted]);
  return (
    <div ref={place} className={className}>
      {size === null && <Skeleton isStill className="h-full" />}
      {size !== null && size.width > 0 && children(isPrinted ? { ...size, width: PAPER_PX } : size)}
    </div>
  );
}
