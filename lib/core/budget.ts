import { DISCHARGE_NOISE_W, importBlocks } from './battery-optimizer';
import { NONE } from './memory';
import { addedBackW } from './observer';
import { type LoadView, reached, type Tick } from './tick';

/** Of its draw, a running load must have this much, or its deficit counts (control.md §4). */
const DEFICIT_SHARE = 0.9;
/** Of a miner's draw, what a bank gives beyond the meters for inverter and wiring (simulation.md §3: 4–13 %). */
const LOSS_SHARE = 0.1;
const PROBE_RESET_MS = 30 * 60_000;
const PROBE_BACKOFF_MS = 30 * 60_000;
const PROBE_BACKOFF_LIMIT_MS = 4 * 60 * 60_000;

/** House, surplus, what the miners draw and who is running or ramping, from the measured powers (control.md §3). */
export function assessSurplus(tick: Tick): void {
  let addedBack = 0;
  for (const load of tick.loads) {
    addedBack += addedBackW(tick, load);
    if (load.plan.kind === 'fan') continue;
    if (load.plan.kind === 'miner') {
      if (load.on) tick.minersDrawW += load.measuredW ?? load.plan.ratedW;
      else if (load.unknown) tick.minersDrawW += load.plan.ratedW;
    }
    if ((load.on || load.pending) && isProbing(tick, load)) tick.probing = load;
    if (!load.ramping && !load.pending) continue;
    tick.ramping = load;
    if (load.ramping && load.measuredW === null && load.observation?.insideMeasuredLoad === true) {
      tick.unsureW += load.plan.ratedW;
    }
  }
  if (tick.loadW !== null) {
    tick.houseW = Math.max(0, tick.loadW - addedBack);
    if (tick.pvW !== null) tick.surplusW = tick.pvW - tick.houseW;
  }
  const { settledAt } = tick.memory;
  const { pvW, loadW } = tick.snapshot.power;
  tick.sampledSinceSettled =
    pvW !== null && loadW !== null && pvW.sampleAt > settledAt && loadW.sampleAt > settledAt;
}

/** Runs on hidden surplus that no measured surplus has explained yet. */
export function isProbing(tick: Tick, load: LoadView): boolean {
  const { probe, provenSince } = load.memory;
  return probe && (provenSince === NONE || provenSince >= tick.clock);
}

/** Whether a load draws power now, or may: what budget and inverter must carry. */
export function isLive(load: LoadView): boolean {
  return load.on || load.unknown || load.pending;
}

/** Has been told to give way to this load and is still on. */
export function yieldsTo(other: LoadView, load: LoadView): boolean {
  return (
    other.stopping &&
    other.on &&
    other.memory.stopGate === 'displaced' &&
    other.memory.displacedBy === load.id
  );
}

/** Loads that cannot be asked to give way: served before the others (control.md §3). */
export function isReserved(tick: Tick, load: LoadView): boolean {
  if (load.unknown || (load.stopping && load.on)) return true;
  if (!load.on) return false;
  if (load.override?.state === 'on' || !load.plan.enabled || !load.books) return true;
  return !reached(tick, load.memory.onSince, load.plan.minimumOnMs);
}

/** What of the pool a load may take, W. */
export function allowanceW(tick: Tick, load: LoadView, starting: boolean): number {
  const { plan } = load;
  const { controlV } = tick;
  if (load.override?.state === 'on') return tick.config.preferences.maxBatteryDischargeWatts;
  if (controlV === null || controlV < (starting ? plan.poolStartV : plan.poolRunV)) return 0;
  if (plan.miner === null) return tick.latched ? 0 : tick.poolW;
  return load.heats || !outsideSchedule(tick, load) ? tick.poolW : 0;
}

/** Has nothing until the bank has what the house's night needs. Whoever heats a room does more with the sun than that. */
function waitsForNight(tick: Tick, load: LoadView): boolean {
  return tick.nightFirst && load.plan.kind === 'miner' && !load.heats && load.override?.state !== 'on';
}

/** Surplus left plus what it may take of the pool, W; null when surplus is not known. */
export function availableW(tick: Tick, load: LoadView, leftW: number, starting: boolean): number | null {
  if (tick.surplusW === null) return null;
  return waitsForNight(tick, load) ? Math.min(0, leftW) : leftW + allowanceW(tick, load, starting);
}

/** Outside [start, end) of whole local hours; equal or one missing means no schedule. */
export function outsideSchedule(tick: Tick, load: LoadView): boolean {
  const { miner } = load.plan;
  if (miner === null) return false;
  const { preferTimeStart: start, preferTimeEnd: end } = miner;
  if (start === null || end === null || start === end) return false;
  const { localMinute } = tick.snapshot;
  const early = localMinute < 60 * start;
  const late = localMinute >= 60 * end;
  return start < end ? early || late : early && late;
}

/** Lives by surplus alone, so that it cannot go on without knowing it. */
export function livesBySurplus(tick: Tick, load: LoadView): boolean {
  const { miner, zone } = load.plan;
  if (load.override?.state === 'on') return false;
  if (miner === null) return zone?.onlyHeatWhenSolar === true;
  return (
    tick.config.preferences.operatingMode === 'conservative' ||
    miner.operatingMode === 'opportunistic' ||
    (!load.heats && (miner.requireExcessSolar || outsideSchedule(tick, load)))
  );
}

/** Once miners have taken all they may from the bank, what they lack counts in full (control.md §8, I13). */
export function deficitShare(tick: Tick, load: LoadView): number {
  return load.plan.kind === 'miner' && poolIsSpent(tick) ? 1 : DEFICIT_SHARE;
}

