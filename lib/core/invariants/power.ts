import { MINUTE_MS, WMS_PER_WH } from '../units';
import type { Invariant, Marks } from './invariant';
import { importingMs } from './switching';
import type { WatchedLoad, WatchedTick } from './watch';

const RESERVE_MS = 10 * MINUTE_MS;
const IMPORT_MS = 30_000;
const FULL_TAIL_MS = 30 * MINUTE_MS;
const LARGEST_CORRECTION_V = 1.5;
const LEARNABLE_MS = 10 * MINUTE_MS;
/** Sums of measured watts are not exact. */
const EPSILON_W = 1e-6;

/** Of a load's draw, what the measured load contains for certain; 0 where nobody can know (control.md §3). */
function addedBackW(tick: WatchedTick, load: WatchedLoad): number {
  if (!load.on || load.seen?.insideMeasuredLoad !== true) return 0;
  if (load.measuredW !== null) return load.measuredW;
  const sampledAt = tick.snapshot.power.loadW?.sampleAt ?? Number.NEGATIVE_INFINITY;
  // A load that ramped for ten minutes without arriving counts as settled.
  const arrived = load.state === 'on' || (load.onForMs ?? 0) >= LEARNABLE_MS;
  return arrived && load.seenOnAt !== null && load.seenOnAt <= sampledAt ? load.ratedW : 0;
}

/** House load at least, W: everything that may be contained in the measured load taken out. */
function houseAtLeastW(tick: WatchedTick): number | null {
  if (tick.believed.loadW === null) return null;
  let houseW = tick.believed.loadW;
  for (const load of tick.loads) houseW -= addedBackW(tick, load);
  return Math.max(0, houseW);
}

/** PV − house at most, W. */
function surplusAtMostW(tick: WatchedTick): number | null {
  const houseW = houseAtLeastW(tick);
  return houseW === null || tick.believed.pvW === null ? null : tick.believed.pvW - houseW;
}

/** Cannot be asked to give way now (control.md §3). */
function isReserved(load: WatchedLoad): boolean {
  if (!load.live) return false;
  if (load.state === 'unknown' || load.override?.state === 'on' || !load.enabled) return true;
  if (load.stopping && load.decision.desired === 'off') return true;
  return (load.onForMs ?? 0) < load.minimumOnMs;
}

/** What of the pool this load could be allowed at the very most, W. */
function allowanceAtMostW(tick: WatchedTick, load: WatchedLoad, importing: boolean): number {
  const { preferences } = tick.config;
  const { maxBatteryDischargeWatts } = preferences;
  if (load.override?.state === 'on') return maxBatteryDischargeWatts;
  if (importing && !preferences.gridImportAllowed) return 0;
  if (load.miner === null) return load.zone?.onlyHeatWhenSolar === false ? maxBatteryDischargeWatts : 0;
  if (preferences.operatingMode === 'conservative' || load.miner.operatingMode === 'opportunistic') return 0;
  return maxBatteryDischargeWatts;
}

/** What starts of higher priority keep for themselves: nothing but times due within ten minutes is missing. */
function keptForHigherW(tick: WatchedTick, started: WatchedLoad): number {
  let keptW = 0;
  for (const load of tick.loads) {
    if (load === started) break;
    const { verdict, dueAt, bookedW } = load.decision;
    if (load.state !== 'off' || load.pending || load.seen?.controllable === false) continue;
    if (verdict !== 'WAIT' && verdict !== 'OVERRIDDEN' && verdict !== 'LOCKED_OUT') continue;
    const dueSoon = dueAt !== null && dueAt - tick.snapshot.now <= RESERVE_MS && load.miner !== null;
    keptW += Math.max(bookedW, dueSoon ? load.ratedW : 0);
  }
  return keptW;
}

