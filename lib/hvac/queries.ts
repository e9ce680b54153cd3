import { and, asc, eq, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { type HvacZoneRow, hvacZones } from '@/db/schema';

function prepare(db: Database) {
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
}
const prepared = new WeakMap<Database, ReturnType<typeof prepare>>();

function queriesOf(db: Database): ReturnType<typeof prepare> {
  const known = prepared.get(db);
  if (known !== undefined) return known;
  const queries = prepare(db);
  prepared.set(db, queries);
  return queries;
}

/** All of the owner's zones, disabled ones included, by name. */
export async function listZones(db: Database, ownerId: string): Promise<HvacZoneRow[]> {
  return queriesOf(db).list.execute({ ownerId });
}

/** One of the owner's zones, or null. */
export async function getZone(db: Database, ownerId: string, id: string): Promise<HvacZoneRow | null> {
  const [row] = await queriesOf(db).one.execute({ ownerId, id });
  return row ?? null;
}
