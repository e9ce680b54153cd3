import type {
  BatteryAssessment,
  Budget,
  ChargePermission,
  ControlMode,
  Explanation,
  LoadKind,
  LoadState,
  MeasuringRole,
  Verdict,
  ZoneAssessment,
} from '@/lib/core/types';

/**
 * What the worker found and decided at its newest tick; stored in control_state.last_tick, served by
 * /api/status (snake_cased) and pushed by /api/events. Ages are taken at `at`; readers add their own elapsed time.
 */
export interface StatusTick {
  readonly at: number;
  readonly tickSeconds: number;
  readonly localDate: string;
  readonly localMinute: number;
  readonly timeZone: string;
  readonly controlMode: ControlMode;
  readonly configVersion: number;
  readonly kernelVersion: string;
  /** Any of the measurements below comes from a model rather than from a meter. */
  readonly simulated: boolean;
  /** Why nothing that is off is started for now, and until when where that is known (epoch ms); null: no such hold. */
  readonly startsHeld: { readonly reason: string; readonly until: number | null } | null;
  readonly readings: StatusReadings;
  readonly battery: BatteryAssessment;
  readonly budget: Budget;
  readonly chargePermission: ChargePermission;
  readonly loads: readonly StatusLoad[];
  readonly zones: readonly ZoneAssessment[];
  readonly sources: readonly StatusSource[];
  readonly badReadings: readonly { readonly reading: string; readonly reason: string }[];
  readonly summary: string;
  /** Milliseconds the tick took. */
  readonly tickMs: number;
}

export interface StatusReading {
  readonly value: number | null;
  readonly ageMs: number | null;
  /** Key of the device that measured it. */
  readonly source: string | null;
  readonly simulated: boolean;
}

export interface StatusReadings {
  readonly packVoltageV: StatusReading;
  readonly currentA: StatusReading;
  readonly batteryPowerW: StatusReading;
  readonly batteryTemperatureC: StatusReading;
  readonly reportedSocPct: StatusReading;
  readonly pvW: StatusReading;
  readonly loadW: StatusReading;
  readonly gridW: StatusReading;
  readonly chargeStage: string;
  readonly sunny: 'yes' | 'no' | 'unknown';
  readonly clearSkyW: number | null;
}

export interface StatusLoad {
  readonly loadId: string;
  readonly kind: LoadKind;
  readonly name: string;
  /** Null: none is linked, or the one that was is gone. */
  readonly deviceKey: string | null;
  /** Its device may be switched, in a mode that switches. */
  readonly controlEnabled: boolean;
  readonly simulated: boolean;
  readonly observed: LoadState;
  readonly observedSinceMs: number | null;
  readonly powerW: number | null;
  readonly powerAgeMs: number | null;
  readonly ratedW: number | null;
  readonly fanSpeed: number | null;
  readonly verdict: Verdict;
  /** When a hold or minimum time ends, epoch ms. */
  readonly dueAt: number | null;
  readonly explanation: Explanation;
}

export interface StatusSource {
  readonly key: string;
  readonly name: string;
  readonly driver: string;
  readonly simulated: boolean;
  readonly roles: readonly MeasuringRole[];
  readonly lastSeenAt: number | null;
  readonly error: string | null;
}