/** Everything that must fit together in a tick with a start, with or without what is kept for others. */
function overdrawn(tick: WatchedTick, marks: Marks, withKept: boolean): string | null {
  const importing = importingMs(tick, marks) >= IMPORT_MS;
  for (const load of tick.loads) {
    if (!load.starts || load.decision.probe) continue;
    const surplusW = surplusAtMostW(tick);
    if (surplusW === null) return withKept ? null : `${load.id} starts without a known surplus`;
    const reservedW = tick.loads.reduce((sum, l) => sum + (l !== load && isReserved(l) ? l.drawW : 0), 0);
    const keptW = withKept ? keptForHigherW(tick, load) : 0;
    if (withKept && keptW === 0) return null;
    const haveW = surplusW + allowanceAtMostW(tick, load, importing);
    const wantW = reservedW + keptW + load.drawW;
    if (wantW > haveW + EPSILON_W) {
      return `${load.id}: ${reservedW} W reserved + ${keptW} W kept + ${load.drawW} W > ${haveW} W`;
    }
  }
  return null;
}

export const I4: Invariant = {
  name: 'I4',
  sentence:
    'With a start, everything reserved and it fit surplus and pool (a probe aside) and the inverter; an excess later lasts no longer than its energy over the stop delay.',
  check(tick, marks) {
    return overdrawn(tick, marks, false) ?? overloaded(tick) ?? lastingExcess(tick, marks);
  },
};

/** The verdict leaves it on. */
function isKept({ decision }: WatchedLoad): boolean {
  const { verdict, binding } = decision;
  return verdict === 'KEEP_RUNNING' || verdict === 'START' || (verdict === 'OVERRIDDEN' && binding === null);
}

/** Without a meter nobody sees a miner ramp: it takes up to two minutes to its full draw (simulation.md §3), ms. */
const UNSEEN_RAMP_MS = 120_000;

function mayRamp({ miner, measuredW, onForMs }: WatchedLoad): boolean {
  return miner !== null && measuredW === null && (onForMs ?? 0) <= UNSEEN_RAMP_MS;
}

/** At a start, house and everything live carry no more than nine tenths of the inverter. */
function overloaded(tick: WatchedTick): string | null {
  const { inverterMaxWatts } = tick.config.preferences;
  const started = tick.loads.find((load) => load.starts);
  if (started === undefined || inverterMaxWatts === null) return null;
  const houseW = houseAtLeastW(tick);
  if (houseW === null) return `${started.id} starts without a known load of the inverter`;
  const carriedW = tick.loads.reduce(
    (sum, l) => sum + (l.live || l.starts || l.pending ? l.drawW : 0),
    houseW,
  );
  const limitW = 0.9 * inverterMaxWatts;
  return carriedW > limitW + EPSILON_W
    ? `${started.id} starts: the inverter would carry ${carriedW} W of ${limitW} W`
    : null;
}

/**
 * What is kept on beyond surplus and the whole pool, as an energy (0.9 of each draw counts, as §4 has it). Judged
 * only where no exception can apply: past every minimum on-time, nothing ramping, bank neither full nor blocked.
 */
function lastingExcess(tick: WatchedTick, marks: Marks): string | null {
  const surplusW = surplusAtMostW(tick);
  const live = tick.loads.filter((load) => load.live);
  const plain =
    tick.snapshot.battery.chargeStage === 'bulk' &&
    tick.result.chargePermission.permitted &&
    tick.believed.voltageV !== null &&
    !tick.frozen &&
    live.every(
      (load) =>
        load.state === 'on' && isKept(load) && !mayRamp(load) && (load.onForMs ?? 0) > load.minimumOnMs,
    );
  if (!plain || surplusW === null || live.length === 0) {
    // What is not judged now is not held against it later either.
    delete marks.excess;
    return null;
  }
  const drawW = live.reduce((sum, load) => sum + load.drawW, 0);
  const delayMs = Math.max(...live.map((load) => load.stopDelayMs));
  const rateW = 0.9 * drawW - surplusW - tick.config.preferences.maxBatteryDischargeWatts;
  const energy = Math.max(0, (marks.excess ?? 0) + rateW * tick.dt);
  marks.excess = energy;
  const limit = drawW * (delayMs + 2000 * tick.snapshot.tickSeconds);
  if (energy <= limit) return null;
  return `${live.map((load) => load.id).join(', ')} stay on ${Math.round(energy / WMS_PER_WH)} Wh beyond surplus and pool`;
}

