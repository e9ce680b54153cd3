import { DISCHARGE_NOISE_W, importBlocks } from './battery-optimizer';
import { NONE } from './memory';
import { reached, since, type Tick } from './tick';

/** A bank held at float is full once it has taken less than this for as long, in units of its capacity per hour. */
const FULL_TAIL_C = 0.05;
const FULL_TAIL_MS = 30 * 60_000;
/** A current this far below zero is still rest, same unit. */
const REST_C = 0.01;
/** A night may take this much more than the last. */
const NIGHT_MARGIN = 1.1;
/** Of an older, larger need, what a day leaves. */
const NEED_FADES_TO = 0.8;
/** After so many nights without a full bank the sun cannot be counted on to fill it. */
const DULL_NIGHTS = 4;
/** What a bank keeps of what it is given, the charger's losses included (simulation.md §2: 95–97 % both ways). */
const CHARGE_EFFICIENCY = 0.95;

/**
 * What the bank holds, what the house needs of it, and what of it miners may take: sets the pool, and whether the
 * house's night comes first (control.md §3, docs/adr/0001).
 */
export function assessBankEnergy(tick: Tick): void {
  const { memory, dischargeW, minersDrawW } = tick;
  // Without any meter of the bank everything they draw is taken to come from it.
  const takingW = Math.round(
    dischargeW === null ? minersDrawW : Math.min(Math.max(0, dischargeW), minersDrawW),
  );
  const full = isFull(tick);
  memory.takenWms = full ? 0 : memory.takenWms + takingW * tick.dt;
  const houseTakesW = dischargeW === null ? 0 : Math.max(0, Math.round(dischargeW) - takingW);
  followHouseNeed(tick, houseTakesW);
  followStored(tick, full);
  assessNight(tick, houseTakesW);

  const cap = poolCapWms(tick);
  tick.poolCapWms = cap;
  const left = cap === null ? 0 : cap - memory.takenWms;
  if (left > 0 && takingW > 0) tick.nextMs = Math.min(tick.nextMs, left / takingW);
  tick.poolW = left <= 0 || importBlocks(tick) ? 0 : tick.config.preferences.maxBatteryDischargeWatts;
}

/** Counts what all but the miners take from the bank, by local days. */
function followHouseNeed(tick: Tick, houseTakesW: number): void {
  const { memory } = tick;
  if (tick.newDay) {
    memory.nightsSinceFull += 1;
    // A bank that ran low may have given less than was needed: that is no smaller need.
    const left = memory.storedWms === NONE ? NEED_FADES_TO : 1;
    memory.houseNeedWms = Math.max(memory.houseTodayWms, Math.round(left * memory.houseNeedWms));
    memory.houseTodayWms = 0;
  }
  memory.houseTodayWms += houseTakesW * tick.dt;
}

/** Counts what the bank holds from where it ran low, until it is full again. */
function followStored(tick: Tick, full: boolean): void {
  const { memory, dischargeW } = tick;
  const { bankWms } = tick.plan;
  if (bankWms === null) return;
  if (full) {
    memory.storedWms = NONE;
    memory.nightsSinceFull = 0;
    return;
  }
  // Without a meter nothing could be counted from there on.
  if (dischargeW === null) return;
  if (isLow(tick)) memory.storedWms = 0;
  else if (memory.storedWms !== NONE) {
    const gained = Math.round(gainedW(dischargeW)) * tick.dt;
    memory.storedWms = Math.min(bankWms, Math.max(0, memory.storedWms + gained));
  }
}

/** Whether a bank that ran low has yet to be given what the house's next night needs, in days that do not fill it. */
function assessNight(tick: Tick, houseTakesW: number): void {
  const { memory, dischargeW } = tick;
  if (memory.storedWms === NONE || memory.nightsSinceFull < DULL_NIGHTS) return;
  const grows = memory.houseTodayWms >= memory.houseNeedWms;
  const needWms = NIGHT_MARGIN * Math.max(memory.houseTodayWms, memory.houseNeedWms);
  const beyondWms = memory.storedWms - needWms;
  tick.nightFirst = beyondWms < 0;
  if (dischargeW === null || isLow(tick)) return;
  const rate = Math.round(gainedW(dischargeW)) - (grows ? NIGHT_MARGIN * houseTakesW : 0);
  if (beyondWms * rate < 0) tick.nextMs = Math.min(tick.nextMs, Math.max(1, -beyondWms / rate));
  if (!grows && houseTakesW > 0) {
    tick.nextMs = Math.min(tick.nextMs, (memory.houseNeedWms - memory.houseTodayWms) / houseTakesW);
  }
}

const isLow = ({ band }: Tick): boolean => band === 'LOW' || band === 'CRITICAL' || band === 'SHUTDOWN';
const gainedW = (dischargeW: number): number => -dischargeW * (dischargeW > 0 ? 1 : CHARGE_EFFICIENCY);

/**
 * What miners may take of the bank until it is full again, W·ms: the owner's cap, and no more than leaves the house
 * its night (docs/adr/0001). Without a meter of the bank the house's need is not known, and the cap alone holds.
 */
function poolCapWms({ plan, memory }: Tick): number | null {
  if (plan.poolCapWms === null || plan.bankWms === null) return null;
  const leftWms = plan.bankWms - NIGHT_MARGIN * memory.houseNeedWms;
  return Math.max(0, Math.min(plan.poolCapWms, leftWms));
}

function isFull(tick: Tick): boolean {
  const { memory, dischargeW, minersDrawW } = tick;
  memory.tailSince = since(tick, memory.tailSince, isTail(tick));
  // A charger may say float long after dark. Without a meter the bank rests while no miner draws.
  const rests = dischargeW === null ? minersDrawW === 0 : dischargeW <= DISCHARGE_NOISE_W;
  if (tick.rawV !== null && rests && tick.snapshot.battery.chargeStage === 'float') return true;
  return memory.tailSince !== NONE && reached(tick, memory.tailSince, FULL_TAIL_MS);
}

function isTail({ controlV, currentA, config }: Tick): boolean {
  const { batteryCapacityAh, voltageFloat } = config.preferences;
  return (
    controlV !== null &&
    currentA !== null &&
    batteryCapacityAh !== null &&
    controlV >= voltageFloat &&
    currentA < FULL_TAIL_C * batteryCapacityAh &&
    currentA >= -REST_C * batteryCapacityAh
  );
}

/** Whether miners have nothing more of the bank for as long as its readings stay what they are at this tick. */
export function staysSpent(tick: Tick): boolean {
  const { plan, memory, batteryW, snapshot } = tick;
  if (plan.poolCapWms === null) return true;
  const floats =
    snapshot.battery.chargeStage === 'float' && (batteryW === null || -batteryW <= DISCHARGE_NOISE_W);
  return memory.takenWms >= plan.poolCapWms && !floats && !isTail(tick);
}
