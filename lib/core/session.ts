import { assessBankEnergy } from './bank-energy';
import { assessBattery, assessThrottling } from './battery-optimizer';
import { beginTick, openTick } from './begin-tick';
import { assessSurplus } from './budget';
import { assessChargeBlock } from './charge-block';
import { coordinateHeaters } from './heating';
import { coordinateFans, followSources, requestHeat } from './hvac-controller';
import { coordinateMiners } from './miner-coordinator';
import { assessImport } from './observer';
import { readInputs, surplusLost } from './sanitise';
import { Serving } from './serving';
import type { Tick } from './tick';
import type { DecideInput, KernelConfig, Memory, Snapshot } from './types';

/**
 * The kernel as a fold: one tick after the other from one memory, in place, so that a year can be replayed in
 * seconds. `decide` is a session of one tick. Throws RangeError on a memory of another schema version.
 */
export class Session {
  private readonly tick: Tick;
  private readonly serving: Serving;

  /** `traceId`: the load of which every gate is collected, or `ALL_LOADS`. `memory` is left as it is. */
  constructor(config: KernelConfig, memory: Memory, traceId: string | null = null) {
    this.tick = openTick(config, memory, traceId);
    this.serving = new Serving(this.tick);
  }

  /** What it remembers after the last tick; the next one changes it. */
  get memory(): Memory {
    return this.tick.memory;
  }

  /**
   * One tick, controller after controller: what is observed, what is measured, charge block, battery, budget,
   * cooling, heating, miners. What it returns is good until the next call. A snapshot may be the last one with other
   * values in it, but `loads` and `zones` of one object always hold the same objects.
   */
  advance(snapshot: Snapshot): Tick {
    const { tick, serving } = this;
    beginTick(tick, snapshot);
    readInputs(tick);
    assessImport(tick);
    assessChargeBlock(tick);
    assessBattery(tick);
    assessThrottling(tick);
    assessSurplus(tick);
    assessBankEnergy(tick);
    coordinateFans(tick);
    const lost = surplusLost(tick);
    requestHeat(tick, lost);
    serving.open(lost);
    coordinateHeaters(tick, serving);
    coordinateMiners(tick, serving);
    followSources(tick);
    return tick;
  }
}

/** A single tick from a memory that is left as it is. */
export function step({ snapshot, config, memory }: DecideInput, traceId: string | null = null): Tick {
  return new Session(config, memory, traceId).advance(snapshot);
}
