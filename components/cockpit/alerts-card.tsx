'use client';

import { useQuery } from '@tanstack/react-query';
import { BellRing, Check } from 'lucide-react';
import { read } from '@/components/request';
import { Card } from '@/components/ui/card';
import { TONE_CLASSES, type Tone } from '@/components/ui/tone';
import type { serialiseAlert } from '@/lib/alerts/serialise';
import { formatMoment } from '@/lib/format';
import { ChargeBlockAnswer } from './charge-block-answer';
import { useNow } from './now';

type WireAlert = ReturnType<typeof serialiseAlert>;

const TONES: Readonly<Record<WireAlert['severity'], Tone>> = {
  info: 'info',
  warning: 'caution',
  critical: 'danger',
};
const SHOWN = 20;
/** Alerts about a charge block that is the owner's to keep or to lift. */
const ANSWERED: ReadonlySet<string> = new Set(['charge-block-left', 'charge-block-lift']);

/** What needed the owner's eye: raised once, cleared once. */
export function AlertsCard({
  timeZone,
  className,
}: {
  readonly timeZone: string;
  readonly className?: string;
}) {
  const { data, isError } = useQuery({
    queryKey: ['alerts'],
    queryFn: () => read<WireAlert[]>(`/api/alerts?limit=${SHOWN}`),
    refetchInterval: 15_000,
  });
  const now = useNow();
  const open = data?.filter(({ cleared_at }) => cleared_at === null) ?? [];
  const past = data?.filter(({ cleared_at }) => cleared_at !== null) ?? [];
  const moment = (instant: string) => formatMoment(Date.parse(instant), now, timeZone);
  return (
    <Card title="Alerts" className={className}>
      {data === undefined ? (
        <p className="text-ink-soft">
          {isError ? 'The alerts cannot be read now; asking again.' : 'Reading the alerts…'}
        </p>
      ) : (
        <>
          {open.length === 0 && (
            <p className="flex items-center gap-2">
              <Check aria-hidden className="size-4 text-good" />
              Nothing needs your eye.
            </p>
          )}
          <ul className="grid gap-2 empty:hidden">
            {open.map((alert) => (
              <li
                key={alert.id}
                className={`flex gap-3 rounded-md px-3 py-2 ${TONE_CLASSES[TONES[alert.severity]]}`}
              >
                <BellRing aria-hidden className="mt-0.5 size-4 shrink-0" />
                <div className="wrap-anywhere min-w-0 text-ink">
                  <p>
                    {alert.text} <span className="text-ink-soft">Since {moment(alert.raised_at)}.</span>
                  </p>
                  {ANSWERED.has(alert.key) && <ChargeBlockAnswer />}
                </div>
              </li>
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
                    {alert.text} {moment(alert.raised_at)} to {moment(alert.cleared_at ?? alert.raised_at)}.
                  </li>
                ))}
              </ul>
            </details>
          )}
        </>
      )}
    </Card>
  );
}
