import { and, asc, eq, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { preparedPerDatabase } from '@/db/prepared';
import { type MinerProfileRow, minerProfiles } from '@/db/schema';

const queriesOf = preparedPerDatabase((db) => {
  const owner = eq(minerProfiles.userId, sql.placeholder('ownerId'));
  return {
    list: db
      .select()
      .from(minerProfiles)
      .where(owner)
      .orderBy(asc(minerProfiles.priorityLevel), asc(minerProfiles.name), asc(minerProfiles.id))
      .prepare('miners_of_owner'),
    one: db
      .select()
      .from(minerProfiles)
      .where(and(owner, eq(minerProfiles.id, sql.placeholder('id'))))
      .prepare('miner_by_id'),
  };
});

/** All of the owner's miners, disabled ones included, by priority, then name. */
export async function listMiners(db: Database, ownerId: string): Promise<MinerProfileRow[]> {
  return queriesOf(db).list.execute({ ownerId });
}

/** One of the owner's miners, or null. */
export async function getMiner(db: Database, ownerId: string, id: string): Promise<MinerProfileRow | null> {
  const [row] = await queriesOf(db).one.execute({ ownerId, id });
  return row ?? null;
}
