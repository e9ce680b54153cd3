import { MINUTE_MS } from '../units';
import { believedTemperature } from './believe';
import { heldMs, type Invariant, type Marks } from './invariant';
import type { WatchedLoad, WatchedTick } from './watch';

const LATCH_RELEASE_MS = 2 * MINUTE_MS;
const LOCK_OUT_MS = 15 * MINUTE_MS;
const DISPLACED_MS = 30 * MINUTE_MS;
const HEATER_WITHIN_MS = 15 * MINUTE_MS;
/** A second source is asked when the first has been held back this long. */
const SECOND_SOURCE_MS = 15 * MINUTE_MS;
/** The longest wait after a probe that failed. */
const PROBE_BACKOFF_MS = 4 * 60 * MINUTE_MS;
const FROZEN_MS = 10 * MINUTE_MS;
/** After so many nights without a full bank the house's night may come before any miner. */
const DULL_NIGHTS = 4;
/** An unmetered miner counts as ramping for two minutes. */
const UNMETERED_RAMP_MS = 3 * MINUTE_MS;

/**
 * Liveness, judged only where no rule can possibly hold a start back: enough surplus for every load at once, a
 * voltage above everything it is compared with, no compensation, nobody ramping. There a start must follow.
 */
export const I14: Invariant = {
  name: 'I14',
  sentence:
    'All gates met and untouched for hold + ramp + stagger ⇒ a start; frozen with sun up and a reachable heater ⇒ heater on within 15 min.',
  check(tick, marks) {
    noteStops(tick, marks);
    noteImport(tick, marks);
    noteVoltage(tick, marks);
    noteNights(tick, marks);
    const quiet = isQuiet(tick, marks);
    let found: string | null = null;
    for (const load of tick.loads) {
      const { zone, miner } = load;
      if (miner !== null) {
        const heldFor = heldMs(
          marks,
          `met ${load.id}`,
          tick.clock,
          quiet && minerMayStart(tick, load, marks),
        );
        const withinMs =
          LATCH_RELEASE_MS + miner.startHysteresisMinutes * MINUTE_MS + 4000 * tick.snapshot.tickSeconds;
        if (heldFor !== null && heldFor > withinMs) {
          found ??= `${load.id} could have started for ${heldFor / 1000} s: ${load.decision.verdict} (${load.decision.binding})`;
        }
      } else if (zone !== null) {
        const met = quiet && frozenHeaterMayStart(tick, load, marks);
        const heldFor = heldMs(marks, `met ${load.id}`, tick.clock, met);
        const second = zone.heatingPriority1 === 'heater' ? 0 : SECOND_SOURCE_MS;
        if (heldFor !== null && heldFor > HEATER_WITHIN_MS + second) {
          found ??= `${load.id} of a frozen bank has been off in the sun for ${heldFor / 1000} s: ${load.decision.verdict} (${load.decision.binding})`;
        }
      }
    }
    return found;
  },
};

/** What makes a load wait for a known time. */
function noteStops(tick: WatchedTick, marks: Marks): void {
  for (const { id, decision } of tick.loads) {
    if (decision.verdict === 'EMERGENCY_STOP') marks[`emergency ${id}`] = tick.clock;
    if (decision.verdict !== 'STOP') continue;
    if (decision.binding === 'displaced') marks[`displaced ${id}`] = tick.clock;
    marks[`stop ${id}`] = tick.clock;
  }
}

function since(tick: WatchedTick, marks: Marks, name: string): number {
  return tick.clock - (marks[name] ?? Number.NEGATIVE_INFINITY);
}

/** Nothing is under way, and time moves: one start does not have to wait for another. */
function isQuiet(tick: WatchedTick, marks: Marks): boolean {
  const { voltageV, pvW, loadW } = tick.believed;
  if (tick.config.controlMode !== 'automatic' || tick.restarted || tick.dt === 0) return false;
  if (voltageV === null || pvW === null || loadW === null) return false;
  // A voltage that stands still may be called frozen.
  if (since(tick, marks, 'voltageSince') >= FROZEN_MS) return false;
  const sampledAt = Math.min(
    tick.snapshot.power.pvW?.sampleAt ?? 0,
    tick.snapshot.power.loadW?.sampleAt ?? 0,
  );
  return tick.loads.every(
    (load) =>
      load.state !== 'ramping' &&
      !load.sendsOn &&
      (load.seenOnAt === null || load.seenOnAt < sampledAt) &&
      (!load.on || hasSettled(load)) &&
      !(load.on && load.decision.probe),
  );
}

/** No rule can still take it for ramping. */
function hasSettled(load: WatchedLoad): boolean {
  if (load.measuredW !== null) return load.measuredW >= 0.9 * load.ratedW;
  return load.miner === null || (load.onForMs ?? 0) > UNMETERED_RAMP_MS;
}

function isAvailable(load: WatchedLoad): boolean {
  return (
    load.state === 'off' &&
    load.seen?.reachable === true &&
    load.acts &&
    load.enabled &&
    load.override === null &&
    load.ratedW > 0 &&
    load.startsBefore < 12 &&
    (load.offForMs ?? 0) >= load.minimumOffMs
  );
}

/** The most that can come before it: whatever draws power, every heater, every miner of no lower priority. */
function aheadW(tick: WatchedTick, load: WatchedLoad): number {
  const level = load.miner?.priorityLevel ?? 0;
  let sum = 0;
  for (const other of tick.loads) {
    if (other === load) continue;
    if (other.live || (other.miner?.priorityLevel ?? 0) <= level) sum += other.drawW;
  }
  return sum;
}

