import { isLive, isReserved, yieldsTo } from './budget';
import type { LoadView, Tick } from './tick';

/** The running account of one tick: what is left for the next in the order of service. */
export class Serving {
  /** PV or load has been missing for half an hour. */
  surplusLost = false;
  private leftW = 0;
  private keptW = 0;
  private carriedW = 0;
  private unbookedW = 0;
  /** Somebody is being stopped and still on. */
  private someoneYields = false;

  constructor(private readonly tick: Tick) {}

  /** Opens the account with what cannot be asked to give way: reserved heaters, then miners, by priority. */
  open(surplusLost: boolean): void {
    const { tick } = this;
    this.surplusLost = surplusLost;
    this.leftW = tick.surplusW ?? 0;
    this.keptW = 0;
    this.carriedW = 0;
    this.unbookedW = 0;
    this.someoneYields = false;
    for (const load of tick.loads) {
      if (load.plan.kind === 'fan' || load.absent) continue;
      load.reserved = isReserved(tick, load);
      if (load.stopping && load.on) this.someoneYields = true;
      if (load.reserved) {
        this.book(load);
        tick.reservedW += load.drawW;
      } else if (isLive(load)) this.unbookedW += load.drawW;
    }
  }

  private book(load: LoadView): void {
    load.leftW = this.leftW;
    load.unreservedW = this.leftW - this.keptW;
    load.carriedBeforeW = this.carriedW;
    this.leftW -= load.drawW;
    this.carriedW += load.drawW;
    load.bookedW = load.drawW;
  }

  /** Books a load that draws power and is not reserved. */
  bookRunning(load: LoadView): void {
    if (load.reserved || !isLive(load)) return;
    this.unbookedW -= load.drawW;
    this.book(load);
  }

  /** Shows a load that is off what is left for it. */
  place(load: LoadView): void {
    load.leftW = this.leftW;
    load.carriedBeforeW = this.carriedW;
    if (this.someoneYields) {
      for (const other of this.tick.miners) {
        if (!yieldsTo(other, load)) continue;
        load.leftW += other.drawW;
        load.carriedBeforeW -= other.drawW;
      }
    }
    load.unreservedW = load.leftW - this.keptW;
  }

  bookStart(load: LoadView): void {
    load.bookedW = load.drawW;
    this.leftW -= load.drawW;
    this.carriedW += load.drawW;
  }

  /** Keeps the draw of a start due soon from those after it. */
  reserve(load: LoadView): void {
    load.bookedW = load.drawW;
    this.keptW += load.drawW;
  }

  /** Draw of everything live that has not been booked before this load, W. */
  lowerLiveW(load: LoadView): number {
    let stillOn = this.unbookedW;
    if (!this.someoneYields) return stillOn;
    for (const other of this.tick.miners) if (yieldsTo(other, load)) stillOn += other.drawW;
    return stillOn;
  }
}
