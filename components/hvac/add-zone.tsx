'use client';

import { AddDialog } from '@/components/settings/add-dialog';
import { addZone } from '@/lib/hvac/actions';

export function AddZone() {
  return (
    <AddDialog
      what="zone"
      listHref="/settings/hvac"
      add={({ name }) => addZone({ zone_name: name })}
      note="It begins without temperatures and devices: nothing is switched until you set them."
    />
  );
}
