import type { DeviceTestRow } from '@/db/schema';
import type { DeviceTestResult } from './types';

/** As the API shows it: nothing of the connection, which may hold secrets. */
export function serialiseDeviceTest(row: DeviceTestRow) {
  // Written by this version's worker; rows live for minutes.
  const result = row.result as DeviceTestResult | null;
  return {
    id: row.id,
    driver: row.driver,
    state: row.state,
    requested_at: row.requestedAt.toISOString(),
    ended_at: row.endedAt?.toISOString() ?? null,
    error: row.error,
    readings: result?.readings ?? [],
    problems: result?.problems ?? [],
    controls: result?.controls ?? [],
    took_ms: result?.tookMs ?? null,
  };
}
