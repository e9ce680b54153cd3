'use client';

import { useWatch } from 'react-hook-form';
import { choicesFor, sharingRisk } from '@/components/settings/device-choices';
import type { FieldSpecs } from '@/components/settings/field-spec';
import { NumberField, SelectField, SwitchField, TextField } from '@/components/settings/fields';
import { RowForm } from '@/components/settings/row-form';
import { useSite } from '@/components/settings/site';
import { Card } from '@/components/ui/card';
import { Disclosure } from '@/components/ui/disclosure';
import { saveMiner } from '@/lib/miners/actions';
import type { MinerSettings } from '@/lib/miners/page-data';
import type { MinerValues } from '@/lib/miners/schema';
import { MinerVerdict } from './miner-verdict';
import { MinerVoltages } from './miner-voltages';
import { ScheduleBar } from './schedule-bar';
import { MINER_SPECS } from './specs';

const loadCheck = () => import('@/lib/miners/check').then((module) => module.checkMiner);
const GRID = 'grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-3';

function specsOf({ id, stored, zones, devices }: MinerSettings): FieldSpecs {
  return {
    ...MINER_SPECS,
    zone_id: { ...MINER_SPECS.zone_id, choices: zones.map((zone) => ({ value: zone.id, label: zone.name })) },
    device_identifier: {
      ...MINER_SPECS.device_identifier,
      choices: choicesFor(devices, {
        id,
        field: 'device_identifier',
        stored: stored.values.device_identifier,
        abilities: ['switch'],
      }),
    },
  };
}

/** Everything about one miner, what most owners set first and the rest one press away. */
export function MinerForm(settings: MinerSettings) {
  const { id, stored, devices } = settings;
  return (
    <RowForm<MinerValues>
      label={stored.values.name}
      id={id}
      stored={stored}
      specs={specsOf(settings)}
      loadCheck={loadCheck}
      save={saveMiner}
      toChange={(patch) => ({ miners: { [id]: patch } })}
      riskOf={(before, next) =>
        sharingRisk(devices, { id, uses: { device_identifier: next.name } }, { stored: before, next })
      }
      essentials={
        <>
          <Card title="The miner" aside={<MinerVerdict id={id} />}>
            <div className={GRID}>
              <TextField name="name" />
              <NumberField name="power_draw_watts" step={10} />
              <SwitchField name="enabled" hint="Off: it is stopped and never started." />
              <SelectField
                name="device_identifier"
                none="No device: decided about, not switched"
                hint="Devices are added on the Devices page."
              />
              <SelectField name="zone_id" none="None" hint="It stops when this room gets too hot." />
            </div>
            <Disclosure summary="Model, hashrate, notes">
              <div className={GRID}>
                <TextField name="model" isOptional />
                <NumberField name="hashrate_ths" step={1} />
                <TextField name="control_method" isOptional />
              </div>
            </Disclosure>
          </Card>
          <Card title="Battery voltage">
            <MinerVoltages stored={stored.values} />
            <div className={`mt-4 ${GRID}`}>
              <SelectField name="operating_mode" className="sm:col-span-2" />
            </div>
          </Card>
        </>
      }
    >
      <Card title="Sun">
        <div className={GRID}>
          <SwitchField
            name="require_excess_solar"
            hint="Spare sun is what is left after the house and every miner before it."
          />
          <NumberField name="minimum_excess_watts" step={100} placeholder="no limit" />
          <NumberField name="minimum_solar_production_watts" step={100} placeholder="no limit" />
          <SwitchField name="require_sunny_weather" hint="Not applied while the weather is not known." />
        </div>
      </Card>
      <Card title="Hours">
        <Schedule />
      </Card>
      <Card title="Timing">
        <Disclosure summary="Delays, shortest run and rest">
          <div className={GRID}>
            <NumberField name="start_hysteresis_minutes" />
            <NumberField name="stop_hysteresis_minutes" hint="A large lack of power stops it sooner." />
            <NumberField name="minimum_on_minutes" hint="Protection stops do not wait for it." />
            <NumberField name="minimum_off_minutes" />
          </div>
        </Disclosure>
      </Card>
    </RowForm>
  );
}

function Schedule() {
  const [start, end] = useWatch<MinerValues, ['prefer_time_start', 'prefer_time_end']>({
    name: ['prefer_time_start', 'prefer_time_end'],
  });
  const { status } = useSite();
  return (
    <div className="grid gap-4">
      <ScheduleBar start={hourOf(start)} end={hourOf(end)} nowMinute={status?.local_minute ?? null} />
      <div className={GRID}>
        <NumberField name="prefer_time_start" placeholder="any time" hint="Local time, whole hours 0–23." />
        <NumberField name="prefer_time_end" placeholder="any time" hint="It may pass midnight." />
        <SwitchField name="allow_outside_schedule" hint="Off: it does not run outside them at all." />
        <NumberField name="maximum_runtime_hours" step={0.5} placeholder="no limit" />
      </div>
    </div>
  );
}

/** What is typed may be no hour yet. */
function hourOf(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 24 ? value : null;
}
