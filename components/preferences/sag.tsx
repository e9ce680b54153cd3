'use client';

import { useFormContext } from 'react-hook-form';
import { NumberField, SelectField } from '@/components/settings/fields';
import { useSite, useSiteSettings } from '@/components/settings/site';
import { useFormValues } from '@/components/settings/use-form-values';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Notice } from '@/components/ui/notice';
import { FEWEST_STEPS } from '@/lib/core/resistance/estimate';
import { SMALLEST_STEP_A } from '@/lib/core/resistance/evidence';
import { sagOf } from '@/lib/core/settings-warnings';
import type { MinerProfile } from '@/lib/core/types';
import { formatQuantity, formatTemperature, formatVoltage } from '@/lib/format';
import type { PreferencesValues } from '@/lib/preferences/schema';
import type { BatteryResistance } from '@/lib/resistance/current';

interface SagProps {
  readonly resistance: BatteryResistance;
  readonly miners: readonly MinerProfile[];
}

const MEANINGS = {
  off: 'Thresholds are compared with the measured voltage: a large load lowers it at once.',
  auto: 'The sag that a load causes is taken out of the voltage first, by the resistance that the bank shows.',
  manual: 'The sag that a load causes is taken out of the voltage first, by the resistance you give.',
} as const;

const milliohm = (ohm: number) => formatQuantity(Math.round(ohm * 1e4) / 10, 'mΩ');

/** How thresholds deal with the sag of a load, and what is known of the bank's resistance. */
export function SagCompensation({ resistance, miners }: SagProps) {
  const { status } = useSite();
  const { sag_compensation: mode } = useFormValues<PreferencesValues>();
  const current = status?.readings.current_a.value ?? null;
  return (
    <Card title="Sag compensation">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        <SelectField name="sag_compensation" hint={MEANINGS[mode]} />
        <NumberField
          name="internal_resistance_mohm"
          step={0.5}
          placeholder="not given"
          hint="Of the whole bank with its cables. Used in manual; in the other modes it only foresees the sag of a start, until there is an estimate."
        />
      </div>
      <Estimate resistance={resistance} miners={miners} />
      {mode !== 'off' && status !== null && current === null && (
        <div className="mt-3">
          <Notice tone="caution" title="No battery current is measured now">
            With compensation on and no current, stops go by the measured voltage and nothing starts.
          </Notice>
        </div>
      )}
    </Card>
  );
}

function Estimate({ resistance, miners }: SagProps) {
  const { displayUnits } = useSiteSettings();
  const form = useFormContext<PreferencesValues>();
  const { battery_nominal_voltage: packVoltageV } = useFormValues<PreferencesValues>();
  const { inUse, temperatureC, steps, simulated } = resistance;
  if (inUse === null) {
    return (
      <p className="mt-4 rounded-md bg-sunken p-3" data-testid="resistance">
        <span className="font-medium">No estimate yet.</span> It comes by itself from {FEWEST_STEPS} or more
        steps of at least {SMALLEST_STEP_A} A in the battery current that agree, such as a miner, heater or
        kettle that switches, with voltage and current measured within the same 5 s. So far there{' '}
        {steps === 1 ? 'is one' : `are ${steps === 0 ? 'none' : steps}`}. Until then automatic takes nothing
        out.
      </p>
    );
  }
  const middle = Math.round(((inUse.lowOhm + inUse.highOhm) / 2) * 1e4) / 10;
  const largest = miners.toSorted((a, b) => b.powerDrawWatts - a.powerDrawWatts)[0];
  const sag = (ohm: number) =>
    largest && formatVoltage(sagOf({ watts: largest.powerDrawWatts, packVoltageV, ohm }));
  return (
    <div className="mt-4 grid gap-2 rounded-md bg-sunken p-3" data-testid="resistance">
      <p>
        <span className="font-medium">
          Estimated: {milliohm(inUse.lowOhm)} to {milliohm(inUse.highOhm)}
        </span>
        {temperatureC !== null && ` at ${formatTemperature(temperatureC, displayUnits)}`}, from {steps} load
        steps{simulated && ' of the simulated bank'}. The true value lies in this interval in 9 of 10 cases or
        more.
      </p>
      {largest && (
        <p>
          {largest.name} ({formatQuantity(largest.powerDrawWatts, 'W')}) lets the voltage sag by about{' '}
          {sag(inUse.lowOhm)} to {sag(inUse.highOhm)}.
        </p>
      )}
      <Button
        className="justify-self-start"
        onClick={() => form.setValue('internal_resistance_mohm', middle, { shouldDirty: true })}
      >
        Enter {formatQuantity(middle, 'mΩ')}
      </Button>
    </div>
  );
}
