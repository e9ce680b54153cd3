import { minerLoadId } from '@/lib/core/loads';
import type { KernelConfig, Snapshot } from '@/lib/core/types';
import type { Orders } from '../plant';
import type { Policy } from './policy';
import { Thermostat } from './thermostat';

/** Follows a timetable, or (with none) runs no miner at all. */
export class Timetable implements Policy {
  readonly last = null;
  /** Per miner, one entry per slot: on or off. */
  slots: readonly (readonly boolean[])[] = [];
  startMs = 0;
  private readonly thermostat: Thermostat;

  constructor(
    private readonly config: KernelConfig,
    private readonly slotMs: number,
  ) {
    this.thermostat = new Thermostat(config.zones);
  }

  decide(snapshot: Snapshot): Orders {
    const switches = new Map<string, boolean>();
    const fans = new Map<string, number>();
    const mayCharge = this.thermostat.order(snapshot, switches, fans);
    const slot = Math.floor((snapshot.now - this.startMs) / this.slotMs);
    this.config.miners.forEach(({ id }, k) => {
      switches.set(minerLoadId(id), this.slots[k]?.[slot] ?? false);
    });
    return { switches, fans, mayCharge };
  }
}
