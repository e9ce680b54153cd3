'use client';

import { useState, useTransition } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Notice } from '@/components/ui/notice';
import { removeSimulatedSiteAction } from '@/lib/devices/actions';

/** Asks the owner of a real battery to part with the simulated site. Shown as long as some of it remains. */
export function SimulatedSiteNotice() {
  const [isAsking, setIsAsking] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  const remove = () =>
    startTransition(async () => {
      const unreachable = { error: 'The server does not answer. Nothing was changed.' };
      const answer = await removeSimulatedSiteAction({}, new FormData()).catch(() => unreachable);
      setError(answer.error ?? null);
      if (!answer.error) setIsAsking(false);
    });

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
          error={error}
          onConfirm={remove}
          onCancel={() => {
            setIsAsking(false);
            setError(null);
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
