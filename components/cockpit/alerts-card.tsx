'use client';

import { useQuery } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { memo } from 'react';
import { read } from '@/components/request';
import { Card } from '@/components/ui/card';
import { useOwnersWords } from '@/components/units';
import type { WireAlert } from '@/lib/alerts/serialise';
import { AlertItem } from './alert-item';
import { Moment } from './now';

const SHOWN = 20;

interface AlertsCardProps {
  readonly timeZone: string;
  readonly className?: string;
}

/** What needed the owner's eye: raised once, cleared once, and quiet once it is acknowledged. */
export const AlertsCard = memo(function AlertsCard({ timeZone, className }: AlertsCardProps) {
  const { data, isError } = useQuery({
    queryKey: ['alerts'],
    queryFn: () => read<WireAlert[]>(`/api/alerts?limit=${SHOWN}`),
    refetchInterval: 15_000,
  });
  const words = useOwnersWords();
  const open = data?.filter(({ cleared_at }) => cleared_at === null) ?? [];
  const past = data?.filter(({ cleared_at }) => cleared_at !== null) ?? [];
  const moment = (instant: string) => <Moment at={Date.parse(instant)} timeZone={timeZone} />;
  return (
    <Card title="Alerts" className={className}>
      {data === undefined ? (
        <p className="text-ink-soft">
          {isError ? 'The alerts cannot be read now; asking again.' : 'Reading the alerts…'}
        </p>
      ) : (
        <>
          {open.every(({ acknowledged_at }) => acknowledged_at !== null) && (
            <p className="mb-2 flex items-center gap-2 last:mb-0">
              <Check aria-hidden className="size-4 text-good" />
              Nothing needs your eye.
            </p>
          )}
          <ul className="grid gap-2 empty:hidden">
            {open.map((alert) => (
              <AlertItem key={alert.id} alert={alert} moment={moment} />
            ))}
          </ul>
          {past.length > 0 && (
            <details className="mt-2">
              <summary className="inline-flex min-h-8 items-center font-medium text-accent">
                {past.length} cleared lately
              </summary>
              <ul className="mt-1 grid gap-1">
                {past.map((alert) => (
                  <li key={alert.id} className="wrap-anywhere text-ink-soft">
                    {words(alert.text)} {moment(alert.raised_at)} to{' '}
                    {moment(alert.cleared_at ?? alert.raised_at)}.
                  </li>
                ))}
              </ul>
            </details>
          )}
        </>
      )}
    </Card>
  );
});
