import { toWireNames } from '@/db/naming';
import { type MinerProfileRow, minerProfiles } from '@/db/schema';
import { etagOf } from '@/lib/settings-versions/etag';
import { type Stored, toStored } from '@/lib/settings-versions/stored';
import { type MinerValues, minerPatch } from './schema';

/** The row as the API shows it. */
export function serialiseMiner(row: MinerProfileRow): Record<string, unknown> {
  return toWireNames(minerProfiles, row);
}

/** Of the order in which miners are served: equal while nobody changes it. */
export function orderEtag(rows: readonly Pick<MinerProfileRow, 'id' | 'priorityLevel'>[]): string {
  const levels = rows.map(({ id, priorityLevel }) => `${id} ${priorityLevel}`);
  return etagOf({ order: levels.toSorted() });
}

/** The row as a form edits it. */
export function storedMiner(row: MinerProfileRow): Stored<MinerValues> {
  return toStored(minerPatch, serialiseMiner(row));
}
