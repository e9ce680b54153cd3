import { toWireNames } from '@/db/naming';
import { type MinerProfileRow, minerProfiles } from '@/db/schema';
import { type Stored, toStored } from '@/lib/settings-versions/stored';
import { type MinerValues, minerPatch } from './schema';

/** The row as the API shows it. */
export function serialiseMiner(row: MinerProfileRow): Record<string, unknown> {
  return toWireNames(minerProfiles, row);
}

/** The row as a form edits it. */
export function storedMiner(row: MinerProfileRow): Stored<MinerValues> {
  return toStored(minerPatch, serialiseMiner(row));
}
