'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { MOST_POINTS, mostPoints } from '@/components/charts/layout';
import { historyOf } from '@/components/cockpit/series';
import { read } from '@/components/request';
import { siteClock } from '@/components/site-clock';
import { useByBrowser } from '@/components/use-by-browser';
import type { WireDecision } from '@/lib/decisions/serialise';
import type { HistoryData } from '@/lib/telemetry/page-data';
import type { WireRuns, WireTelemetry } from '@/lib/telemetry/serialise';
import { PRESETS, type Range, type View } from './view';

/** Most decisions that are marked in one view. */
export const MOST_MARKS = 200;
const SETTLE_MS = 250;
/** A view that stands still asks for nothing newer; this is how far its clock may be behind. */
const STILL_REFRESH_MS = 60_000;

/** What the server rendered the page with. */
export interface FirstHistory extends HistoryData {
  readonly range: Range;
}

/** The clock, moving only as often as the view needs it; a view that stands still stops it. */
export function useViewClock(view: View, renderedAt: number): number {
  const [now, setNow] = useState(() => {
    siteClock.seed(renderedAt);
    return renderedAt;
  });
  const refreshMs = view.kind === 'preset' ? PRESETS[view.preset].refreshMs : null;
  useEffect(() => {
    // What the page was rendered with is asked for again only once it is old.
    const moment = siteClock.now();
    setNow((known) => (moment - known < (refreshMs ?? STILL_REFRESH_MS) ? known : moment));
    if (refreshMs === null) return;
    const timer = setInterval(() => setNow(siteClock.now()), refreshMs);
    return () => clearInterval(timer);
  }, [refreshMs]);
  return now;
}

/** The range once it has stood still for a moment: a drag asks the server once, at its end. */
export function useSettled({ from, to }: Range): Range {
  const [settled, setSettled] = useState({ from, to });
  useEffect(() => {
    const settle = () =>
      setSettled((known) => (known.from === from && known.to === to ? known : { from, to }));
    const timer = setTimeout(settle, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [from, to]);
  return settled;
}

function search({ from, to }: Range, more: Record<string, string> = {}): string {
  return new URLSearchParams({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    ...more,
  }).toString();
}

/** What the server rendered with is for a narrow screen: it knows none. */
const useMostPoints = (): number => useByBrowser(mostPoints, () => MOST_POINTS.narrow);

/** Readings, runs and decisions of a range, from `first` on; what was shown before stays until the new is there. */
export function useHistory({ from, to }: Range, first: FirstHistory) {
  const maxPoints = useMostPoints();
  const range = { from, to };
  const points = { max_points: String(maxPoints) };
  const isFirst = from === first.range.from && to === first.range.to && maxPoints === MOST_POINTS.narrow;
  const common = {
    placeholderData: keepPreviousData,
    retry: 2,
    staleTime: 10_000,
    // No two ranges share a point: comparing them all would only take time.
    structuralSharing: false,
  } as const;
  const telemetry = useQuery({
    ...common,
    queryKey: ['telemetry', from, to, maxPoints],
    queryFn: async () => historyOf(await read<WireTelemetry>(`/api/telemetry?${search(range, points)}`)),
    initialData: isFirst ? () => historyOf(first.telemetry) : undefined,
  });
  const runs = useQuery({
    ...common,
    queryKey: ['runs', from, to, maxPoints],
    queryFn: () => read<WireRuns>(`/api/telemetry/runs?${search(range, points)}`),
    initialData: isFirst ? first.runs : undefined,
  });
  const decisions = useQuery({
    ...common,
    queryKey: ['decisions', from, to],
    queryFn: () => read<WireDecision[]>(`/api/decisions?${search(range, { limit: String(MOST_MARKS) })}`),
  });
  return { telemetry, runs, decisions };
}
