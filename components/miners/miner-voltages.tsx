'use client';

import { useFormContext } from 'react-hook-form';
import { ladderOf, ZONE_COLORS } from '@/components/cockpit/ladder';
import { NumberRow } from '@/components/settings/fields';
import { Ladder } from '@/components/settings/ladder';
import { type Bounds, boundsOf } from '@/components/settings/ladder-bounds';
import { useSite, useSiteSettings } from '@/components/settings/site';
import { useFormValues } from '@/components/settings/use-form-values';
import { VoltageHint } from '@/components/settings/voltage-hint';
import { socPctOfVoltage } from '@/lib/core/curve';
import { formatPercent, formatVoltage } from '@/lib/format';
import { MINER_ORDERINGS } from '@/lib/miners/rules';
import type { MinerValues } from '@/lib/miners/schema';
import { MINER_SPECS } from './specs';

/** From the top of the ladder down, with what happens there. */
const RUNGS = [
  ['start_voltage', 'may start from here'],
  ['stop_voltage', 'stops below it, after its delay'],
  ['emergency_stop_voltage', 'stops at once'],
] as const;

const STEP_V = 0.1;
const MARGIN_V = 1;

/** A miner's three voltages on the ladder of the bank, beside the voltage of this moment. */
export function MinerVoltages({ stored }: { readonly stored: MinerValues }) {
  const settings = useSiteSettings();
  const { status } = useSite();
  const form = useFormContext<MinerValues>();
  const values = useFormValues<MinerValues>();
  const { errors } = form.formState;
  const nowV = status?.readings.pack_voltage_v.value ?? null;
  const { thresholds, curve, showsSoc } = settings;
  const socOf = showsSoc ? (volts: number) => socPctOfVoltage(curve, volts) : null;
  const known = [
    stored.emergency_stop_voltage,
    stored.start_voltage,
    thresholds.shutdownV,
    thresholds.optimalMaxV,
  ];
  const scale: Bounds = {
    min: Math.min(...known, nowV ?? thresholds.lowV) - MARGIN_V,
    max: Math.max(...known, nowV ?? thresholds.lowV) + MARGIN_V,
  };
  return (
    <Ladder
      rungs={RUNGS.map(([name, meaning]) => ({
        name,
        meaning,
        label: MINER_SPECS[name].label,
        value: values[name],
        bounds: boundsOf(name, values, { orderings: MINER_ORDERINGS, step: STEP_V, limits: scale }),
        isWrong: errors[name] !== undefined,
      }))}
      scale={scale}
      zones={ladderOf(thresholds).zones.map(({ band, fromV, toV }) => ({
        from: band === 'LOW' ? scale.min : fromV,
        to: band === 'HIGH' ? scale.max : toV,
        color: ZONE_COLORS[band],
      }))}
      now={nowV}
      step={STEP_V}
      format={(volts) => `${formatVoltage(volts, 1)}${socOf ? `, about ${formatPercent(socOf(volts))}` : ''}`}
      onMove={(name, volts) => {
        const rung = RUNGS.find(([candidate]) => candidate === name);
        if (rung) form.setValue(rung[0], volts, { shouldDirty: true });
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
