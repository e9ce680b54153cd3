'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { read } from '@/components/request';
import { siteClock } from '@/components/site-clock';
import { formatEnergy, formatMoment, formatVoltage } from '@/lib/format';
import type { WireSince } from '@/lib/since/serialise';
import { noteVisit, readLastVisit } from './last-visit';
import { SimulatedWord } from './simulated-tag';

/** A shorter absence is a reload. */
const ABSENCE_MS = 10 * 60_000;
const NOTE_EVERY_MS = 30_000;

/** What happened since this browser last looked; nothing on a first visit. */
export function SinceStrip({ timeZone }: { readonly timeZone: string }) {
  const [from, setFrom] = useState<number | null>(null);
  useEffect(() => {
    const last = readLastVisit();
    if (last !== null && siteClock.now() - last >= ABSENCE_MS) setFrom(last);
    const note = () => {
      if (document.visibilityState === 'visible') noteVisit(siteClock.now());
    };
    note();
    const timer = setInterval(note, NOTE_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const { data } = useQuery({
    queryKey: ['since', from],
    queryFn: () => read<WireSince>(`/api/since?from=${new Date(from ?? 0).toISOString()}`),
    enabled: from !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (data === undefined || data.mined_wh === null) return null;
  const facts = [
    ['Mined', `${data.is_estimate ? 'about ' : ''}${formatEnergy(data.mined_wh)}`],
    ['Switches', String(data.switches)],
    ['Lowest voltage', formatVoltage(data.lowest_voltage_v)],
    ['Alerts', String(data.alerts)],
  ] as const;
  return (
    <section
      aria-label="Since you were here"
      className="flex flex-wrap items-baseline gap-x-6 gap-y-1 rounded-lg border border-line bg-surface px-4 py-2"
    >
      <p className="text-ink-soft">
        Since you were here ({formatMoment(Date.parse(data.from), siteClock.now(), timeZone)})
        {data.simulated && (
          <>
            {' · '}
            <SimulatedWord />
          </>
        )}
      </p>
      <dl className="flex flex-wrap gap-x-6 gap-y-1">
        {facts.map(([label, value]) => (
          <div key={label} className="flex gap-2">
            <dt className="text-ink-soft">{label}</dt>
            <dd className="font-medium">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