function poolIsSpent({ poolCapWms, memory }: Tick): boolean {
  return poolCapWms !== null && memory.takenWms >= poolCapWms;
}

/** Why a miner has nothing of the bank, or of the sun. */
export function bankNote(tick: Tick, load: LoadView): string | undefined {
  if (waitsForNight(tick, load)) return 'the battery is charged for the night first';
  if (load.plan.kind !== 'miner' || !poolIsSpent(tick) || livesBySurplus(tick, load)) return undefined;
  return 'miners have had their share of the battery until it is full';
}

/**
 * What a running miner still has once miners have taken all they may: what the bank is measured to give, losses
 * aside, it lacks, lowest priority first, whatever the meters of PV and load say (I13). Something may draw unseen.
 */
export function lessWhatTheBankGives(tick: Tick, load: LoadView, available: number | null): number | null {
  const { dischargeW, miners } = tick;
  if (available === null || dischargeW === null || load.plan.kind !== 'miner' || !poolIsSpent(tick)) {
    return available;
  }
  let givenW = dischargeW;
  let lowerW = 0;
  for (const other of miners) {
    if (!other.on) continue;
    const drawnW = other.measuredW ?? other.plan.ratedW;
    givenW -= LOSS_SHARE * drawnW;
    if (other.plan.index > load.plan.index) lowerW += drawnW;
  }
  return Math.min(available, load.drawW - Math.max(0, givenW - lowerW));
}

/**
 * Follows the deficit of a running load: ∫ max(0, 0.9 × draw − available) dt, draining likewise when positive.
 * True once it exceeds draw × stop delay × 0.5. In tenths of W·ms, so that whole watts add up exactly.
 */
export function trackDeficit(tick: Tick, load: LoadView, available: number | null): boolean {
  const { memory, drawW } = load;
  const limit = deficitLimit(load);
  if (available !== null) {
    const rate = deficitShare(tick, load) * 10 * drawW - 10 * (available + tick.unsureW);
    // No further than the limit: what it could not act upon during its minimum on-time must not linger.
    memory.deficit = Math.min(Math.max(0, memory.deficit + rate * tick.dt), limit + 1);
    if (rate > 0 && memory.deficit <= limit) {
      const dueMs = (limit - memory.deficit) / rate;
      if (dueMs < tick.nextMs) tick.nextMs = dueMs;
      if (load.dueMs === null || dueMs < load.dueMs) load.dueMs = dueMs;
    }
  }
  return memory.deficit > limit;
}

/** The deficit that a running load is forgiven, in tenths of W·ms. */
export function deficitLimit({ drawW, plan }: LoadView): number {
  return drawW * plan.stopDelayMs * 5;
}

/** Whether import beyond what is allowed must be ended by this load: surplus does not cover it. */
export function importsForIt(tick: Tick, load: LoadView): boolean {
  return importBlocks(tick) && (tick.surplusW === null || load.leftW < load.drawW);
}

/**
 * Heats a frozen bank while the sun is up and the bank gives nothing: as nothing may charge, PV follows the load, and
 * what is measured of it proves no lack (control.md §5).
 */
export function onFrozenSun(tick: Tick, load: LoadView): boolean {
  const heatsFrozen = load.plan.kind === 'miner' ? load.heatsFrozen : load.zone?.frozen === true;
  if (!heatsFrozen) return false;
  return tick.sunIsUp && tick.dischargeW !== null && tick.dischargeW <= DISCHARGE_NOISE_W;
}

/** While the array is throttled, or the bank frozen, what is measured of PV proves no lack for a load that runs. */
export function onHiddenSun(tick: Tick, load: LoadView): boolean {
  return tick.throttledToRun || onFrozenSun(tick, load);
}

/**
 * A probe whose run the measured surplus now explains is an ordinary run: another load may probe. So is one that hidden
 * sun has carried for as long as a failure is looked for: no meter will ever show what a throttled array could give.
 */
export function graduate(tick: Tick, load: LoadView, hasItsSun: boolean): void {
  const { memory, drawW, leftW } = load;
  if (!memory.probe || memory.provenSince !== NONE || load.ramping || !load.on) return;
  const explained = tick.surplusW !== null && leftW >= drawW && hasItsSun;
  const isLasting = onHiddenSun(tick, load) && reached(tick, memory.probeSince, PROBE_RESET_MS);
  if (explained || isLasting) memory.provenSince = tick.clock;
}

/** Whether a probe start may be tried now: one at a time, and not while the last failure is waited out. */
export function probeMayStart(tick: Tick, load: LoadView): boolean {
  return tick.loadW !== null && tick.probing === null && backoffOver(tick, load);
}

export function backoffOver(tick: Tick, load: LoadView): boolean {
  const { backoffSince, backoffMs } = load.memory;
  return backoffSince === NONE || reached(tick, backoffSince, backoffMs);
}

/** A probe that the budget ended within half an hour waits, longer each time; a longer run clears that. */
export function noteProbeEnd(tick: Tick, load: LoadView, byBudget: boolean): void {
  const { memory } = load;
  if (memory.probeSince === NONE) return;
  if (reached(tick, memory.probeSince, PROBE_RESET_MS)) {
    memory.backoffMs = 0;
    memory.backoffSince = NONE;
  } else if (byBudget) {
    memory.backoffMs = Math.min(Math.max(PROBE_BACKOFF_MS, 2 * memory.backoffMs), PROBE_BACKOFF_LIMIT_MS);
    memory.backoffSince = tick.clock;
  }
}
