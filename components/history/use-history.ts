'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { mostPoints } from '@/components/charts/layout';
import { historyOf } from '@/components/cockpit/series';
import { read } from '@/components/request';
import type { WireDecision } from '@/lib/decisions/serialise';
import type { WireRuns, WireTelemetry } from '@/lib/telemetry/serialise';
import { PRESETS, type Range, type View } from './view';

/** Most decisions that are marked in one view. */
export const MOST_MARKS = 200;
const SETTLE_MS = 250;

/** The clock, moving only as often as the view needs it; a view that stands still stops it. */
export function useViewClock(view: View, renderedAt: number): number {
  const [now, setNow] = useState(renderedAt);
  const refreshMs = view.kind === 'preset' ? PRESETS[view.preset].refreshMs : null;
  useEffect(() => {
    setNow(Date.now());
    if (refreshMs === null) return;
    const timer = setInterval(() => setNow(Date.now()), refreshMs);
    return () => clearInterval(timer);
  }, [refreshMs]);
  return now;
}

/** The range once it has stood still for a moment: a drag asks the server once, at its end. */
export function useSettled({ from, to }: Range): Range {
  const [settled, setSettled] = useState({ from, to });
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ from, to }), SETTLE_MS);
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

/** Readings, runs and decisions of a range; what was shown before stays until the new is there. */
export function useHistory({ from, to }: Range) {
  const range = { from, to };
  const common = { placeholderData: keepPreviousData, retry: 2, staleTime: 10_000 } as const;
  const telemetry = useQuery({
    ...common,
    queryKey: ['telemetry', from, to],
    queryFn: async () =>
      historyOf(await read<WireTelemetry>(`/api/telemetry?${search(range, { max_points: mostPoints() })}`)),
  });
  const runs = useQuery({
    ...common,
    queryKey: ['runs', from, to],
    queryFn: () => read<WireRuns>(`/api/telemetry/runs?${search(range, { max_points: mostPoints() })}`),
  });
  const decisions = useQuery({
    ...common,
    queryKey: ['decisions', from, to],
    queryFn: () => read<WireDecision[]>(`/api/decisions?${search(range, { limit: String(MOST_MARKS) })}`),
  });
  return { telemetry, runs, decisions };
}
