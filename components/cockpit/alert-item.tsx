'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { BellOff, BellRing } from 'lucide-react';
import type { ReactNode } from 'react';
import { send } from '@/components/request';
import { Button } from '@/components/ui/button';
import { TONE_CLASSES, type Tone } from '@/components/ui/tone';
import { useOwnersWords } from '@/components/units';
import type { WireAlert } from '@/lib/alerts/serialise';
import { ChargeBlockAnswer } from './charge-block-answer';

const TONES: Readonly<Record<WireAlert['severity'], Tone>> = {
  info: 'info',
  warning: 'caution',
  critical: 'danger',
};
/** Alerts about a charge block that is the owner's to keep or to lift. */
const ANSWERED: ReadonlySet<string> = new Set(['charge-block-left', 'charge-block-lift']);

/** One alert that is the case. Acknowledged, it stays in the list without its colour. */
export function AlertItem({
  alert,
  moment,
}: {
  readonly alert: WireAlert;
  /** An instant in the owner's words. */
  readonly moment: (instant: string) => ReactNode;
}) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (acknowledged: boolean) =>
      send<WireAlert>('PUT', `/api/alerts/${alert.id}`, { acknowledged }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['alerts'] }),
  });
  const text = useOwnersWords()(alert.text);
  const seenAt = alert.acknowledged_at;
  const Icon = seenAt === null ? BellRing : BellOff;
  return (
    <li
      data-testid={seenAt === null ? 'open-alert' : 'acknowledged-alert'}
      className={`flex flex-wrap gap-x-4 gap-y-2 rounded-md px-3 py-2 ${TONE_CLASSES[seenAt === null ? TONES[alert.severity] : 'neutral']}`}
    >
      <div className="flex min-w-0 flex-1 basis-60 gap-3">
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
        <div className="wrap-anywhere min-w-0 text-ink">
          <p>
            {text} <span className="text-ink-soft">Since {moment(alert.raised_at)}.</span>
          </p>
          {seenAt !== null && (
            <p className="text-ink-soft">
              Acknowledged {moment(seenAt)} by {alert.acknowledged_by}.
            </p>
          )}
          {ANSWERED.has(alert.key) && <ChargeBlockAnswer />}
          <p role="status" className="text-danger empty:hidden">
            {change.isError && change.error.message}
          </p>
        </div>
      </div>
      <Button
        className="min-h-9 self-start px-2.5"
        disabled={change.isPending}
        onClick={() => change.mutate(seenAt === null)}
      >
        {seenAt === null ? 'Acknowledge' : 'Take back'}
        <span className="sr-only">: {text}</span>
      </Button>
    </li>
  );
}
