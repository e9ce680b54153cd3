'use client';

import { useMemo } from 'react';
import { useFormValues } from '@/components/settings/use-form-values';
import { kernelPreferences } from '@/lib/core/kernel-fields';
import { type SettingsToJudge, type SettingsWarning, settingsWarnings } from '@/lib/core/settings-warnings';
import type { PreferencesValues } from '@/lib/preferences/schema';
import { toCamelCase } from '@/lib/wire-case';

/** What is judged together with the preferences in the form. */
export type Surroundings = Omit<SettingsToJudge, 'preferences'>;

/** Fields that hold no number while one is typed keep the stored one. */
function legible(values: PreferencesValues, stored: PreferencesValues): PreferencesValues {
  const broken = Object.entries(stored).filter(([name, value]) => {
    const typed: unknown = values[name as keyof PreferencesValues];
    return typeof value === 'number' ? !Number.isFinite(typed) : Number.isNaN(typed);
  });
  return { ...values, ...Object.fromEntries(broken) };
}

const judge = (values: PreferencesValues, around: Surroundings) =>
  settingsWarnings({ ...around, preferences: kernelPreferences(toCamelCase(values)) });

export interface ShownWarning extends SettingsWarning {
  /** It comes with what is not saved yet. */
  readonly isNew: boolean;
}

/** The settings that cannot work, by the form as it stands; those that the edits bring first. */
export function useWarnings(stored: PreferencesValues, around: Surroundings): readonly ShownWarning[] {
  const values = useFormValues<PreferencesValues>();
  const known = useMemo(() => new Set(judge(stored, around).map(({ text }) => text)), [stored, around]);
  return judge(legible(values, stored), around)
    .map((warning) => ({ ...warning, isNew: !known.has(warning.text) }))
    .sort((a, b) => Number(b.isNew) - Number(a.isNew));
}