export const I8: Invariant = {
  name: 'I8',
  sentence: 'A load of unknown state is reserved at full draw and added back as zero.',
  check(tick) {
    const { reservedW, houseW } = tick.result.budget;
    let unknownW = 0;
    for (const load of tick.loads) {
      if (load.state !== 'unknown') continue;
      unknownW += load.ratedW;
      if (load.decision.bookedW < load.ratedW) {
        return `${load.id} is unknown and booked at ${load.decision.bookedW} W of ${load.ratedW} W`;
      }
    }
    if (unknownW === 0) return null;
    if (reservedW < unknownW - EPSILON_W) return `${reservedW} W reserved, ${unknownW} W are unknown`;
    const leastW = houseAtLeastW(tick);
    return leastW !== null && houseW !== null && houseW < leastW - EPSILON_W
      ? `house ${houseW} W: something unknown was added back, at least ${leastW} W`
      : null;
  },
};

export const I10: Invariant = {
  name: 'I10',
  sentence: 'Nothing of a lower priority starts on power reserved for a higher; a displaced one is stopped.',
  check(tick, marks) {
    return overdrawn(tick, marks, true);
  },
};

export const I13: Invariant = {
  name: 'I13',
  sentence:
    'Energy that miners took since the bank was last full stays within its cap and one stop delay (each kept on at no more than a tenth of its draw after that).',
  check(tick, marks) {
    const { preferences } = tick.config;
    const { batteryCapacityAh } = preferences;
    if (batteryCapacityAh === null) return null;
    if (isFull(tick, marks, batteryCapacityAh)) {
      marks.takenWh = 0;
      marks.overWh = 0;
      return null;
    }
    const capWh =
      (preferences.maxBatteryDischargePercent / 100) * batteryCapacityAh * preferences.batteryNominalVoltage;
    const running = tick.loads.filter((load) => load.miner !== null && load.on);
    const drawW = running.reduce((sum, load) => sum + (load.measuredW ?? load.ratedW), 0);
    const { batteryW } = tick.believed;
    const hours = tick.dt / WMS_PER_WH;
    if (batteryW !== null) {
      marks.takenWh = (marks.takenWh ?? 0) + Math.max(0, Math.min(-batteryW, drawW)) * hours;
    }
    const over = (marks.takenWh ?? 0) > capWh;
    const judged =
      over &&
      running.length > 0 &&
      tick.believed.pvW !== null &&
      tick.believed.loadW !== null &&
      tick.believed.voltageV !== null &&
      !tick.frozen &&
      running.every(
        (load) =>
          load.state === 'on' &&
          load.override === null &&
          isKept(load) &&
          (load.onForMs ?? 0) > load.minimumOnMs,
      );
    if (!judged || batteryW === null) {
      marks.overWh = 0;
      return null;
    }
    const ratedW = running.reduce((sum, load) => sum + load.drawW, 0);
    const rateW = Math.min(-batteryW, drawW) - 0.1 * ratedW;
    marks.overWh = Math.max(0, (marks.overWh ?? 0) + rateW * hours);
    const delayMs = Math.max(...running.map((load) => load.stopDelayMs));
    const limitWh = (ratedW * (delayMs + 2000 * tick.snapshot.tickSeconds)) / WMS_PER_WH;
    if (marks.overWh <= limitWh) return null;
    return `${running.map((load) => load.id).join(', ')} took ${Math.round(marks.takenWh ?? 0)} Wh of ${Math.round(capWh)} Wh and go on`;
  },
};

/** The bank may count as full: anything that could be read so ends what was taken. */
function isFull(tick: WatchedTick, marks: Marks, capacityAh: number): boolean {
  const { preferences } = tick.config;
  const { voltageV, currentA } = tick.believed;
  if (tick.snapshot.battery.chargeStage === 'float') return true;
  const slackV = preferences.sagCompensation === 'off' ? 0 : LARGEST_CORRECTION_V;
  const tail =
    voltageV !== null &&
    currentA !== null &&
    voltageV >= preferences.voltageFloat - slackV &&
    currentA < 0.05 * capacityAh;
  if (!tail) {
    delete marks.tail;
    return false;
  }
  marks.tail ??= tick.clock;
  return tick.clock - marks.tail >= FULL_TAIL_MS;
}
