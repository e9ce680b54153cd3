import 'server-only';
import { getDatabase } from '@/db/client';
import { fanLoadId, heaterLoadId } from '@/lib/core/loads';
import { listZones } from '@/lib/hvac/queries';
import { addDays, startOfLocalDate } from '@/lib/local-day';
import { nameLoads } from '@/lib/telemetry/load-names';
import type { Cursor, DecisionsFilter } from './page-filter';
import { listDecisions } from './queries';
import { serialiseDecision, type WireDecision } from './serialise';

const PAGE_SIZE = 50;

interface DecisionsRequest {
  readonly ownerId: string;
  readonly filter: DecisionsFilter;
  readonly before: Cursor | undefined;
  readonly timeZone: string;
}

/** One page of decisions, newest first, and the loads to choose from. */
export async function loadDecisions({ ownerId, filter, before, timeZone }: DecisionsRequest): Promise<{
  decisions: WireDecision[];
  /** There are older ones. */
  goesOn: boolean;
  loads: { id: string; name: string }[];
}> {
  const { db } = getDatabase();
  const { load, verdict, day } = filter;
  const rows = await listDecisions(db, {
    ownerId,
    loadId: load,
    verdict,
    ...(day !== undefined && {
      from: startOfLocalDate(day, timeZone),
      to: startOfLocalDate(addDays(day, 1), timeZone),
    }),
    ...(before && { before }),
    limit: PAGE_SIZE + 1,
  });
  const zones = await listZones(db, ownerId);
  const ids = zones.flatMap(({ id }) => [heaterLoadId(id), fanLoadId(id)]);
  const named = await nameLoads(db, ownerId, load === undefined ? ids : [...new Set([...ids, load])]);
  return {
    decisions: rows.slice(0, PAGE_SIZE).map(serialiseDecision),
    goesOn: rows.length > PAGE_SIZE,
    loads: named.loads.map(({ id, name }) => ({ id, name })),
  };
}
