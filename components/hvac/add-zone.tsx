'use client';

import { AddDialog } from '@/components/settings/add-dialog';
import { addZone } from '@/lib/hvac/actions';
import { ZONE_SPECS } from './specs';

export function AddZone() {
  return (
    <AddDialog
      what="zone"
      listHref="/settings/hvac"
      specs={ZONE_SPECS}
      add={({ name }) => addZone({ zone_name: name })}
      note="It begins without temperatures and devices: nothing is switched until you set them."
    />
  );
}
