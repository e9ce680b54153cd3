'use client';

import { useFormContext } from 'react-hook-form';
import { ladderOf, ZONE_COLORS } from '@/components/cockpit/ladder';
import { NumberRow } from '@/components/settings/fields';
import { Ladder, type LadderZone } from '@/components/settings/ladder';
import { type Bounds, boundsOf } from '@/components/settings/ladder-bounds';
import { useSite } from '@/components/settings/site';
import { useFormValues } from '@/components/settings/use-form-values';
import { VoltageHint } from '@/components/settings/voltage-hint';
import { formatPercent, formatVoltage } from '@/lib/format';
import { PREFERENCES_ORDERINGS } from '@/lib/preferences/rules';
import type { PreferencesValues } from '@/lib/preferences/schema';
import { useSocOf } from './soc';
import { BATTERY_SPECS } from './specs';

/** From the top of the ladder down, with what happens there. */
const RUNGS = [
  ['voltage_full', 'the charger stops here'],
  ['voltage_absorption', 'the charger holds this to fill up'],
  ['voltage_float', 'the charger holds this when full'],
  ['voltage_optimal_max', 'above it, loads for spare sun are welcome'],
  ['voltage_optimal_min', 'normal running from here'],
  ['voltage_restart', 'after a stop, nothing starts below it'],
  ['voltage_low', 'miners and heaters stop'],
  ['voltage_critical_low', 'miners and heaters off at once'],
  ['voltage_shutdown', 'everything off, fans too'],
] as const;
const NAMES = RUNGS.map(([name]) => name);

const STEP_V = 0.1;
const MARGIN_V = 0.5;

/** A typed threshold that is no number leaves the band where it was. */
const orStored = (value: number, stored: number) => (Number.isFinite(value) ? value : stored);

function scaleOf(stored: PreferencesValues, now: number | null): Bounds {
  const known = [stored.battery_absolute_min, stored.voltage_shutdown, now ?? stored.voltage_full];
  return {
    min: Math.min(...known) - MARGIN_V,
    max: Math.max(stored.battery_absolute_max, stored.voltage_full, now ?? 0) + MARGIN_V,
  };
}

function zonesOf(values: PreferencesValues, stored: PreferencesValues, scale: Bounds): LadderZone[] {
  const at = (name: (typeof NAMES)[number]) => orStored(values[name], stored[name]);
  const { zones } = ladderOf({
    shutdownV: at('voltage_shutdown'),
    criticalLowV: at('voltage_critical_low'),
    lowV: at('voltage_low'),
    restartV: at('voltage_restart'),
    optimalMinV: at('voltage_optimal_min'),
    optimalMaxV: at('voltage_optimal_max'),
  });
  return zones.map(({ band, fromV, toV }) => ({
    from: band === 'LOW' ? scale.min : fromV,
    to: band === 'HIGH' ? scale.max : toV,
    color: ZONE_COLORS[band],
  }));
}

/** The nine thresholds on one ladder, beside the voltage of this moment. */
export function Thresholds({ stored }: { stored: PreferencesValues }) {
  const { status } = useSite();
  const form = useFormContext<PreferencesValues>();
  const values = useFormValues<PreferencesValues>();
  const socOf = useSocOf();
  const { errors } = form.formState;
  const nowV = status?.readings.pack_voltage_v.value ?? null;
  const scale = scaleOf(stored, nowV);

  return (
    <Ladder
      rungs={RUNGS.map(([name, meaning]) => ({
        name,
        meaning,
        label: BATTERY_SPECS[name].label,
        value: values[name],
        bounds: boundsOf(name, values, {
          orderings: PREFERENCES_ORDERINGS,
          step: STEP_V,
          limits: scale,
        }),
        isWrong: errors[name] !== undefined,
      }))}
      scale={scale}
      zones={zonesOf(values, stored, scale)}
      now={nowV}
      step={STEP_V}
      format={(volts) => `${formatVoltage(volts, 1)}, about ${formatPercent(socOf(volts))}`}
      onMove={(name, volts) => {
        const known = NAMES.find((candidate) => candidate === name);
        if (known) form.setValue(known, volts, { shouldDirty: true });
      }}
    >
      {({ name, meaning, value }) => (
        <NumberRow
          name={name}
          step={STEP_V}
          hint={<VoltageHint volts={value} socOf={socOf} meaning={meaning} />}
        />
      )}
    </Ladder>
  );
}