function inverterCarries(tick: WatchedTick, load: WatchedLoad): boolean {
  const { inverterMaxWatts } = tick.config.preferences;
  if (inverterMaxWatts === null) return true;
  return (tick.believed.loadW ?? 0) + aheadW(tick, load) + load.drawW <= 0.9 * inverterMaxWatts;
}

/** A meter that fell silent while importing may well import still. */
function imports(marks: Marks): boolean {
  return marks.imported === 1;
}

function noteImport({ snapshot }: WatchedTick, marks: Marks): void {
  const { gridW } = snapshot.power;
  if (gridW !== null) marks.imported = gridW.value > 100 ? 1 : 0;
}

/** Since when the voltage stands still, whatever the other meters do meanwhile. */
function noteVoltage({ believed: { voltageV }, clock }: WatchedTick, marks: Marks): void {
  if (voltageV === null || marks.voltage === voltageV) return;
  marks.voltage = voltageV;
  marks.voltageSince = clock;
}

/** Changes of the local date since the bank was full for certain. */
function noteNights({ snapshot, believed, frozen }: WatchedTick, marks: Marks): void {
  const day = Date.parse(snapshot.localDate);
  if (marks.day !== undefined && marks.day !== day) marks.nights = (marks.nights ?? 0) + 1;
  marks.day = day;
  const { voltageV, batteryW } = believed;
  const rests = voltageV !== null && batteryW !== null && batteryW >= 0 && !frozen;
  if (rests && snapshot.battery.chargeStage === 'float') marks.nights = 0;
}

function minerMayStart(tick: WatchedTick, load: WatchedLoad, marks: Marks): boolean {
  const { config, believed, snapshot } = tick;
  const { preferences } = config;
  const { miner } = load;
  const { voltageV, pvW, loadW } = believed;
  if (miner === null || voltageV === null || pvW === null || loadW === null) return false;
  if ((marks.nights ?? 0) >= DULL_NIGHTS) return false;
  if (!isAvailable(load) || imports(marks) || !inverterCarries(tick, load)) return false;
  if (preferences.sagCompensation !== 'off' || miner.maximumRuntimeHours !== null) return false;
  // Measured load contains every draw once more, so this is less than any surplus the rules may see.
  const leastSurplusW = pvW - loadW - aheadW(tick, load);
  if (leastSurplusW < Math.max(load.drawW, miner.minimumExcessWatts ?? 0)) return false;
  if (pvW < (miner.minimumSolarProductionWatts ?? 0)) return false;
  if (miner.requireSunnyWeather && snapshot.sky.sunny === 'no') return false;
  if (!miner.allowOutsideSchedule && miner.preferTimeStart !== null && miner.preferTimeEnd !== null) {
    return false;
  }
  const neededV = Math.max(
    miner.startVoltage,
    miner.emergencyStopVoltage + 0.5,
    preferences.voltageRestart,
    preferences.voltageLow + 0.01,
  );
  if (voltageV < neededV) return false;
  const ohm = config.resistance?.highOhm ?? (preferences.internalResistanceMohm ?? 0) / 1000;
  if (voltageV - (load.drawW / (0.95 * voltageV)) * ohm < miner.stopVoltage) return false;
  if (since(tick, marks, `emergency ${load.id}`) < LOCK_OUT_MS) return false;
  if (since(tick, marks, `displaced ${load.id}`) < DISPLACED_MS) return false;
  return isCool(tick, load);
}

function isCool(tick: WatchedTick, load: WatchedLoad): boolean {
  const { zone } = load;
  if (zone === null || zone.tempTooHot === null) return true;
  const zoneC = believedTemperature(tick.snapshot.zones[zone.id]?.temperatureC ?? null, tick.config);
  return zoneC !== null && zoneC < Math.min(zone.tempTooHot, zone.tempHotOk ?? zone.tempTooHot);
}

function frozenHeaterMayStart(tick: WatchedTick, load: WatchedLoad, marks: Marks): boolean {
  const { config, believed, snapshot } = tick;
  const { preferences } = config;
  const { zone } = load;
  const { voltageV, pvW, batteryW } = believed;
  if (zone === null || zone.blockChargingBelowTemp === null || voltageV === null || pvW === null)
    return false;
  if (!isAvailable(load) || imports(marks) || !inverterCarries(tick, load)) return false;
  const zoneC = believedTemperature(snapshot.zones[zone.id]?.temperatureC ?? null, config);
  if (zoneC === null || zoneC >= zone.blockChargingBelowTemp) return false;
  const hotC = zone.tempHotOk ?? zone.tempTooHot;
  if (hotC !== null && zoneC >= hotC) return false;
  if (preferences.sagCompensation !== 'off' || voltageV <= preferences.voltageCriticalLow) return false;
  const sunIsUp = pvW > 0 && (snapshot.sky.clearSkyW === null || snapshot.sky.clearSkyW > 200);
  // A resting or charging bank: nothing but the sun will feed the heater.
  if (!sunIsUp || batteryW === null || batteryW < 0) return false;
  // The first source serves it.
  if (tick.loads.some((l) => l.miner !== null && l.live && l.miner.id === zone.heatingMinerId)) return false;
  return since(tick, marks, `stop ${load.id}`) >= PROBE_BACKOFF_MS;
}
