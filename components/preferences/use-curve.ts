'use client';

import { useController, useFormContext } from 'react-hook-form';
import { useFormValues } from '@/components/settings/use-form-values';
import { curveOf, moveCurveEnds } from '@/lib/core/curve';
import type { CurvePoint } from '@/lib/core/types';
import type { PreferencesValues } from '@/lib/preferences/schema';
import { toCamelCase } from '@/lib/wire-case';
import { addPoint, movePoint } from './curve-edit';

/** What the schema lets the two ends be, V. */
const LIMITS_OF_END = { first: { min: 40, max: 50 }, last: { min: 50, max: 60 } } as const;

/**
 * The calibration in the form: the curve, its two ends and the switch between curve and straight line, kept together
 * as control.md §2 asks for: the ends of the curve are the voltages at 0 and 100 %.
 */
export function useCurve() {
  const form = useFormContext<PreferencesValues>();
  const values = useFormValues<PreferencesValues>();
  const { field, fieldState } = useController<PreferencesValues, 'voltage_curve'>({ name: 'voltage_curve' });
  const curve = curveOf(toCamelCase(values));
  const isUsed = values.use_custom_soc_mapping;
  const { voltage_at_0_percent: at0Error, voltage_at_100_percent: at100Error } = form.formState.errors;

  const setEnds = (at0V: number, at100V: number) => {
    if (at0V !== values.voltage_at_0_percent)
      form.setValue('voltage_at_0_percent', at0V, { shouldDirty: true });
    if (at100V !== values.voltage_at_100_percent)
      form.setValue('voltage_at_100_percent', at100V, { shouldDirty: true });
  };
  /** Writes the curve and what follows from it; an unused curve only has its ends moved. */
  const set = (next: readonly CurvePoint[]) => {
    const at0V = next[0]?.voltage ?? values.voltage_at_0_percent;
    const at100V = next.at(-1)?.voltage ?? values.voltage_at_100_percent;
    const isUsed = values.use_custom_soc_mapping && values.voltage_curve !== null;
    if (isUsed) field.onChange([...next]);
    else if (values.voltage_curve !== null)
      field.onChange([...moveCurveEnds(values.voltage_curve, at0V, at100V)]);
    setEnds(at0V, at100V);
  };

  return {
    curve,
    isUsed,
    /** Why it cannot be stored, or undefined. */
    error: (fieldState.error ?? at0Error ?? at100Error)?.message,
    move: (index: number, to: { readonly soc: number; readonly voltage: number }) => {
      const limits = index === 0 ? LIMITS_OF_END.first : LIMITS_OF_END.last;
      const next = movePoint(curve, index, { ...to, limits });
      if (next !== curve) set(next);
    },
    type: (index: number, point: CurvePoint) => set(curve.with(index, point)),
    remove: (index: number) => set(curve.toSpliced(index, 1)),
    /** Adds a point where there is most room; a straight line becomes a curve. Gives its index, or null. */
    add: (): number | null => {
      const added = addPoint(curve);
      if (added !== null) field.onChange([...added.curve]);
      return added?.index ?? null;
    },
  };
}
