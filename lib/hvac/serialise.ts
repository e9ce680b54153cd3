import { toWireNames } from '@/db/naming';
import { type HvacZoneRow, hvacZones } from '@/db/schema';

/** The row as the API shows it. */
export function serialiseZone(row: HvacZoneRow): Record<string, unknown> {
  return toWireNames(hvacZones, row);
}
