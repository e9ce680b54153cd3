'use client';

import { createContext, type ReactNode, useContext, useState, useSyncExternalStore } from 'react';
import { siteClock } from '@/components/site-clock';
import { formatAge, formatMoment } from '@/lib/format';

/** One clock for all ages on the page; each component that shows one subscribes by itself. */
let now = siteClock.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = siteClock.now();
  timer ??= setInterval(() => {
    now = siteClock.now();
    for (const notify of listeners) notify();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** When the server rendered the page: what hydration must show too. */
const RenderedAt = createContext(0);

export function NowProvider({ renderedAt, children }: { renderedAt: number; children: ReactNode }) {
  // Before anything below asks for the time.
  useState(() => siteClock.seed(renderedAt));
  return <RenderedAt value={renderedAt}>{children}</RenderedAt>;
}

/** Epoch ms on the site's clock, moving every second. */
export function useNow(): number {
  const renderedAt = useContext(RenderedAt);
  return useSyncExternalStore(
    subscribe,
    () => now,
    () => renderedAt,
  );
}

interface AgeProps {
  /** Age when the data arrived; null = never measured. */
  readonly ageMs: number | null;
  /** When the data arrived, on the site's clock. */
  readonly receivedAt: number;
}

/** "4 s ago", counting on. */
export function Age({ ageMs, receivedAt }: AgeProps) {
  const at = useNow();
  if (ageMs === null) return null;
  return <>{formatAge(ageMs + Math.max(0, at - receivedAt))} ago</>;
}

/** The moment on the owner's clock, with its day once that is another. */
export function Moment({ at, timeZone }: { readonly at: number; readonly timeZone: string }) {
  return <>{formatMoment(at, useNow(), timeZone)}</>;
}
