import { toWireNames } from '@/db/naming';
import { type UserPreferences, userPreferences } from '@/db/schema';
import { DEFAULT_PREFERENCES } from '@/lib/core/defaults';
import { type Stored, toStored } from '@/lib/settings-versions/stored';
import { isCurve } from './rules';
import { type PreferencesValues, preferencesPatch } from './schema';

/** The row as the API shows it. */
export function serialisePreferences(row: UserPreferences): Record<string, unknown> {
  return toWireNames(userPreferences, row);
}

/** The row as a form edits it; a stored curve that is no list of points shows as none. */
export function storedPreferences(row: UserPreferences): Stored<PreferencesValues> {
  const { values, etag } = toStored(preferencesPatch, serialisePreferences(row));
  return isCurve(values.voltage_curve)
    ? { values, etag }
    : { values: { ...values, voltage_curve: null }, etag };
}

/** What a reset writes. */
export function defaultPreferences(): PreferencesValues {
  return toStored(preferencesPatch, toWireNames(userPreferences, DEFAULT_PREFERENCES)).values;
}
