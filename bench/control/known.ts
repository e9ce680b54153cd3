import { INVERTER } from '@/lib/drivers/site-physics/site';
import { type Known, SLOT_MINUTES } from './optimum';
import type { Plant } from './plant';
import { type BenchSite, TICK_SECONDS } from './site';
import { type Conditions, STEP_SECONDS } from './weather';

const TICKS_PER_SLOT = (SLOT_MINUTES * 60) / TICK_SECONDS;
const STEPS_PER_SLOT = (SLOT_MINUTES * 60) / STEP_SECONDS;

/** Writes down, slot by slot, what perfect foresight knows, from the run without miners. */
export class Foreknowledge implements Known {
  readonly pvKw: number[] = [];
  readonly baseKw: number[] = [];
  readonly unservedKw: number[] = [];
  readonly soc: number[] = [];
  readonly bankC: number[] = [];
  readonly mayRun: boolean[][];
  private hvacW = 0;
  private darkTicks = 0;

  constructor(private readonly site: BenchSite) {
    this.mayRun = site.config.miners.map(() => []);
  }

  /** With the first `slots` of what comes after. */
  followedBy(next: Foreknowledge, slots: number): Foreknowledge {
    const all = new Foreknowledge(this.site);
    for (const [into, first, then] of [
      [all.pvKw, this.pvKw, next.pvKw],
      [all.baseKw, this.baseKw, next.baseKw],
      [all.unservedKw, this.unservedKw, next.unservedKw],
      [all.soc, this.soc, next.soc],
      [all.bankC, this.bankC, next.bankC],
    ] as const)
      into.push(...first, ...then.slice(0, slots));
    this.mayRun.forEach((own, k) => {
      all.mayRun[k]?.push(...own, ...(next.mayRun[k] ?? []).slice(0, slots));
    });
    return all;
  }

  /** At the end of every tick of that run. */
  note(plant: Plant, conditions: Conditions, tick: number): void {
    for (const { load } of plant.loads) this.hvacW += load.state.powerW;
    if (!plant.hasMains) this.darkTicks += 1;
    if ((tick + 1) % TICKS_PER_SLOT !== 0) return;
    const slot = Math.floor(tick / TICKS_PER_SLOT);
    const mean = (values: Float32Array): number => {
      let sum = 0;
      for (let i = 0; i < STEPS_PER_SLOT; i += 1) sum += values[slot * STEPS_PER_SLOT + i] ?? 0;
      return sum / STEPS_PER_SLOT;
    };
    const acW = mean(conditions.houseW) + this.hvacW / TICKS_PER_SLOT;
    const baseKw = (INVERTER.idleW + acW / INVERTER.efficiency) / 1000;
    this.pvKw.push(mean(conditions.pvPotentialW) / 1000);
    this.baseKw.push(baseKw);
    this.unservedKw.push((baseKw * this.darkTicks) / TICKS_PER_SLOT);
    this.soc.push(plant.state.battery.soc);
    this.bankC.push(plant.state.battery.temperatureC);
    const local = new Date(conditions.startMs + slot * SLOT_MINUTES * 60_000 + conditions.utcOffsetMs);
    this.site.config.miners.forEach((miner, k) => {
      this.mayRun[k]?.push(miner.enabled && insideHardHours(miner, local.getUTCHours()));
    });
    this.hvacW = 0;
    this.darkTicks = 0;
  }
}

/** Hours that the owner does not let a miner out of. */
function insideHardHours(
  { preferTimeStart: start, preferTimeEnd: end, allowOutsideSchedule }: BenchSite['config']['miners'][number],
  hour: number,
): boolean {
  if (allowOutsideSchedule || start === null || end === null || start === end) return true;
  return start < end ? hour >= start && hour < end : hour >= start || hour < end;
}
