'use client';

import { useFormContext } from 'react-hook-form';
import { NumberRow } from '@/components/settings/fields';
import { Ladder, type LadderZone } from '@/components/settings/ladder';
import { type Bounds, boundsOf } from '@/components/settings/ladder-bounds';
import { useSite, useSiteSettings } from '@/components/settings/site';
import { useFormValues } from '@/components/settings/use-form-values';
import { formatTemperature, fromOwnersDegrees, toOwnersDegrees } from '@/lib/format';
import { ZONE_ORDERINGS } from '@/lib/hvac/rules';
import type { ZoneValues } from '@/lib/hvac/schema';
import { ZONE_SPECS } from './specs';

/** From the hottest down, with what happens there. */
const RUNGS = [
  ['temp_too_hot', 'the fan starts'],
  ['temp_hot_ok', 'the fan stops'],
  ['temp_cold_ok', 'heating stops'],
  ['temp_too_cold', 'heating starts'],
] as const;
type Limit = (typeof RUNGS)[number][0];

/** Of a knob, in the owner's degrees: about as wide in either. */
const STEP = { metric: 0.5, imperial: 1 } as const;
const MARGIN_C = 5;
/** Shown where nothing is set yet. */
const USUAL: Bounds = { min: -10, max: 45 };
/** What the API takes. */
const LIMITS: Bounds = { min: -60, max: 150 };

const isKnown = (value: number | null): value is number => value !== null && Number.isFinite(value);

function scaleOf(values: readonly (number | null)[]): Bounds {
  const known = values.filter(isKnown);
  return {
    min: Math.max(LIMITS.min, Math.min(USUAL.min, ...known.map((value) => value - MARGIN_C))),
    max: Math.min(LIMITS.max, Math.max(USUAL.max, ...known.map((value) => value + MARGIN_C))),
  };
}

function zonesOf(values: Readonly<Record<Limit, number | null>>, scale: Bounds): LadderZone[] {
  const cold = values.temp_too_cold;
  const hot = values.temp_too_hot;
  const low = isKnown(cold) ? cold : scale.min;
  const high = isKnown(hot) ? hot : scale.max;
  return [
    { from: scale.min, to: low, color: 'var(--zone-high)' },
    { from: low, to: high, color: 'var(--zone-optimal)' },
    { from: high, to: scale.max, color: 'var(--zone-low)' },
  ];
}

/** The four temperatures of a zone on one thermometer, beside what is measured now. */
export function Thermometer({ id, stored }: { readonly id: string; readonly stored: ZoneValues }) {
  const { displayUnits } = useSiteSettings();
  const { status } = useSite();
  const nowC = status?.zones.find(({ zone_id }) => zone_id === id)?.temperature_c ?? null;
  const form = useFormContext<ZoneValues>();
  const values = useFormValues<ZoneValues>();
  const { errors } = form.formState;
  const inDegrees = (celsius: number | null) =>
    celsius === null ? null : toOwnersDegrees(celsius, displayUnits);
  const scaleC = scaleOf([nowC, ...RUNGS.map(([name]) => stored[name])]);
  const scale: Bounds = {
    min: toOwnersDegrees(scaleC.min, displayUnits),
    max: toOwnersDegrees(scaleC.max, displayUnits),
  };
  const degrees: Readonly<Record<Limit, number | null>> = {
    temp_too_hot: inDegrees(values.temp_too_hot),
    temp_hot_ok: inDegrees(values.temp_hot_ok),
    temp_cold_ok: inDegrees(values.temp_cold_ok),
    temp_too_cold: inDegrees(values.temp_too_cold),
  };
  const step = STEP[displayUnits];
  return (
    <Ladder
      rungs={RUNGS.map(([name, meaning]) => ({
        name,
        meaning,
        label: ZONE_SPECS[name].label,
        value: degrees[name],
        bounds: boundsOf(name, degrees, { orderings: ZONE_ORDERINGS, step, limits: scale }),
        isWrong: errors[name] !== undefined,
      }))}
      scale={scale}
      zones={zonesOf(degrees, scale)}
      now={inDegrees(nowC)}
      step={step}
      format={(value) => formatTemperature(fromOwnersDegrees(value, displayUnits), displayUnits)}
      onMove={(name, value) => {
        const rung = RUNGS.find(([candidate]) => candidate === name);
        if (rung) form.setValue(rung[0], fromOwnersDegrees(value, displayUnits), { shouldDirty: true });
      }}
    >
      {({ name, meaning }) => <NumberRow name={name} step={1} hint={meaning} placeholder="none" />}
    </Ladder>
  );
}
