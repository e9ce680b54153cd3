'use client';

import { useState } from 'react';
import { AddDialog } from '@/components/settings/add-dialog';
import { describedBy, Field } from '@/components/ui/field';
import { NumberInput } from '@/components/ui/number-input';
import { addMiner } from '@/lib/miners/actions';
import { MINER_SPECS } from './specs';

const WATTS_ID = 'new-miner-watts';
const HINT = 'As its maker gives it, or as you measured it.';

/** Adds a miner by name and draw; the rest is set on its own page, and it stays off until then. */
export function AddMiner() {
  const [watts, setWatts] = useState<number | null>(null);
  return (
    <AddDialog
      what="miner"
      listHref="/settings/miners"
      specs={MINER_SPECS}
      // Nothing typed, or no number, is refused by the server in words.
      add={({ name }) => addMiner({ name, power_draw_watts: watts ?? Number.NaN })}
      note="It comes with cautious voltages and stays switched off until you have looked at its settings."
    >
      <Field id={WATTS_ID} label="Power draw" hint={HINT}>
        <NumberInput
          {...describedBy(WATTS_ID, { hint: HINT })}
          value={watts}
          onChange={setWatts}
          unit="W"
          step={100}
        />
      </Field>
    </AddDialog>
  );
}
