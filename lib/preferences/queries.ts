import { eq, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { type UserPreferences, userPreferences } from '@/db/schema';

function prepare(db: Database) {
  return db
    .select()
    .from(userPreferences)
    .where(eq(userPreferences.userId, sql.placeholder('ownerId')))
    .prepare('preferences_of_owner');
}
const prepared = new WeakMap<Database, ReturnType<typeof prepare>>();

/** The owner's preferences, or null before the defaults were written. */
export async function getPreferences(db: Database, ownerId: string): Promise<UserPreferences | null> {
  let query = prepared.get(db);
  if (query === undefined) {
    query = prepare(db);
    prepared.set(db, query);
  }
  const [row] = await query.execute({ ownerId });
  return row ?? null;
}
