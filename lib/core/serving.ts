import { isLive, isReserved, yieldsTo } from './budget';
import type { LoadView, Tick } from './tick';

/** The running account of one tick: what is left for the next in the order of service. */
export interface Serving {
  /** PV or load has been missing for half an hour. */
  readonly surplusLost: boolean;
  /** Books a load that draws power and is not reserved. */
  bookRunning(load: LoadView): void;
  /** Shows a load that is off what is left for it. */
  place(load: LoadView): void;
  bookStart(load: LoadView): void;
  /** Keeps the draw of a start due soon from those after it. */
  reserve(load: LoadView): void;
  /** Draw of everything live that has not been booked before this load, W. */
  lowerLiveW(load: LoadView): number;
}

/** Opens the account with what cannot be asked to give way: reserved heaters, then miners, by priority. */
export function openServing(tick: Tick, surplusLost: boolean): Serving {
  let leftW = tick.surplusW ?? 0;
  let keptW = 0;
  let carriedW = 0;
  let unbookedW = 0;

  const book = (load: LoadView): void => {
    load.leftW = leftW;
    load.unreservedW = leftW - keptW;
    load.carriedBeforeW = carriedW;
    leftW -= load.drawW;
    carriedW += load.drawW;
    load.bookedW = load.drawW;
  };
  for (const load of tick.loads) {
    if (load.plan.kind === 'fan' || load.absent) continue;
    load.reserved = isReserved(tick, load);
    if (load.reserved) {
      book(load);
      tick.reservedW += load.drawW;
    } else if (isLive(load)) unbookedW += load.drawW;
  }

  return {
    surplusLost,
    bookRunning(load) {
      if (load.reserved || !isLive(load)) return;
      unbookedW -= load.drawW;
      book(load);
    },
    place(load) {
      load.leftW = leftW;
      load.carriedBeforeW = carriedW;
      for (const other of tick.miners) {
        if (!yieldsTo(other, load)) continue;
        load.leftW += other.drawW;
        load.carriedBeforeW -= other.drawW;
      }
      load.unreservedW = load.leftW - keptW;
    },
    bookStart(load) {
      load.bookedW = load.drawW;
      leftW -= load.drawW;
      carriedW += load.drawW;
    },
    reserve(load) {
      load.bookedW = load.drawW;
      keptW += load.drawW;
    },
    lowerLiveW(load) {
      let stillOn = unbookedW;
      for (const other of tick.miners) if (yieldsTo(other, load)) stillOn += other.drawW;
      return stillOn;
    },
  };
}
