import type { BatteryState } from '@/lib/drivers/site-physics/battery';
import { uniform } from '@/lib/drivers/site-physics/random';
import type { BenchSite } from './site';
import { DAY_MS } from './weather';

/** Group of the scenarios in which the bank is made to fail. */
export const DRILLS = 'drills';

/** For a while a weak cell lets the pack show no more than this voltage. */
interface Drill {
  readonly fromMs: number;
  readonly toMs: number;
  /** Reached after this long, on a straight line: at once, or as a cell runs empty. */
  readonly fallMs: number;
  readonly downToV: number;
}

const PER_DAY = 10;
const FIRST_HOUR = 7;
const LAST_HOUR = 19;
const HOUR_MS = 3_600_000;
const APART_MS = ((LAST_HOUR - FIRST_HOUR) * HOUR_MS) / PER_DAY;
/** Two in three are over before a restart would be due; the longest outlast every delay. */
const SHORTEST_MS = 20_000;
const LONGEST_MS = 20 * 60_000;
const SLOWEST_FALL_MS = 3 * 60_000;
/** How far below a threshold a drill goes, V: beyond a meter's noise and coarsest step. */
const LEAST_BELOW_V = 0.05;
const MOST_BELOW_V = 0.4;
const STREAM = 81;

/** A bank whose weak cell pulls the pack below one threshold after the other, by day, at times of the seed. */
export class WeakCell {
  private readonly levelsV: readonly number[];
  private drills: readonly Drill[] = [];
  private day = Number.NaN;

  constructor(
    { config: { preferences, miners } }: BenchSite,
    private readonly seed: number,
    private readonly startMs: number,
  ) {
    const { voltageLow, voltageCriticalLow, voltageShutdown } = preferences;
    this.levelsV = [
      ...new Set([
        ...miners.flatMap(({ stopVoltage, emergencyStopVoltage }) => [stopVoltage, emergencyStopVoltage]),
        voltageLow,
        voltageCriticalLow,
        voltageShutdown,
      ]),
    ];
  }

  /** What the terminals show at `atMs`, after the step that ended then. */
  pull(battery: BatteryState, atMs: number): void {
    const day = Math.floor((atMs - this.startMs) / DAY_MS);
    if (day !== this.day) {
      this.day = day;
      this.drills = Array.from({ length: PER_DAY }, (_, i) => this.drill(day, i));
    }
    const drill = this.drills.find(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
    if (!drill || battery.voltageV <= drill.downToV) return;
    const fallen = drill.fallMs === 0 ? 1 : Math.min(1, (atMs - drill.fromMs) / drill.fallMs);
    battery.voltageV += (drill.downToV - battery.voltageV) * fallen;
  }

  private drill(day: number, i: number): Drill {
    const index = day * PER_DAY + i;
    const chance = (stream: number): number => uniform(this.seed, STREAM + stream, index);
    const longMs = SHORTEST_MS + (LONGEST_MS - SHORTEST_MS) * chance(0) ** 2;
    const fromMs =
      this.startMs + day * DAY_MS + FIRST_HOUR * HOUR_MS + i * APART_MS + chance(1) * (APART_MS - longMs);
    const levelV = this.levelsV[Math.floor(chance(2) * this.levelsV.length)] ?? 0;
    return {
      fromMs,
      toMs: fromMs + longMs,
      fallMs: chance(3) < 0.5 ? 0 : Math.min(longMs / 2, SLOWEST_FALL_MS * chance(4)),
      downToV: levelV - LEAST_BELOW_V - (MOST_BELOW_V - LEAST_BELOW_V) * chance(5),
    };
  }
}
