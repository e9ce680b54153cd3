'use client';

import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ROLES } from '@/components/cockpit/words';
import { sayRemoved } from '@/components/settings/say-undoable';
import { useSite } from '@/components/settings/site';
import { Bullets } from '@/components/ui/bullets';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { useAction } from '@/components/use-action';
import type { ControlMode } from '@/lib/core/types';
import { removeDevice } from '@/lib/devices/actions';
import type { StoredDevice } from '@/lib/devices/page-data';

/** To what is on at a device when it is deleted. */
function whatHappens({ controlEnabled }: StoredDevice, mode: ControlMode | undefined): string {
  if (!controlEnabled) return ' and stays on: switch it off yourself';
  if (mode !== 'advisory') return ': what CommandCenter switched on there is switched off afterwards';
  return ', and advisory mode sends nothing: what CommandCenter switched on there is switched off if the site is automatic again within a day';
}

/** Asks first, naming what depends on the device. */
export function DeleteDevice({ device }: { readonly device: StoredDevice }) {
  const router = useRouter();
  const [isAsking, setAsking] = useState(false);
  const remove = useAction(removeDevice);
  const drop = async () => {
    const removed = await remove.run({ id: device.id });
    if (removed === null) return;
    router.push('/settings/devices');
    sayRemoved(device.name, removed.versionId);
  };
  const { status } = useSite();
  const on = status?.loads.filter((load) => load.device_key === device.key && load.observed === 'on') ?? [];
  const depends = [
    ...on.map(({ name }) => `${name} is on${whatHappens(device, status?.control_mode)}`),
    ...device.usedBy,
    ...device.roles.map((role) => `the site takes ${ROLES[role]} from it`),
    ...(device.secretsSet.length > 0
      ? ['its stored password is kept for a week, in case you bring it back, and then forgotten']
      : []),
  ];
  return (
    <>
      <Button variant="removal" onClick={() => setAsking(true)}>
        <Trash2 aria-hidden className="size-4" />
        Delete
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={`Delete ${device.name}?`}
          confirmLabel="Delete it"
          tone="danger"
          isPending={remove.isPending}
          error={remove.refusal?.error}
          onConfirm={() => void drop()}
          onCancel={() => setAsking(false)}
        >
          {depends.length === 0 ? (
            <p>Nothing depends on it. What it measured stays.</p>
          ) : (
            <>
              <p>This depends on it:</p>
              <Bullets items={depends} />
              <p>What it measured stays.</p>
            </>
          )}
        </ConfirmDialog>
      )}
    </>
  );
}
