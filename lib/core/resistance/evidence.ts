/** One step of the battery current and what it did to the voltage. */
export interface ResistanceEvidence {
  /** When the current had changed, epoch ms. */
  readonly at: number;
  /** Current before the step, A; + = charging; null = not known. */
  readonly fromA: number | null;
  /** A, V; both + where charging rises. */
  readonly deltaA: number;
  readonly deltaV: number;
  /** Of the bank, °C; null = not known. */
  readonly temperatureC: number | null;
}

/** A step as it was found. */
export interface DetectedStep extends ResistanceEvidence {
  /** What the voltage would have been without a current, as far as the step itself tells, V. */
  readonly restV: number;
}

/** Voltage and current of the bank as they were sampled. */
export interface BatterySample {
  /** Epoch ms of the voltage. */
  readonly voltageAt: number;
  readonly packVoltageV: number;
  /** Epoch ms of the current. */
  readonly currentAt: number;
  readonly currentA: number;
  readonly temperatureC: number | null;
}

/**
 * Where the rest voltage of LiFePO4 hardly moves with its charge, as shares of the nominal voltage: 10 to 98 %, hysteresis
 * included (simulation.md §1). Beyond, a minute of current moves it as much as R does.
 */
const PLATEAU: readonly [low: number, high: number] = [0.985, 1.055];

/** Whether a step tells of R alone. `nominalV` of the bank, V. */
export function isOnPlateau({ restV }: DetectedStep, nominalV: number): boolean {
  return restV >= PLATEAU[0] * nominalV && restV <= PLATEAU[1] * nominalV;
}

/** A smaller step is not told from the noise of a 48 V shunt monitor (10 mV, 0.1 A), A. */
export const SMALLEST_STEP_A = 15;
/** Of the step, the current may wander by this much before and after it. */
const STEADY_SHARE = 0.12;
/** Voltage and current further apart are not of one moment, ms (control.md §1). */
const SAME_MOMENT_MS = 5_000;
/** The level before the step: the newest samples, two at least, none older than so long before it, ms. */
const BEFORE_COUNT = 4;
const BEFORE_FROM_MS = 130_000;
/** Of them the last seconds do not count for the voltage, which may be newer than the current beside it, ms. */
const BEFORE_TO_MS = 12_000;
/** How long the current may take to get from one level to the other, ms. */
const LONGEST_STEP_MS = 65_000;
/** The voltage is judged between these times after the step: R of a 60-s step (simulation.md §2), ms. */
const AFTER_FROM_MS = 20_000;
const AFTER_TO_MS = 75_000;
const KEPT_MS = BEFORE_FROM_MS + LONGEST_STEP_MS + AFTER_TO_MS;

/**
 * Finds steps between two steady currents in a stream of samples. Only level against level is compared, each the median
 * of its samples, so that neither a voltage sampled some seconds off its current nor a wild one does harm.
 */
export class StepDetector {
  private samples: BatterySample[] = [];

  /** Takes the next sample; gives the step it completes, or null. Repeated and older samples are passed over. */
  add(sample: BatterySample): DetectedStep | null {
    const last = this.samples.at(-1);
    if (last !== undefined && sample.voltageAt <= last.voltageAt) {
      // The clock was set back: nothing before it can be compared.
      if (last.voltageAt - sample.voltageAt > KEPT_MS) this.samples = [];
      return null;
    }
    if (Math.abs(sample.voltageAt - sample.currentAt) > SAME_MOMENT_MS) return null;
    this.samples.push(sample);
    while ((this.samples[0]?.voltageAt ?? 0) < sample.voltageAt - KEPT_MS) this.samples.shift();
    return this.completed();
  }

  private completed(): DetectedStep | null {
    const { samples } = this;
    // Levels lie between the extremes: mostly that says it all.
    if (spread(samples) < SMALLEST_STEP_A) return null;
    for (let changed = 1; changed < samples.length - 1; changed++) {
      const first = samples[changed];
      const previous = samples[changed - 1];
      if (first === undefined || previous === undefined) continue;
      const found = this.judge(changed, previous, first);
      if (found === null) continue;
      // What led to this step is spent; the level after it may begin the next.
      this.samples = samples.slice(changed + 1);
      return found;
    }
    return null;
  }

  private judge(changed: number, previous: BatterySample, first: BatterySample): DetectedStep | null {
    const { samples } = this;
    if (first.voltageAt - previous.voltageAt > LONGEST_STEP_MS) return null;
    const after = samples.slice(changed + 1).filter((s) => {
      const elapsed = s.voltageAt - first.voltageAt;
      return elapsed >= AFTER_FROM_MS && elapsed <= AFTER_TO_MS;
    });
    const newest = samples.at(-1);
    const complete =
      newest !== undefined && newest.voltageAt - first.voltageAt >= (AFTER_FROM_MS + AFTER_TO_MS) / 2;
    if (after.length === 0 || !complete) return null;
    const steady = samples
      .slice(Math.max(0, changed - BEFORE_COUNT), changed)
      .filter((s) => first.voltageAt - s.voltageAt <= BEFORE_FROM_MS);
    const before = steady.filter((s) => first.voltageAt - s.voltageAt >= BEFORE_TO_MS);
    if (steady.length < 2 || before.length === 0) return null;
    const fromA = median(before, (s) => s.currentA);
    const deltaA = median(after, (s) => s.currentA) - fromA;
    if (Math.abs(deltaA) < SMALLEST_STEP_A) return null;
    const wander = STEADY_SHARE * Math.abs(deltaA);
    if (spread(steady) > wander || spread([first, ...after]) > wander) return null;
    const fromV = median(before, (s) => s.packVoltageV);
    const deltaV = median(after, (s) => s.packVoltageV) - fromV;
    const restV = fromV - (fromA * deltaV) / deltaA;
    return { at: first.voltageAt, fromA, deltaA, deltaV, temperatureC: first.temperatureC, restV };
  }
}

function median(samples: readonly BatterySample[], of: (sample: BatterySample) => number): number {
  const sorted = samples.map(of).sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}

function spread(samples: readonly BatterySample[]): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { currentA } of samples) {
    low = Math.min(low, currentA);
    high = Math.max(high, currentA);
  }
  return high - low;
}
