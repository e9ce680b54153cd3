import { staysSpent } from './bank-energy';
import { DISCHARGE_NOISE_W, importBlocks, isHeld } from './battery-optimizer';
import { NONE } from './memory';
import { sunSuffices } from './miner-gates';
import type { LoadView, Tick, ZoneView } from './tick';
import type { FlipQuantity, MinerProfile } from './types';

/** Sums of watts that are formed in another order than the kernel's may differ in their last digits, W. */
const SLACK_W = 1;

/**
 * Whether a load that is off cannot start for as long as the readings of this tick stay what they are, whatever time
 * brings: a limit is missed that only readings can meet. False where that is not certain.
 */
export function cannotStart(tick: Tick, load: LoadView): boolean {
  if (hasOtherRules(tick, load)) return false;
  const { zone } = load;
  const { kind, miner } = load.plan;
  if (kind === 'fan' || !isVoltageCertain(tick)) return lacksTemperature(load);
  if (lacksVoltage(tick, load) || lacksTemperature(load)) return true;
  if (importBlocks(tick) && tick.gridW !== null) return true;
  if (miner !== null) return minerCannotStart(tick, load, miner);
  return zone !== null && heaterCannotStart(tick, load, zone);
}

/** The quantities of which a load that is off needs other values to start, whatever the values of all others. */
export function neededToStart(tick: Tick, load: LoadView): readonly FlipQuantity[] {
  if (hasOtherRules(tick, load)) return [];
  const needed: FlipQuantity[] = [];
  if (load.plan.kind !== 'fan' && isVoltageCertain(tick) && lacksVoltage(tick, load))
    needed.push('packVoltageV');
  if (lacksTemperature(load)) needed.push('zoneTemperatureC');
  return needed;
}

function hasOtherRules(tick: Tick, load: LoadView): boolean {
  // A start under way goes on by rules of its own.
  if (load.memory.pendingSince !== NONE) return true;
  // What an override starts asks less, and goes on as the rules' own start when it ends.
  return tick.config.overrides.some(({ loadId }) => loadId === load.id);
}

/** Where it is missing, it may only be frozen for now. */
function isVoltageCertain({ rawV, controlV, currentMissing }: Tick): boolean {
  return rawV !== null && controlV !== null && !currentMissing;
}

function lacksVoltage(tick: Tick, { plan: { miner } }: LoadView): boolean {
  if (tick.band === 'CRITICAL' || tick.band === 'SHUTDOWN') return true;
  if (miner === null) return false;
  const { rawV, controlV } = tick;
  return (
    (rawV ?? 0) <= miner.emergencyStopVoltage || (controlV ?? 0) < miner.startVoltage || staysLatched(tick)
  );
}

function lacksTemperature({ zone, plan: { kind } }: LoadView): boolean {
  if (zone === null) return false;
  if (kind === 'fan') return staysIdle(zone);
  return kind === 'miner' ? staysTooHot(zone) : zone.temperatureC !== null && !mayWantHeat(zone);
}

function minerCannotStart(tick: Tick, load: LoadView, miner: MinerProfile): boolean {
  const heated = tick.zones.filter((zone) => mayWantHeat(zone) && isSourceOf(load, zone));
  const mayFreeze = heated.some((zone) => isFrozen(tick, zone));
  if (mayProbe(tick, mayFreeze)) return overloadsInverter(tick, load);
  const excessW = (miner.requireExcessSolar ? miner.minimumExcessWatts : null) ?? Number.NEGATIVE_INFINITY;
  const lacksSun = !sunSuffices(tick, miner) || mostLeftW(tick, load, false) < excessW - SLACK_W;
  return (lacksSun && heated.length === 0) || lacksPower(tick, load);
}

function heaterCannotStart(tick: Tick, load: LoadView, zone: ZoneView): boolean {
  if (load.plan.ratedW === 0 || zone.temperatureC === null) return true;
  const frozen = isFrozen(tick, zone);
  if (staysLatched(tick) && !frozen) return true;
  if (mayProbe(tick, frozen)) return overloadsInverter(tick, load);
  const { onlyHeatWhenSolar, minimumSolarForHeatingWatts } = zone.plan.zone;
  const neededW = (onlyHeatWhenSolar ? minimumSolarForHeatingWatts : null) ?? Number.NEGATIVE_INFINITY;
  const lacksSun = (tick.pvW ?? Number.NEGATIVE_INFINITY) < neededW;
  return (lacksSun && !(frozen && tick.sunIsUp)) || lacksPower(tick, load);
}

