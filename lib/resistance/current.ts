import { eq } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { userPreferences } from '@/db/schema';
import { type BandEstimate, estimateBands, resistanceAt } from '@/lib/core/resistance/estimate';
import type { Resistance, SagCompensationMode } from '@/lib/core/types';
import { AppError } from '@/lib/errors';
import { getStatus } from '@/lib/status/queries';
import { readEvidence } from './queries';

export interface BatteryResistance {
  readonly mode: SagCompensationMode;
  /** What the owner typed, mΩ; null = nothing. */
  readonly manualMohm: number | null;
  /** The estimate at the bank's temperature; null: too few steps so far. */
  readonly inUse: Resistance | null;
  /** At the newest tick; null = not known. */
  readonly temperatureC: number | null;
  /** The battery measured now is a model, and so are these steps. */
  readonly simulated: boolean;
  readonly steps: number;
  /** Epoch ms. */
  readonly newestStepAt: number | null;
  readonly bands: readonly BandEstimate[];
}

/** What is known of the bank's resistance now, from the steps that the worker kept. */
export async function readResistance(db: Executor, ownerId: string): Promise<BatteryResistance> {
  const [preferences] = await db
    .select({
      mode: userPreferences.sagCompensation,
      manualMohm: userPreferences.internalResistanceMohm,
    })
    .from(userPreferences)
    .where(eq(userPreferences.userId, ownerId));
  if (preferences === undefined) throw new AppError('not_found', 'There are no preferences.');
  const readings = (await getStatus(db, ownerId))?.readings ?? null;
  const temperatureC = readings?.batteryTemperatureC.value ?? null;
  const simulated = readings?.packVoltageV.simulated ?? false;
  const evidence = (await readEvidence(db, ownerId)).filter((step) => step.simulated === simulated);
  const bands = estimateBands(evidence);
  return {
    ...preferences,
    inUse: resistanceAt(bands, temperatureC),
    temperatureC,
    simulated,
    steps: evidence.length,
    newestStepAt: evidence.at(-1)?.at ?? null,
    bands,
  };
}
