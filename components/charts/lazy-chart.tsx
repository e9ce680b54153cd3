'use client';

import { type ComponentType, type ReactNode, startTransition, useEffect, useRef, useState } from 'react';
import { Skeleton } from '@/components/ui/skeleton';
import { usePrinting } from './use-printing';

/** A page that is never idle draws its charts all the same. */
const LONGEST_WAIT_MS = 1000;
/** Loaded unseen after so long, for whoever prints: paper wants all of the page, and waits for nothing. */
const UNSEEN_MS = 5000;

let lastTurn: Promise<unknown> = Promise.resolve();

/** Resolves once `ready` has and the page is idle, for one chart at a time: in between it answers whoever uses it. */
function turn<Result>(ready: () => Promise<Result>): Promise<Result> {
  const idle = () =>
    new Promise<void>((resolve) => {
      // Safari knows no idle callback.
      if (typeof requestIdleCallback === 'undefined') setTimeout(resolve);
      else requestIdleCallback(() => resolve(), { timeout: LONGEST_WAIT_MS });
    });
  const result = lastTurn.then(ready);
  lastTurn = result.catch(() => {}).then(idle);
  return lastTurn.then(() => result);
}

interface WhenSeenProps<Props> {
  readonly load: () => Promise<ComponentType<Props>>;
  readonly room: ReactNode;
  readonly props: Props;
}

function WhenSeen<Props extends object>({ load, room, props }: WhenSeenProps<Props>) {
  const place = useRef<HTMLDivElement>(null);
  const [loaded, setLoaded] = useState<{ Chart: ComponentType<Props> } | { error: unknown } | null>(null);
  const [isSeen, setSeen] = useState(false);
  const isPrinted = usePrinting();
  useEffect(() => {
    let isGone = false;
    const take = (isInView: boolean) => {
      void turn(load)
        .then(
          (Chart) => ({ Chart }),
          (error: unknown) => ({ error }),
        )
        .then((result) => {
          if (isGone) return;
          startTransition(() => {
            setLoaded(result);
            if (isInView) setSeen(true);
          });
        });
    };
    const timer = setTimeout(() => take(false), UNSEEN_MS);
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      clearTimeout(timer);
      take(true);
    });
    if (place.current) observer.observe(place.current);
    return () => {
      isGone = true;
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [load]);
  if (loaded !== null && 'error' in loaded) throw loaded.error;
  return (
    <div ref={place}>{loaded !== null && (isSeen || isPrinted) ? <loaded.Chart {...props} /> : room}</div>
  );
}

interface LazyChartOptions {
  /** Classes of its height, legend included: its room is kept until it is drawn. */
  readonly height: string;
}

/** A chart that is loaded and drawn when it comes into view and the page has nothing else to do, or is printed. */
export function lazyChart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { height }: LazyChartOptions,
): ComponentType<Props> {
  const room = <Skeleton isStill className={height} />;
  return (props) => <WhenSeen load={load} room={room} props={props} />;
}
