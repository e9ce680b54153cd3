'use client';

import { ShieldCheck } from 'lucide-react';
import { choicesFor, sharingRisk } from '@/components/settings/device-choices';
import type { FieldSpecs } from '@/components/settings/field-spec';
import { NumberField, SelectField, SwitchField, TextField } from '@/components/settings/fields';
import { RowForm } from '@/components/settings/row-form';
import { useFormValues } from '@/components/settings/use-form-values';
import { Card } from '@/components/ui/card';
import { Notice } from '@/components/ui/notice';
import { Tag } from '@/components/ui/tag';
import { useOwnersWords } from '@/components/units';
import { saveZone } from '@/lib/hvac/actions';
import type { ZoneSettings } from '@/lib/hvac/page-data';
import type { ZoneValues } from '@/lib/hvac/schema';
import { ZONE_SPECS } from './specs';
import { Thermometer } from './thermometer';
import { ZoneNow } from './zone-now';

const loadCheck = () => import('@/lib/hvac/check').then((module) => module.checkZone);
const GRID = 'grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-3';
const NO_DEVICE = 'None';

const AS_WARM_AS_RECORDED = (
  <Notice tone="info" title="The room’s temperature is taken as it was recorded">
    It does not follow a fan or heater that runs more or less than it did: take the hours of both as a rough
    guide.
  </Notice>
);

type DeviceField = 'temperature_sensor_id' | 'exhaust_fan_device_id' | 'heater_device_id';

function specsOf({ id, stored, miners, devices }: ZoneSettings): FieldSpecs {
  const withDevices = (field: DeviceField, ...abilities: Parameters<typeof choicesFor>[1]['abilities']) => ({
    ...ZONE_SPECS[field],
    choices: choicesFor(devices, { id, field, stored: stored.values[field], abilities }),
  });
  return {
    ...ZONE_SPECS,
    temperature_sensor_id: withDevices('temperature_sensor_id', 'temperature'),
    exhaust_fan_device_id: withDevices('exhaust_fan_device_id', 'fan', 'switch'),
    heater_device_id: withDevices('heater_device_id', 'switch'),
    heating_miner_id: {
      ...ZONE_SPECS.heating_miner_id,
      choices: miners.map((miner) => ({ value: miner.id, label: miner.name })),
    },
  };
}

/** Everything about one zone: its thermometer first, then cooling, heating, and what protects the battery. */
export function ZoneForm(settings: ZoneSettings) {
  const { id, stored, devices } = settings;
  const words = useOwnersWords();
  return (
    <RowForm<ZoneValues>
      label={stored.values.zone_name}
      id={id}
      stored={stored}
      specs={specsOf(settings)}
      loadCheck={loadCheck}
      save={saveZone}
      caveat={AS_WARM_AS_RECORDED}
      toChange={(patch) => ({ zones: { [id]: patch } })}
      riskOf={(before, next) => {
        const uses = {
          heater_device_id: `the heater of ${next.zone_name}`,
          exhaust_fan_device_id: `the fan of ${next.zone_name}`,
        };
        return sharingRisk(devices, { id, uses }, { stored: before, next });
      }}
      essentials={
        <>
          <Card title="The zone" aside={<ZoneNow id={id} />}>
            <div className={GRID}>
              <TextField name="zone_name" />
              <SelectField
                name="temperature_sensor_id"
                none={NO_DEVICE}
                hint="Without it the zone is not heated, and its fan runs only with a miner."
              />
              <SwitchField name="enabled" hint="Off: its fan and heater are left alone." />
            </div>
          </Card>
          <Card title="Temperatures">
            <Thermometer id={id} stored={stored.values} />
            <p className="mt-3 text-ink-soft">A temperature that is left empty skips that rule only.</p>
          </Card>
        </>
      }
    >
      <Card
        title="Battery protection"
        aside={
          <Tag tone="caution" icon={ShieldCheck}>
            Safety
          </Tag>
        }
      >
        <div className={GRID}>
          <NumberField
            name="block_charging_below_temp"
            step={0.5}
            placeholder="no limit"
            hint={words(
              'Charging a freezing LiFePO4 bank destroys it. It is permitted again at this + 2 °C. With no limit anywhere, 0 °C at the battery blocks.',
            )}
          />
        </div>
      </Card>
      <Card title="Cooling">
        <div className={GRID}>
          <SwitchField name="exhaust_fan_enabled" />
          <SelectField name="exhaust_fan_device_id" none={NO_DEVICE} />
          <SwitchField name="exhaust_fan_speed_auto" hint="Off: always the highest speed." />
          <NumberField name="exhaust_fan_max_speed" />
        </div>
      </Card>
      <Card title="Heating">
        <Heating />
      </Card>
    </RowForm>
  );
}

function Heating() {
  const values = useFormValues<ZoneValues>();
  const { heating_priority_1: first, heating_priority_2: second, heater_device_id: heater } = values;
  const byMiner = first === 'miner' || second === 'miner';
  const byHeater = first === 'heater' || second === 'heater';
  // Refused at both fields: neither may be out of sight.
  const isFanToo = heater !== null && heater === values.exhaust_fan_device_id;
  return (
    <div className={GRID}>
      <SwitchField name="heating_enabled" />
      <SelectField name="heating_priority_1" />
      <SelectField name="heating_priority_2" />
      {byMiner && <SelectField name="heating_miner_id" none={NO_DEVICE} />}
      {(byHeater || isFanToo) && <SelectField name="heater_device_id" none={NO_DEVICE} />}
      {byHeater && (
        <NumberField name="heater_power_watts" step={100} hint="Without it the heater is never started." />
      )}
      <SwitchField
        name="only_heat_when_solar"
        hint="While charging is blocked by frost, any sun is enough."
      />
      <NumberField name="minimum_solar_for_heating_watts" step={100} placeholder="no limit" />
    </div>
  );
}
