import { eq } from 'drizzle-orm';
import type { Database, Executor } from '@/db/client';
import { fromWireNames } from '@/db/naming';
import { type UserPreferences, userPreferences } from '@/db/schema';
import { DEFAULT_PREFERENCES } from '@/lib/core/defaults';
import { AppError } from '@/lib/errors';
import { requireMatch, requireNoIssues } from '@/lib/settings-versions/guard';
import { recordChange } from '@/lib/settings-versions/record';
import { applyPatch, preferencesIssues } from './rules';
import type { PreferencesPatch } from './schema';
import { serialisePreferences } from './serialise';

interface Author {
  readonly ownerId: string;
  readonly actor: string;
  readonly ifMatch?: string | null;
}

async function lock(tx: Executor, ownerId: string): Promise<UserPreferences> {
  const [row] = await tx
    .select()
    .from(userPreferences)
    .where(eq(userPreferences.userId, ownerId))
    .for('update');
  if (row === undefined)
    throw new AppError('not_found', 'There are no preferences yet; run the migration to write the defaults.');
  return row;
}

async function write(
  tx: Executor,
  author: Author,
  change: { before: UserPreferences; values: Partial<typeof userPreferences.$inferInsert> },
): Promise<UserPreferences> {
  const [after] = await tx
    .update(userPreferences)
    .set(change.values)
    .where(eq(userPreferences.userId, author.ownerId))
    .returning();
  if (after === undefined) throw new Error('An update returned no row.');
  await recordChange(tx, {
    ownerId: author.ownerId,
    actor: author.actor,
    entity: 'preferences',
    entityId: after.id,
    before: serialisePreferences(change.before),
    after: serialisePreferences(after),
  });
  return after;
}

/**
 * Applies a partial update, checked together with what is stored.
 * @throws AppError invalid (both fields and both values of each rule broken), stale, not_found.
 */
export async function updatePreferences(
  db: Database,
  change: Author & { patch: PreferencesPatch },
): Promise<UserPreferences> {
  return db.transaction(async (tx) => {
    const before = await lock(tx, change.ownerId);
    const stored = serialisePreferences(before);
    requireMatch(stored, change.ifMatch);
    const next = applyPatch(stored, change.patch);
    requireNoIssues(preferencesIssues(next, change.patch));
    const patch = { ...change.patch, voltage_curve: next.voltage_curve };
    return write(tx, change, { before, values: fromWireNames(userPreferences, patch) });
  });
}

/** Back to the defaults. @throws AppError stale, not_found. */
export async function resetPreferences(db: Database, author: Author): Promise<UserPreferences> {
  return db.transaction(async (tx) => {
    const before = await lock(tx, author.ownerId);
    requireMatch(serialisePreferences(before), author.ifMatch);
    const { voltageCurve, ...defaults } = DEFAULT_PREFERENCES;
    return write(tx, author, { before, values: { ...defaults, voltageCurve: [...voltageCurve] } });
  });
}
