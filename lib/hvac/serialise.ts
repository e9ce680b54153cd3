import { toWireNames } from '@/db/naming';
import { type HvacZoneRow, hvacZones } from '@/db/schema';
import { type Stored, toStored } from '@/lib/settings-versions/stored';
import { type ZoneValues, zonePatch } from './schema';

/** The row as the API shows it. */
export function serialiseZone(row: HvacZoneRow): Record<string, unknown> {
  return toWireNames(hvacZones, row);
}

/** The row as a form edits it. */
export function storedZone(row: HvacZoneRow): Stored<ZoneValues> {
  return toStored(zonePatch, serialiseZone(row));
}
