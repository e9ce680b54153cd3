import { minerLoadId } from '@/lib/core/loads';
import type { KernelConfig, MinerProfile, Snapshot } from '@/lib/core/types';
import type { Orders } from '../plant';
import type { Policy } from './policy';
import { Thermostat } from './thermostat';

/** How long a condition must hold before it counts, ms. */
export interface Delays {
  readonly enableMs: number;
  readonly disableMs: number;
}

/** Every threshold acts at the tick that meets it. */
export const NO_DELAYS: Delays = { enableMs: 0, disableMs: 0 };
/**
 * evcc's defaults for charging by surplus: enable after 1 min, disable after 3 (evcc-io/evcc, core/loadpoint.go,
 * NewLoadpoint, commit 003553f, read on 2026-11-25). Its delays alone, on our thresholds.
 */
export const EVCC_DELAYS: Delays = { enableMs: 60_000, disableMs: 180_000 };

/**
 * A naive reading of the V1.9 rules: start at or above the start voltage when hours, sun and excess allow it, stop
 * below the stop voltage or when they no longer do; emergency at once. With delays, the same after they have passed.
 * A reading counts as long as there is one, however old or odd.
 */
export class Thresholds implements Policy {
  readonly last = null;
  private readonly since = new Map<string, number>();
  private readonly thermostat: Thermostat;

  constructor(
    private readonly config: KernelConfig,
    private readonly delays: Delays,
  ) {
    this.thermostat = new Thermostat(config.zones);
  }

  decide(snapshot: Snapshot): Orders {
    const switches = new Map<string, boolean>();
    const fans = new Map<string, number>();
    const mayCharge = this.thermostat.order(snapshot, switches, fans);
    let excessW = (snapshot.power.pvW?.value ?? 0) - (snapshot.power.loadW?.value ?? 0);
    const byPriority = [...this.config.miners].sort((a, b) => a.priorityLevel - b.priorityLevel);
    for (const miner of byPriority) excessW += drawW(snapshot, miner);
    for (const miner of byPriority) {
      const on = this.wants(snapshot, miner, excessW);
      if (on !== null) switches.set(minerLoadId(miner.id), on);
      if (on ?? isOn(snapshot, miner)) excessW -= miner.powerDrawWatts;
    }
    return { switches, fans, mayCharge };
  }

  private wants(snapshot: Snapshot, miner: MinerProfile, excessW: number): boolean | null {
    const volt = snapshot.battery.packVoltageV?.value ?? null;
    if (volt === null) return null;
    const { voltageCriticalLow } = this.config.preferences;
    if (volt <= Math.max(miner.emergencyStopVoltage, voltageCriticalLow)) return false;
    const on = isOn(snapshot, miner);
    const allowed = allows(snapshot, miner, excessW);
    const changes = on ? volt < miner.stopVoltage || !allowed : volt >= miner.startVoltage && allowed;
    const id = miner.id;
    if (!changes) {
      this.since.delete(id);
      return null;
    }
    const since = this.since.get(id) ?? snapshot.now;
    this.since.set(id, since);
    if (snapshot.now - since < (on ? this.delays.disableMs : this.delays.enableMs)) return null;
    this.since.delete(id);
    return !on;
  }
}

/** Hours, sun and excess as the owner set them. */
export function allows(snapshot: Snapshot, miner: MinerProfile, excessW: number): boolean {
  if (!miner.enabled || !insideHours(snapshot, miner)) return false;
  if (miner.requireSunnyWeather && snapshot.sky.sunny === 'no') return false;
  if (!miner.requireExcessSolar) return true;
  const pvW = snapshot.power.pvW?.value ?? 0;
  return pvW >= (miner.minimumSolarProductionWatts ?? 0) && excessW >= (miner.minimumExcessWatts ?? 0);
}

function insideHours({ localMinute }: Snapshot, miner: MinerProfile): boolean {
  const { preferTimeStart: start, preferTimeEnd: end, allowOutsideSchedule } = miner;
  if (allowOutsideSchedule || start === null || end === null || start === end) return true;
  const hour = Math.floor(localMinute / 60);
  return start < end ? hour >= start && hour < end : hour >= start || hour < end;
}

export function isOn(snapshot: Snapshot, { id }: MinerProfile): boolean {
  const state = snapshot.loads[minerLoadId(id)]?.state;
  return state === 'on' || state === 'ramping';
}

function drawW(snapshot: Snapshot, { id }: MinerProfile): number {
  return snapshot.loads[minerLoadId(id)]?.powerW?.value ?? 0;
}
