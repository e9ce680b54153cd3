'use client';

import { useMutation } from '@tanstack/react-query';
import { OctagonX } from 'lucide-react';
import { type MouseEvent, useEffect, useRef, useState } from 'react';
import { send } from '@/components/request';
import { Button } from '@/components/ui/button';
import { useShowMode } from './use-live-status';

type StoredMode = Parameters<ReturnType<typeof useShowMode>>[0];

/** The second tap must come within this time, ms. */
const ARMED_MS = 5_000;

/** All take the same room: the second tap must find the button where the first one did. */
const LABELS = {
  idle: 'Stop all',
  armed: (
    <>
      Tap again<span className="sr-only"> to stop all</span>
    </>
  ),
  stopping: 'Stopping…',
};

/** Stops every miner and heater by two taps: the mode becomes paused, and the worker follows at its next tick. */
export function KillSwitch() {
  const [isArmed, setArmed] = useState(false);
  const disarm = useRef<ReturnType<typeof setTimeout> | null>(null);
  const showMode = useShowMode();
  const pause = useMutation({
    mutationFn: () => send<StoredMode>('PUT', '/api/mode', { control_mode: 'paused' }),
    onSuccess: showMode,
  });
  useEffect(() => () => clearTimeout(disarm.current ?? undefined), []);

  const tap = ({ detail }: MouseEvent) => {
    // The tail of a double click is no second tap.
    if (detail > 1) return;
    clearTimeout(disarm.current ?? undefined);
    setArmed(!isArmed);
    if (isArmed) pause.mutate();
    else disarm.current = setTimeout(() => setArmed(false), ARMED_MS);
  };

  const shown = pause.isPending ? 'stopping' : isArmed ? 'armed' : 'idle';
  return (
    <div className="flex flex-col items-end">
      <Button
        variant={isArmed ? 'danger' : 'plain'}
        className="min-h-9 px-3"
        onClick={tap}
        disabled={pause.isPending}
      >
        <OctagonX aria-hidden className={`size-4 max-sm:hidden ${isArmed ? '' : 'text-danger'}`} />
        <span className="grid">
          {Object.entries(LABELS).map(([state, label]) => (
            <span key={state} className={`col-start-1 row-start-1 ${state === shown ? '' : 'invisible'}`}>
              {label}
            </span>
          ))}
        </span>
      </Button>
      <p role="status" className="sr-only">
        {isArmed ? 'Armed for five seconds: press again to stop all miners and heaters.' : ''}
      </p>
      {pause.error && (
        <p role="alert" className="text-danger text-xs">
          {pause.error.message}
        </p>
      )}
    </div>
  );
}
