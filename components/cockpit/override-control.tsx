'use client';

import { Hand } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ChoiceBar } from '@/components/ui/choice-bar';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { OverrideInput } from '@/lib/overrides/schema';
import type { WireLoad } from '@/lib/status/serialise';
import { Moment } from './now';
import { useChangeOverride, type WireOverride } from './use-overrides';

const STATES = [
  { value: 'on', label: 'On' },
  { value: 'off', label: 'Off' },
] as const;
const ENDS = [
  { value: '30', label: '30 min' },
  { value: '120', label: '2 h' },
  { value: 'sunrise', label: 'Until sunrise' },
] as const;
type End = (typeof ENDS)[number]['value'];

const endOf = (end: End): Pick<OverrideInput, 'duration_minutes' | 'until'> =>
  end === 'sunrise' ? { until: 'sunrise' } : { duration_minutes: Number(end) };

interface OverrideControlProps {
  readonly load: WireLoad;
  /** In force now; null = none. */
  readonly override: WireOverride | null;
  /** False: whether there is one is still being asked. */
  readonly isKnown: boolean;
  readonly timeZone: string;
}

/** The owner's hand on one load for a while. It ends by itself, and the battery's protection stays above it. */
export function OverrideControl({ load, override, isKnown, timeZone }: OverrideControlProps) {
  const [isOpen, setOpen] = useState(false);
  const [state, setState] = useState<'on' | 'off'>('off');
  const [end, setEnd] = useState<End>('30');
  const { create, end: endNow } = useChangeOverride();
  const isOn = load.observed === 'on' || load.observed === 'ramping';

  const open = () => {
    setState(isOn ? 'off' : 'on');
    create.reset();
    setOpen(true);
  };

  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      {override === null ? (
        <Button className="min-h-9 px-3" disabled={!isKnown} onClick={open}>
          <Hand aria-hidden className="size-4" />
          Override<span className="sr-only"> {load.name}</span>
        </Button>
      ) : (
        <>
          <p
            className="min-w-0 wrap-anywhere rounded-md bg-info-soft px-2.5 py-1.5 text-info"
            data-testid="override"
          >
            {override.state === 'on' ? 'On' : 'Off'} by you until{' '}
            <Moment at={Date.parse(override.ends_at)} timeZone={timeZone} />
          </p>
          <Button
            className="min-h-9 px-3"
            disabled={endNow.isPending}
            onClick={() => endNow.mutate(override.id)}
          >
            End now<span className="sr-only">: {load.name}</span>
          </Button>
        </>
      )}
      {endNow.error && (
        <p role="alert" className="text-danger text-xs">
          {endNow.error.message}
        </p>
      )}
      {isOpen && (
        <ConfirmDialog
          title={`Override ${load.name}`}
          confirmLabel={state === 'on' ? 'Switch on' : 'Switch off'}
          isPending={create.isPending}
          error={create.error?.message}
          onConfirm={() =>
            create.mutate(
              { load_id: load.load_id, state, ...endOf(end) },
              { onSuccess: () => setOpen(false) },
            )
          }
          onCancel={() => setOpen(false)}
        >
          <div>
            <ChoiceBar label="Switch it" options={STATES} value={state} onChange={setState} />
          </div>
          <div>
            <ChoiceBar label="For how long" options={ENDS} value={end} onChange={setEnd} />
          </div>
          <p className="text-ink-soft">
            {state === 'on'
              ? 'Schedule, sun, start voltage and hold are set aside. Low battery, heat, freezing and the inverter’s limit are not. It starts once the power is there.'
              : 'It stops at once and stays off until then.'}{' '}
            Afterwards the rules decide again.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
