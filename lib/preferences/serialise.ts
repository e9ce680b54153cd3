import { toWireNames } from '@/db/naming';
import { type UserPreferences, userPreferences } from '@/db/schema';

/** The row as the API shows it. */
export function serialisePreferences(row: UserPreferences): Record<string, unknown> {
  return toWireNames(userPreferences, row);
}
