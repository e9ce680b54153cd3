import { type BandEstimate, estimateBands, resistanceAt } from '@/lib/core/resistance/estimate';
import { isOnPlateau, StepDetector } from '@/lib/core/resistance/evidence';
import { VOLTAGE_MARGIN_V } from '@/lib/core/sanitise';
import type { Preferences, Resistance, Snapshot } from '@/lib/core/types';
import type { KeptEvidence } from '@/lib/resistance/queries';

/** A load of ours that switched this long before a step or after it has caused it, ms. */
const CAUSE_MS = 90_000;
/** What is in force moves only when an end of the interval has moved by more: every new value is a new plan. */
const WORTH_A_CHANGE = 0.05;
/** Kept in memory; the database keeps the newest of each band. */
const KEPT = 2000;

/** Watches the bank for load steps and tells the resistance that decisions may count with. */
export class ResistanceWatch {
  private detector = new StepDetector();
  private evidence: KeptEvidence[] = [];
  private bands: readonly BandEstimate[] | null = null;
  private simulated: boolean | null = null;
  private inForce: Resistance | null = null;

  /** Goes on from what was kept. */
  begin(evidence: readonly KeptEvidence[]): void {
    this.detector = new StepDetector();
    this.evidence = [...evidence];
    this.bands = null;
    this.inForce = null;
  }

  /** Takes this tick's samples; gives the step they complete, to be kept. */
  observe(snapshot: Snapshot, preferences: Preferences, simulated: boolean): KeptEvidence | null {
    if (simulated !== this.simulated) {
      // Another bank, modelled or real, has another resistance.
      this.simulated = simulated;
      this.detector = new StepDetector();
      this.bands = null;
      this.inForce = null;
    }
    const { packVoltageV, currentA, temperatureC } = snapshot.battery;
    if (packVoltageV === null || currentA === null || !isPlausible(packVoltageV.value, preferences))
      return null;
    const step = this.detector.add({
      voltageAt: packVoltageV.sampleAt,
      packVoltageV: packVoltageV.value,
      currentAt: currentA.sampleAt,
      currentA: currentA.value,
      temperatureC: temperatureC?.value ?? null,
    });
    if (step === null || !isOnPlateau(step, preferences.batteryNominalVoltage)) return null;
    const kept = {
      at: step.at,
      // 10 mA and 0.1 mV: as the database gives it back, so that a restart estimates the same.
      fromA: step.fromA === null ? null : Math.round(step.fromA * 100) / 100,
      deltaA: Math.round(step.deltaA * 100) / 100,
      deltaV: Math.round(step.deltaV * 10_000) / 10_000,
      temperatureC: step.temperatureC,
      cause: causeOf(step.at, snapshot),
      simulated,
    };
    this.evidence.push(kept);
    if (this.evidence.length > KEPT) this.evidence.shift();
    this.bands = null;
    return kept;
  }

  /** R at the bank's temperature (°C; null = not known); null: too few steps so far. */
  inUse(temperatureC: number | null): Resistance | null {
    this.bands ??= estimateBands(this.evidence.filter(({ simulated }) => simulated === this.simulated));
    const now = resistanceAt(this.bands, temperatureC);
    if (now === null || this.inForce === null || differs(this.inForce, now))
      this.inForce = now && rounded(now);
    return this.inForce;
  }
}

/** As the kernel judges it (control.md §7). */
function isPlausible(volt: number, { batteryAbsoluteMin, batteryAbsoluteMax }: Preferences): boolean {
  return volt >= batteryAbsoluteMin - VOLTAGE_MARGIN_V && volt <= batteryAbsoluteMax + VOLTAGE_MARGIN_V;
}

function causeOf(at: number, { loads }: Snapshot): string {
  for (const [id, { sinceMs }] of Object.entries(loads)) {
    if (sinceMs !== null && Math.abs(at - sinceMs) <= CAUSE_MS) return id;
  }
  return 'natural';
}

function differs(a: Resistance, b: Resistance): boolean {
  return (
    Math.abs(a.lowOhm - b.lowOhm) > WORTH_A_CHANGE * a.lowOhm ||
    Math.abs(a.highOhm - b.highOhm) > WORTH_A_CHANGE * a.highOhm
  );
}

/** To 10 µΩ. */
function rounded({ lowOhm, highOhm }: Resistance): Resistance {
  return { lowOhm: Math.floor(lowOhm * 1e5) / 1e5, highOhm: Math.ceil(highOhm * 1e5) / 1e5 };
}
