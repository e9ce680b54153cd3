import { minerLoadId } from '@/lib/core/loads';
import type { KernelConfig, MinerProfile, Snapshot } from '@/lib/core/types';
import type { Orders } from '../plant';
import type { Policy } from './policy';
import { Thermostat } from './thermostat';
import { allows, isOn } from './thresholds';

/**
 * Defaults of one such automation: a look every 30 s, on above 200 W of averaged excess, off below −50 W, at least
 * 300 s between changes (InventoCasa/PV-Excess-Control, const.py, commit 06d6da7, read on 2026-11-25). Its planner,
 * tariffs and battery strategies are not modelled.
 */
const CYCLE_MS = 30_000;
const ON_EXCESS_W = 200;
const OFF_EXCESS_W = -50;
/** Assumed: the window over which excess is averaged, and the charge below which loads are shed. */
const WINDOW_MS = 5 * 60_000;
const LOWEST_SOC_PCT = 20;

/** Surplus by priority: on when the averaged excess carries it, shed from the bottom, minimum times as configured. */
export class Cascade implements Policy {
  readonly last = null;
  private readonly thermostat: Thermostat;
  private readonly changedAt = new Map<string, number>();
  private readonly miners: readonly MinerProfile[];
  private samples: { at: number; excessW: number }[] = [];
  private cycle = -1;

  constructor(config: KernelConfig) {
    this.thermostat = new Thermostat(config.zones);
    this.miners = [...config.miners].sort((a, b) => a.priorityLevel - b.priorityLevel);
  }

  decide(snapshot: Snapshot): Orders {
    const switches = new Map<string, boolean>();
    const fans = new Map<string, number>();
    const mayCharge = this.thermostat.order(snapshot, switches, fans);
    const cycle = Math.floor(snapshot.now / CYCLE_MS);
    if (cycle !== this.cycle) {
      this.cycle = cycle;
      this.look(snapshot, switches);
    }
    return { switches, fans, mayCharge };
  }

  private look(snapshot: Snapshot, switches: Map<string, boolean>): void {
    const { now } = snapshot;
    const { pvW, loadW } = snapshot.power;
    if (pvW && loadW) this.samples.push({ at: now, excessW: pvW.value - loadW.value });
    this.samples = this.samples.filter(({ at }) => at > now - WINDOW_MS);
    const low = (snapshot.battery.reportedSocPct?.value ?? 0) < LOWEST_SOC_PCT;
    if (this.samples.length < 3 && !low) return;
    let averageW = this.samples.reduce((sum, { excessW }) => sum + excessW, 0) / this.samples.length;
    let instantW = this.samples.at(-1)?.excessW ?? 0;
    for (const miner of this.miners) {
      const on = isOn(snapshot, miner);
      if (on || low || !this.mayChange(miner.id, now, miner.minimumOffMinutes)) continue;
      if (!allows(snapshot, miner, averageW) || averageW < miner.powerDrawWatts + ON_EXCESS_W) continue;
      this.change(miner, true, now, switches);
      averageW -= miner.powerDrawWatts;
      instantW -= miner.powerDrawWatts;
    }
    for (const miner of [...this.miners].reverse()) {
      if (!isOn(snapshot, miner) || !this.mayChange(miner.id, now, miner.minimumOnMinutes)) continue;
      if (!low && instantW >= OFF_EXCESS_W) break;
      this.change(miner, false, now, switches);
      instantW += miner.powerDrawWatts;
    }
  }

  private mayChange(id: string, now: number, minutes: number): boolean {
    return now - (this.changedAt.get(id) ?? 0) >= minutes * 60_000;
  }

  private change(miner: MinerProfile, on: boolean, now: number, switches: Map<string, boolean>): void {
    this.changedAt.set(miner.id, now);
    switches.set(minerLoadId(miner.id), on);
    // What was averaged before no longer holds.
    for (const sample of this.samples) sample.excessW += on ? -miner.powerDrawWatts : miner.powerDrawWatts;
  }
}