/** A fan that has nothing to do, at a temperature that gives it nothing to do. */
function staysIdle({ temperatureC, memory }: ZoneView): boolean {
  return temperatureC !== null && !memory.cooling && memory.fanSpeed === 0;
}

function staysLatched(tick: Tick): boolean {
  return tick.latched && (tick.controlV ?? 0) < tick.config.preferences.voltageRestart;
}

/** Too hot for a miner, whether or not heat has stopped it before. */
function staysTooHot({ temperatureC, plan }: ZoneView): boolean {
  const { tempTooHot, tempHotOk } = plan.zone;
  if (temperatureC === null || tempTooHot === null) return false;
  return temperatureC >= tempTooHot && (tempHotOk === null || temperatureC > tempHotOk);
}

/** What does not ask for heat at these temperatures never will, unless a block by what nobody sees has yet to end. */
function mayWantHeat({ memory }: ZoneView): boolean {
  return memory.heating || memory.blockedUnknown;
}

function isSourceOf(load: LoadView, zone: ZoneView): boolean {
  return zone.plan.sources.some((source) => source?.index === load.plan.index);
}

function isFrozen(tick: Tick, zone: ZoneView): boolean {
  return zone.blocked || tick.memory.coldBlocked;
}

/** Whether hidden sun may be tried by and by, so that what is measured proves no lack. */
function mayProbe(tick: Tick, frozen: boolean): boolean {
  const { pvW, batteryW, controlV } = tick;
  if (pvW === null || pvW <= 0 || (batteryW !== null && -batteryW > DISCHARGE_NOISE_W)) return false;
  if (frozen && tick.sunIsUp) return true;
  return (
    !tick.chargingBlocked &&
    controlV !== null &&
    controlV > tick.config.preferences.voltageOptimalMax &&
    isHeld(tick)
  );
}

function lacksPower(tick: Tick, load: LoadView): boolean {
  // A miner must fit beside every load that is on, a heater beside the heaters.
  const mostW = mostLeftW(tick, load, load.plan.kind === 'miner') + mostAllowanceW(tick, load);
  return mostW < load.drawW - SLACK_W || overloadsInverter(tick, load);
}

/** The most surplus that can be left for it. */
function mostLeftW(tick: Tick, load: LoadView, besideMiners: boolean): number {
  if (tick.pvW === null) return Number.NEGATIVE_INFINITY;
  return tick.pvW - leastHouseW(tick) - liveW(tick, load, besideMiners);
}

/** Everything that is on counts as settled. */
function leastHouseW({ loads, loadW }: Tick): number {
  if (loadW === null) return Number.POSITIVE_INFINITY;
  let addedBackW = 0;
  for (const { on, observation, measuredW, plan } of loads) {
    if (on && observation?.insideMeasuredLoad === true) addedBackW += measuredW ?? plan.ratedW;
  }
  return Math.max(0, loadW - addedBackW);
}

/** Draw of the heaters that are on, and of all miners or those served before it; a load that books nothing need not fit. */
function liveW({ heaters, miners }: Tick, load: LoadView, besideMiners: boolean): number {
  if (!load.books) return 0;
  let sumW = 0;
  for (const { on, unknown, drawW } of heaters) if (on || unknown) sumW += drawW;
  for (const { on, unknown, drawW, plan, memory } of miners) {
    const isBefore = plan.index < load.plan.index && memory.displacedBy !== load.id;
    if (unknown || (on && (besideMiners || isBefore))) sumW += drawW;
  }
  return sumW;
}

function mostAllowanceW(tick: Tick, { plan }: LoadView): number {
  const { preferences } = tick.config;
  const { operatingMode, voltageOptimalMin } = preferences;
  const sunOnly =
    plan.miner === null
      ? plan.zone?.onlyHeatWhenSolar !== false || (tick.controlV ?? 0) < voltageOptimalMin
      : operatingMode === 'conservative' || plan.miner.operatingMode === 'opportunistic';
  return sunOnly || staysSpent(tick) ? 0 : preferences.maxBatteryDischargeWatts;
}

function overloadsInverter(tick: Tick, load: LoadView): boolean {
  const { inverterLimitW } = tick.plan;
  if (inverterLimitW === null) return false;
  return leastHouseW(tick) + liveW(tick, load, true) + load.drawW > inverterLimitW + SLACK_W;
}
