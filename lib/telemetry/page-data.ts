import 'server-only';
import { getDatabase } from '@/db/client';
import { readTelemetry } from './queries';
import { historyRange } from './range';
import { readRuns } from './runs';
import { serialiseRuns, serialiseTelemetry, type WireRuns, type WireTelemetry } from './serialise';

interface HistoryRequest {
  readonly ownerId: string;
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly maxPoints: number;
}

export interface HistoryData {
  readonly telemetry: WireTelemetry;
  readonly runs: WireRuns;
}

/** What the API would answer for a range, for a page. @throws AppError not_found for an account without a site. */
export async function loadHistory({ ownerId, from, to, maxPoints }: HistoryRequest): Promise<HistoryData> {
  const { db } = getDatabase();
  const range = await historyRange(db, ownerId, {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    resolution: 'auto',
    max_points: maxPoints,
  });
  const [telemetry, runs] = await Promise.all([readTelemetry(db, range), readRuns(db, range)]);
  return { telemetry: serialiseTelemetry(telemetry), runs: serialiseRuns(runs) };
}
