import type { CurvePoint, DisplayUnits } from '@/lib/core/types';

/** The band thresholds of control.md §2, V. */
export interface BandThresholds {
  readonly shutdownV: number;
  readonly criticalLowV: number;
  readonly lowV: number;
  readonly restartV: number;
  readonly optimalMinV: number;
  readonly optimalMaxV: number;
}

/** What of the preferences the cockpit draws with. */
export interface CockpitSettings {
  readonly timeZone: string;
  readonly displayUnits: DisplayUnits;
  /** The owner wants to see state of charge beside voltage. */
  readonly showsSoc: boolean;
  readonly thresholds: BandThresholds;
  /** State of charge by rest voltage, as calibrated. */
  readonly curve: readonly CurvePoint[];
}
