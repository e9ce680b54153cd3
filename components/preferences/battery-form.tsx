'use client';

import { NumberField, SelectField, SwitchField, TextField } from '@/components/settings/fields';
import { SettingsForm } from '@/components/settings/settings-form';
import { useSettingsForm } from '@/components/settings/use-settings-form';
import { Card } from '@/components/ui/card';
import { Disclosure } from '@/components/ui/disclosure';
import { savePreferences } from '@/lib/preferences/actions';
import type { PreferencesValues } from '@/lib/preferences/schema';
import type { Stored } from '@/lib/settings-versions/stored';
import { Calibration } from './calibration';
import { LiveVoltage } from './live-voltage';
import { BATTERY_SPECS } from './specs';
import { Thresholds } from './thresholds';

const loadCheck = () => import('@/lib/preferences/check').then((module) => module.checkPreferences);

/** Everything about the battery: how its voltage is read, where the bands lie, what it is and what it may give. */
export function BatteryForm({ stored }: { stored: Stored<PreferencesValues> }) {
  const state = useSettingsForm({
    stored,
    specs: BATTERY_SPECS,
    loadCheck,
    save: savePreferences,
  });
  return (
    <SettingsForm label="Battery" state={state}>
      <Card title="Thresholds" aside={<LiveVoltage />}>
        <Thresholds stored={state.stored.values} />
      </Card>
      <Card title="Calibration">
        <Calibration />
      </Card>
      <Card title="The battery">
        <div className="grid gap-x-6 gap-y-4 sm:grid-cols-3">
          <TextField name="battery_chemistry" />
          <NumberField name="battery_capacity_ah" step={10} />
          <NumberField name="battery_nominal_voltage" step={0.1} />
        </div>
        <Disclosure summary="Absolute limits">
          <div className="grid gap-x-6 gap-y-4 sm:grid-cols-3">
            <NumberField name="battery_absolute_min" step={0.1} />
            <NumberField name="battery_absolute_max" step={0.1} />
          </div>
        </Disclosure>
      </Card>
      <Card title="What the battery may give">
        <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
          <SelectField name="operating_mode" />
          <SwitchField name="grid_import_allowed" />
        </div>
      </Card>
    </SettingsForm>
  );
}
