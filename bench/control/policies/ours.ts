import { resultOf } from '@/lib/core/decide';
import { initialMemory } from '@/lib/core/memory';
import { Session } from '@/lib/core/session';
import type { DecideResult, KernelConfig, Memory, Snapshot } from '@/lib/core/types';
import type { Orders } from '../plant';
import type { Policy } from './policy';

/** The kernel as the worker runs it, without a worker. */
export class Ours implements Policy {
  last: DecideResult | null = null;
  private readonly session: Session;

  constructor(config: KernelConfig, startMs: number) {
    this.session = new Session(config, initialMemory(startMs));
  }

  /** What it will begin the next tick with; good until then. */
  get memory(): Memory {
    return this.session.memory;
  }

  decide(snapshot: Snapshot): Orders {
    const result = resultOf(this.session.advance(snapshot));
    this.last = result;
    const switches = new Map<string, boolean>();
    const fans = new Map<string, number>();
    for (const { loadId, kind, desired, fanSpeed } of result.decisions) {
      if (desired === null) continue;
      if (kind !== 'fan') switches.set(loadId, desired === 'on');
      else fans.set(loadId.replace(/^fan:/, ''), desired === 'on' ? (fanSpeed ?? 0) : 0);
    }
    return { switches, fans, mayCharge: result.chargePermission.permitted };
  }
}
