'use client';

import dynamic from 'next/dynamic';
import { type ComponentType, type ReactNode, startTransition, useEffect, useRef, useState } from 'react';
import { Skeleton } from '@/components/ui/skeleton';

/** Drawn this far before it is scrolled into view. */
const AHEAD = '50px';
/** A page that is never idle draws its charts all the same. */
const LONGEST_WAIT_MS = 1000;
/** Drawn unseen after so long: who prints the page wants all of it, and a browser does not wait for a chart then. */
const UNSEEN_MS = 5000;

let lastTurn: Promise<unknown> = Promise.resolve();

/** Resolves once the page is idle after `ready`, for one chart at a time: in between it answers whoever uses it. */
function turn(ready: () => Promise<unknown>): Promise<unknown> {
  const idle = () =>
    new Promise<void>((resolve) => {
      // Safari knows no idle callback.
      if (typeof requestIdleCallback === 'undefined') setTimeout(resolve);
      else requestIdleCallback(() => resolve(), { timeout: LONGEST_WAIT_MS });
    });
  lastTurn = lastTurn.then(() => Promise.allSettled([ready()])).then(idle);
  return lastTurn;
}

interface WhenSeenProps {
  /** What must be there before `children` can be drawn. */
  readonly load: () => Promise<unknown>;
  readonly room: ReactNode;
  readonly children: ReactNode;
}

function WhenSeen({ load, room, children }: WhenSeenProps) {
  const place = useRef<HTMLDivElement>(null);
  const [isDrawn, setDrawn] = useState(false);
  useEffect(() => {
    let isGone = false;
    const draw = () => {
      observer.disconnect();
      clearTimeout(timer);
      void turn(load).then(() => {
        if (!isGone) startTransition(() => setDrawn(true));
      });
    };
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) draw();
      },
      { rootMargin: AHEAD },
    );
    const timer = setTimeout(draw, UNSEEN_MS);
    if (place.current) observer.observe(place.current);
    return () => {
      isGone = true;
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [load]);
  return <div ref={place}>{isDrawn ? children : room}</div>;
}

interface LazyChartOptions {
  /** Classes of its height, legend included: its room is kept until it is drawn. */
  readonly height: string;
}

/** A chart that is loaded and drawn when it comes into view, or in the end, and the page has nothing else to do. */
export function lazyChart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { height }: LazyChartOptions,
): ComponentType<Props> {
  const room = <Skeleton isStill className={height} />;
  const Chart = dynamic<Props>(load, { ssr: false, loading: () => room });
  return (props) => (
    <WhenSeen load={load} room={room}>
      <Chart {...props} />
    </WhenSeen>
  );
}
