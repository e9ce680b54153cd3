import { eq } from 'drizzle-orm';
import type { Database, Executor } from '@/db/client';
import { fromWireNames } from '@/db/naming';
import { type UserPreferences, userPreferences } from '@/db/schema';
import { DEFAULT_PREFERENCES } from '@/lib/core/defaults';
import { AppError } from '@/lib/errors';
import { type Author, changeSettings, type Edit, single } from '@/lib/settings-versions/change';
import { requireMatch, requireNoIssues } from '@/lib/settings-versions/guard';
import { recordChange } from '@/lib/settings-versions/record';
import { completePatch, isPlaceUnset, noonLongitudeDeg, preferencesIssues } from './rules';
import type { PreferencesPatch } from './schema';
import { serialisePreferences } from './serialise';

type Wire = Readonly<Record<string, unknown>>;
type Values = Partial<typeof userPreferences.$inferInsert>;

/** Locks the row, writes what `choose` makes of it, records both. */
async function change(db: Executor, edit: Edit, choose: (stored: Wire) => Values): Promise<UserPreferences> {
  const mine = eq(userPreferences.userId, edit.ownerId);
  return changeSettings(db, async (tx: Executor) => {
    const [stored] = await tx.select().from(userPreferences).where(mine).for('update');
    if (stored === undefined)
      throw new AppError(
        'not_found',
        'There are no preferences yet; run the migration to write the defaults.',
      );
    const before = serialisePreferences(stored);
    requireMatch(before, edit.ifMatch);
    const row = single(await tx.update(userPreferences).set(choose(before)).where(mine).returning());
    const after = serialisePreferences(row);
    await recordChange(tx, edit, { entity: 'preferences', entityId: row.id, before, after });
    return row;
  });
}

/**
 * Applies a partial update, checked together with what is stored.
 * @throws AppError invalid (both fields and both values of each rule broken), stale, not_found.
 */
export async function updatePreferences(
  db: Executor,
  edit: Edit & { patch: PreferencesPatch },
): Promise<UserPreferences> {
  return change(db, edit, (stored) => {
    const patch = completePatch(stored, edit.patch);
    requireNoIssues(preferencesIssues({ ...stored, ...patch }, edit.patch));
    return fromWireNames(userPreferences, patch);
  });
}

/** Back to the defaults. @throws AppError stale, not_found. */
export async function resetPreferences(db: Database, edit: Edit): Promise<UserPreferences> {
  const { voltageCurve, ...defaults } = DEFAULT_PREFERENCES;
  return change(db, edit, () => ({ ...defaults, voltageCurve: [...voltageCurve] }));
}

/** The owner's first word on where the site is: its time zone, whose noon the sun follows. One that has a place keeps it. */
export async function chooseFirstZone(
  db: Executor,
  { timeZone, now, ...author }: Author & { timeZone: string; now: number },
): Promise<void> {
  const [stored] = await db.select().from(userPreferences).where(eq(userPreferences.userId, author.ownerId));
  if (stored === undefined || !isPlaceUnset(stored) || stored.timezone === timeZone) return;
  const patch = { timezone: timeZone, location_lon: noonLongitudeDeg(timeZone, now) };
  await updatePreferences(db, { ...author, patch });
}
