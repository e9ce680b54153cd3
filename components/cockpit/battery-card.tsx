import { Card } from '@/components/ui/card';
import { Tag } from '@/components/ui/tag';
import type { CockpitSettings } from '@/lib/cockpit/settings';
import { formatCurrent, formatPercent, formatPower, formatTemperature, formatVoltage } from '@/lib/format';
import type { WireStatus } from '@/lib/status/serialise';
import { Age } from './now';
import { Reading } from './reading';
import { SimulatedTag, simulatedShare } from './simulated-tag';
import { VoltageLadder } from './voltage-ladder';
import { BANDS, bandMeaning, chargeStageWord } from './words';

interface BatteryCardProps {
  readonly status: WireStatus;
  readonly receivedAt: number;
  readonly settings: CockpitSettings;
  readonly className?: string;
}

/** Below this the battery is at rest for the eye, W. */
const AT_REST_W = 20;

function flowWords(watts: number | null): string {
  if (watts === null) return formatPower(null);
  if (Math.abs(watts) < AT_REST_W) return `At rest, ${formatPower(watts)}`;
  return watts > 0 ? `Charging, ${formatPower(watts)}` : `Discharging, ${formatPower(-watts)}`;
}

/** Voltage first: it decides. State of charge is an estimate beside it. */
export function BatteryCard({ status, receivedAt, settings, className }: BatteryCardProps) {
  const { readings, battery } = status;
  const { thresholds } = settings;
  const voltage = readings.pack_voltage_v;
  const band = BANDS[battery.band];
  const share = simulatedShare([
    voltage,
    readings.current_a,
    readings.battery_power_w,
    readings.battery_temperature_c,
    readings.reported_soc_pct,
  ]);
  const mark = (reading: { readonly simulated: boolean }) => share === 'some' && reading.simulated;
  const compensated =
    battery.control_v !== null &&
    battery.raw_v !== null &&
    Math.abs(battery.control_v - battery.raw_v) >= 0.005;

  return (
    <Card title="Battery" className={className} aside={share !== 'none' && <SimulatedTag share={share} />}>
      <div className="flex items-center justify-between gap-3">
        <p
          className={`font-semibold text-4xl leading-none tracking-tight ${battery.stale ? 'text-ink-soft' : ''}`}
          data-testid="pack-voltage"
        >
          {formatVoltage(voltage.value)}
        </p>
        <Tag tone={band.tone}>{band.label}</Tag>
      </div>
      <div className="mt-1.5 flex flex-wrap justify-between gap-x-3 text-ink-soft text-xs">
        <p className={battery.stale ? 'font-medium text-danger' : undefined}>
          {voltage.age_ms === null ? (
            'no voltage measured'
          ) : (
            <>
              {battery.stale ? 'too old, measured' : 'measured'}{' '}
              <Age ageMs={voltage.age_ms} receivedAt={receivedAt} />
            </>
          )}
        </p>
        {settings.showsSoc && (
          <p>
            {battery.voltage_soc_pct === null
              ? 'charge unknown'
              : `about ${formatPercent(battery.voltage_soc_pct)}, estimated from voltage`}
          </p>
        )}
      </div>
      <VoltageLadder volts={voltage.value} thresholds={thresholds} />
      <p className="mt-1">
        {bandMeaning(battery.band, battery.latched, formatVoltage(thresholds.restartV, 1))}
      </p>
      {battery.soc_disagrees && (
        <p className="mt-2 rounded-md bg-caution-soft px-3 py-2" data-testid="soc-disagrees">
          The battery reports {formatPercent(battery.reported_soc_pct)}, its voltage suggests{' '}
          {formatPercent(battery.voltage_soc_pct)}. Neither decides: decisions rest on the voltage itself.
        </p>
      )}
      <dl className="mt-2 divide-y divide-line">
        <Reading
          label="Power"
          value={flowWords(readings.battery_power_w.value)}
          ageMs={readings.battery_power_w.age_ms}
          simulated={mark(readings.battery_power_w)}
          receivedAt={receivedAt}
        />
        <Reading
          label="Current"
          value={formatCurrent(readings.current_a.value)}
          ageMs={readings.current_a.age_ms}
          simulated={mark(readings.current_a)}
          receivedAt={receivedAt}
        />
        {compensated && (
          <Reading
            label="Voltage without sag"
            value={formatVoltage(battery.control_v)}
            ageMs={null}
            receivedAt={receivedAt}
            note="start and stop voltages are compared with this"
          />
        )}
        <Reading
          label="Temperature"
          value={formatTemperature(readings.battery_temperature_c.value, settings.displayUnits)}
          ageMs={readings.battery_temperature_c.age_ms}
          simulated={mark(readings.battery_temperature_c)}
          receivedAt={receivedAt}
        />
        {settings.showsSoc && (
          <Reading
            label="Charge reported by the battery"
            value={formatPercent(readings.reported_soc_pct.value)}
            ageMs={readings.reported_soc_pct.age_ms}
            simulated={mark(readings.reported_soc_pct)}
            receivedAt={receivedAt}
          />
        )}
        <Reading
          label="Charge stage"
          value={chargeStageWord(readings.charge_stage)}
          ageMs={null}
          receivedAt={receivedAt}
        />
      </dl>
    </Card>
  );
}
