'use client';

import { ModeSwitch } from '@/components/cockpit/mode-switch';
import { MODES } from '@/components/cockpit/words';
import { useSite } from '@/components/settings/site';
import { Card } from '@/components/ui/card';
import type { ControlMode } from '@/lib/core/types';

/** Whether the site acts, only decides, or stands still. */
export function ModeCard({ stored }: { readonly stored: ControlMode }) {
  const mode = useSite().status?.control_mode ?? stored;
  return (
    <Card title="Control" aside={<ModeSwitch mode={mode} />}>
      <p>{MODES[mode].meaning}</p>
      <p className="mt-2 text-ink-soft">
        A device is switched only in automatic mode, and only if control is enabled for it under Devices.
      </p>
    </Card>
  );
}
