import { eq, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { preparedPerDatabase } from '@/db/prepared';
import { type UserPreferences, userPreferences } from '@/db/schema';

const preferencesOfOwner = preparedPerDatabase((db) =>
  db
    .select()
    .from(userPreferences)
    .where(eq(userPreferences.userId, sql.placeholder('ownerId')))
    .prepare('preferences_of_owner'),
);

/** The owner's preferences, or null before the defaults were written. */
export async function getPreferences(db: Database, ownerId: string): Promise<UserPreferences | null> {
  const [row] = await preferencesOfOwner(db).execute({ ownerId });
  return row ?? null;
}
