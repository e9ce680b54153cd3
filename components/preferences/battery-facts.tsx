'use client';

import { NumberField, SelectField, SwitchField, TextField } from '@/components/settings/fields';
import { useFormValues } from '@/components/settings/use-form-values';
import { Card } from '@/components/ui/card';
import { Disclosure } from '@/components/ui/disclosure';
import { formatEnergy } from '@/lib/format';
import type { PreferencesValues } from '@/lib/preferences/schema';

/** What the battery is. */
export function BatteryFacts() {
  const { battery_capacity_ah: ah, battery_nominal_voltage: volts } = useFormValues<PreferencesValues>();
  const wattHours = ah === null || !Number.isFinite(ah * volts) ? null : ah * volts;
  return (
    <Card title="The battery">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-3">
        <TextField name="battery_chemistry" hint="LiFePO4 brings its own rest curve and frost limit." />
        <NumberField
          name="battery_capacity_ah"
          step={10}
          placeholder="not known"
          hint={wattHours !== null && `All strings together: ${formatEnergy(wattHours)}.`}
        />
        <NumberField name="battery_nominal_voltage" step={0.1} hint="16 LiFePO4 cells in a row: 51.2 V." />
      </div>
      <div className="mt-2">
        <Disclosure summary="Absolute limits">
          <div className="grid gap-x-6 gap-y-4 sm:grid-cols-3">
            <NumberField
              name="battery_absolute_min"
              step={0.1}
              hint="No threshold lies below it; 3 V further off, a reading counts as wrong."
            />
            <NumberField name="battery_absolute_max" step={0.1} hint="No threshold lies above it." />
          </div>
        </Disclosure>
      </div>
    </Card>
  );
}

const CHARACTERS = {
  conservative: 'No miner takes anything from the battery.',
  balanced: 'Each miner takes from the battery as its own mode says.',
  aggressive: 'Balanced miners take from the battery down to their stop voltage too.',
} as const;

/** What loads may take from it. */
export function BatteryUse() {
  const values = useFormValues<PreferencesValues>();
  const { battery_capacity_ah: ah, battery_nominal_voltage: volts } = values;
  const share = ah === null ? Number.NaN : (values.max_battery_discharge_percent / 100) * ah * volts;
  return (
    <Card title="What loads may take">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        <SelectField name="operating_mode" hint={CHARACTERS[values.operating_mode]} />
        <NumberField
          name="max_battery_discharge_watts"
          step={100}
          hint="One pool for all loads: surplus is used first, then this."
        />
        <NumberField
          name="max_battery_discharge_percent"
          hint={
            Number.isFinite(share)
              ? `${formatEnergy(share)} of this bank; then miners wait until it is full again.`
              : 'Then miners wait until the bank is full again.'
          }
        />
        <NumberField
          name="inverter_max_watts"
          step={100}
          placeholder="not known"
          hint="House and loads together stay within 90 % of it. Empty: not watched."
        />
        <SwitchField
          name="grid_import_allowed"
          hint="Off: while more than 100 W is imported, also from a generator, nothing starts, and what the sun does not cover stops."
          className="sm:col-span-2"
        />
      </div>
    </Card>
  );
}
