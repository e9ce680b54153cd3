import { toWireNames } from '@/db/naming';
import { type MinerProfileRow, minerProfiles } from '@/db/schema';

/** The row as the API shows it. */
export function serialiseMiner(row: MinerProfileRow): Record<string, unknown> {
  return toWireNames(minerProfiles, row);
}
