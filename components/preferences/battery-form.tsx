'use client';

import { type ComponentProps, memo, useMemo, useState } from 'react';
import { WhatIfCard } from '@/components/replay/what-if-card';
import { SwitchField } from '@/components/settings/fields';
import { SettingsHistory } from '@/components/settings/history';
import { type Behaviour, SettingsForm } from '@/components/settings/settings-form';
import { useSettingsForm } from '@/components/settings/use-settings-form';
import { Card } from '@/components/ui/card';
import { savePreferences } from '@/lib/preferences/actions';
import type { BatterySettings } from '@/lib/preferences/page-data';
import type { PreferencesValues } from '@/lib/preferences/schema';
import { BatteryFacts, BatteryUse } from './battery-facts';
import { Calibration } from './calibration';
import { lessProtection } from './less-protection';
import { LiveVoltage } from './live-voltage';
import { ResetButton } from './reset-button';
import { SagCompensation } from './sag';
import { BATTERY_SPECS } from './specs';
import { Thresholds } from './thresholds';
import { Warnings } from './warnings';

const loadCheck = () => import('@/lib/preferences/check').then((module) => module.checkPreferences);

const toChange = (preferences: Readonly<Record<string, unknown>>) => ({ preferences });

/** Everything about the battery: how its voltage is read, where the bands lie, what it is and what it may give. */
export function BatteryForm({ stored, defaults, miners, zones, resistance }: BatterySettings) {
  const [behaviour, setBehaviour] = useState<Behaviour>(null);
  const state = useSettingsForm({ stored, specs: BATTERY_SPECS, loadCheck, save: savePreferences });
  const around = useMemo(
    () => ({ miners, zones, resistance: resistance.inUse }),
    [miners, zones, resistance.inUse],
  );
  return (
    <>
      <SettingsForm
        label="Battery"
        state={state}
        behaviour={behaviour}
        riskOf={() => lessProtection(state.stored.values, state.form.getValues())}
      >
        <BatteryFields
          stored={state.stored}
          onResult={setBehaviour}
          around={around}
          resistance={resistance}
          miners={miners}
        />
      </SettingsForm>
      <Card
        title="Earlier settings"
        className="mt-4"
        aside={<ResetButton state={state} defaults={defaults} />}
      >
        <SettingsHistory entity="preferences" specs={BATTERY_SPECS} stored={state.stored} />
      </Card>
    </>
  );
}

type BatteryFieldsProps = Pick<ComponentProps<typeof WhatIfCard<PreferencesValues>>, 'stored' | 'onResult'> &
  Pick<ComponentProps<typeof Warnings>, 'around'> &
  Pick<BatterySettings, 'resistance' | 'miners'>;

// The form itself is drawn a second time as soon as it is there, and with each change: its fields are not.
const BatteryFields = memo(function BatteryFields(props: BatteryFieldsProps) {
  const { stored, onResult, around, resistance, miners } = props;
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,5fr)_minmax(0,4fr)]">
        <Card title="Thresholds" aside={<LiveVoltage />}>
          <Thresholds stored={stored.values} />
        </Card>
        <div className="grid gap-4">
          <WhatIfCard stored={stored} toChange={toChange} onResult={onResult} />
          <Warnings stored={stored.values} around={around} />
        </div>
      </div>
      <Card title="Calibration">
        <Calibration />
        <SwitchField
          name="user_prefers_soc_display"
          hint="State of charge is an estimate from the voltage; decisions go by voltage alone."
          className="mt-4"
        />
      </Card>
      <SagCompensation resistance={resistance} miners={miners} />
      <BatteryFacts />
      <BatteryUse />
    </>
  );
});
