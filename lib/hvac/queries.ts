import { and, asc, eq, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { preparedPerDatabase } from '@/db/prepared';
import { type HvacZoneRow, hvacZones } from '@/db/schema';

const queriesOf = preparedPerDatabase((db) => {
  const owner = eq(hvacZones.userId, sql.placeholder('ownerId'));
  return {
    list: db
      .select()
      .from(hvacZones)
      .where(owner)
      .orderBy(asc(hvacZones.zoneName), asc(hvacZones.id))
      .prepare('zones_of_owner'),
    one: db
      .select()
      .from(hvacZones)
      .where(and(owner, eq(hvacZones.id, sql.placeholder('id'))))
      .prepare('zone_by_id'),
  };
});

/** All of the owner's zones, disabled ones included, by name. */
export async function listZones(db: Database, ownerId: string): Promise<HvacZoneRow[]> {
  return queriesOf(db).list.execute({ ownerId });
}

/** One of the owner's zones, or null. */
export async function getZone(db: Database, ownerId: string, id: string): Promise<HvacZoneRow | null> {
  const [row] = await queriesOf(db).one.execute({ ownerId, id });
  return row ?? null;
}
