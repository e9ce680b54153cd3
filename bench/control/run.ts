import { Audit } from './audit';
import { WeakCell } from './drills';
import { storedKwh } from './energy';
import type { Figures } from './figures';
import { Judge } from './judge';
import { Plant } from './plant';
import { Ours } from './policies/ours';
import type { Policy } from './policies/policy';
import { Sensors } from './sensors';
import { type BenchSite, TICK_SECONDS } from './site';
import { type Conditions, STEP_SECONDS } from './weather';

const STEPS_PER_TICK = TICK_SECONDS / STEP_SECONDS;

export interface RunOptions {
  readonly site: BenchSite;
  readonly seed: number;
  readonly faulty: boolean;
  /** The bank has a weak cell. */
  readonly drilled: boolean;
  readonly policy: Policy;
  readonly conditions: Conditions;
}

/** One policy in one house: it goes on from conditions to conditions. */
export class Run {
  readonly plant: Plant;
  private readonly sensors: Sensors;
  private readonly weakCell: WeakCell | null;
  private readonly judge: Judge;
  /** The kernel alone gives reasons to be held against the truth. */
  private readonly audited: { readonly audit: Audit; readonly ours: Ours } | null;
  private readonly policy: Policy;
  private readonly site: BenchSite;

  constructor({ site, seed, faulty, drilled, policy, conditions }: RunOptions) {
    this.site = site;
    this.policy = policy;
    this.plant = new Plant(site, seed, conditions.temperatureC[0] ?? 15, conditions.startMs);
    this.sensors = new Sensors(site, seed, faulty);
    this.weakCell = drilled ? new WeakCell(site, seed, conditions.startMs) : null;
    this.judge = new Judge(site, this.plant, conditions.startMs);
    this.audited = policy instanceof Ours ? { audit: new Audit(site.config), ours: policy } : null;
  }

  /** Lets the days of `conditions` pass. `onTick` sees the house at the end of every tick. */
  advance(conditions: Conditions, onTick?: (plant: Plant, tick: number) => void): void {
    const { plant, sensors, judge, policy, weakCell, audited } = this;
    const ticks = conditions.pvPotentialW.length / STEPS_PER_TICK;
    for (let tick = 0; tick < ticks; tick += 1) {
      for (let step = 0; step < STEPS_PER_TICK; step += 1) {
        const index = tick * STEPS_PER_TICK + step;
        plant.step(conditions, index);
        weakCell?.pull(plant.state.battery, conditions.startMs + (index + 1) * STEP_SECONDS * 1000);
        judge.step(plant, conditions.houseW[index] ?? 0);
      }
      const now = conditions.startMs + (tick + 1) * TICK_SECONDS * 1000;
      const throttled = policy.last?.battery.throttled ?? false;
      const snapshot = sensors.look(plant, conditions, now, throttled);
      const before = audited?.audit.wantsMemory ? structuredClone(audited.ours.memory) : null;
      const orders = policy.decide(snapshot);
      if (audited?.ours.last) audited.audit.tick({ snapshot, before, result: audited.ours.last, plant });
      judge.tick(plant, snapshot, orders, policy.last);
      judge.changed(plant.obey(orders, now), policy.last, now);
      onTick?.(plant, tick);
    }
  }

  /** Energy in the bank now, kWh. */
  get storedKwh(): number {
    return storedKwh(this.plant.state.battery.soc, this.site.capacityAh);
  }

  finish(): Figures {
    return { ...this.judge.finish(this.plant), audit: this.audited?.audit.finish() ?? null };
  }
}
