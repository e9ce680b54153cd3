'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Notice } from '@/components/ui/notice';
import { useAction } from '@/components/use-action';
import { removeSimulatedSiteAction } from '@/lib/devices/actions';

/** Asks the owner of a real battery to part with the simulated site. Shown as long as some of it remains. */
export function SimulatedSiteNotice() {
  const [isAsking, setIsAsking] = useState(false);
  const { run, isPending, refusal, reset } = useAction<void, { status: 'removed' }>(
    removeSimulatedSiteAction,
  );

  return (
    <Notice
      tone="model"
      title="A real battery is connected, and the simulated site is still here"
      actions={<Button onClick={() => setIsAsking(true)}>Remove the simulated site</Button>}
    >
      Its devices and history stand beside your own until you remove them.
      {isAsking && (
        <ConfirmDialog
          title="Remove the simulated site?"
          confirmLabel="Remove it for good"
          tone="danger"
          isPending={isPending}
          error={refusal?.error ?? null}
          onConfirm={() => void run().then((answer) => answer && setIsAsking(false))}
          onCancel={() => {
            setIsAsking(false);
            reset();
          }}
        >
          <p>
            All simulated devices go, with every simulated reading and decision. What your own devices
            measured stays.
          </p>
          <p>
            Miners and zones stay too; those that name a simulated device have none until you link a real one.
          </p>
        </ConfirmDialog>
      )}
    </Notice>
  );
}
