import { availableW, graduate, isLive, onFrozenSun, onHiddenSun, probeMayStart } from './budget';
import { gate, isSettled } from './gate-run';
import { coldOk, heatGates, lacksSun } from './hvac-controller';
import { NONE } from './memory';
import { overriddenOff } from './miner-coordinator';
import {
  budgetGate,
  economicGate,
  freshFact,
  importStopGate,
  lowBandGate,
  minimumOnFact,
  noteDue,
  RUN_SHARE,
} from './run-gates';
import type { Serving } from './serving';
import {
  deviceGates,
  followsGate,
  holdGate,
  importGate,
  ownerGates,
  powerGates,
  probeGate,
  restGates,
  staggerGate,
  voltageGate,
} from './start-gates';
import { type LoadView, reached, since, type Tick, type ZoneView } from './tick';
import { cannotDecide, keepRunning, keepStarting, start, stop, wait } from './verdict';

/** A heater on sun alone ends when the bank gives this share of its draw for this long (control.md §5). */
const DRAIN_SHARE = 0.1;
const DRAIN_MS = 60_000;

/** Decides every heater, in the order of their zones' names. */
export function coordinateHeaters(tick: Tick, serving: Serving): void {
  for (const load of tick.heaters) serving.bookRunning(load);
  for (const load of tick.heaters) if (load.zone !== null) decideHeater(tick, load, load.zone, serving);
}

function decideHeater(tick: Tick, load: LoadView, zone: ZoneView, serving: Serving): void {
  if (!isLive(load)) {
    decideOff(tick, load, zone, serving);
    return;
  }
  if (tick.rawV !== null && (tick.band === 'CRITICAL' || tick.band === 'SHUTDOWN'))
    stop(tick, load, 'band', true);
  else if (tick.config.controlMode === 'paused') stop(tick, load, 'mode', false);
  else if (load.override?.state === 'off') overriddenOff(tick, load);
  else if (!load.plan.enabled && load.override === null) stop(tick, load, 'enabled', false);
  else if (load.stopping) stop(tick, load, load.memory.stopGate, load.memory.stopEmergency);
  else if (tick.rawV === null) {
    if (tick.voltageLost) stop(tick, load, 'voltage-fresh', false);
    else if (!mayBeHeated(zone)) stop(tick, load, 'temperature', false);
    else cannotDecide(load, 'voltage-fresh');
  } else {
    judgeRun(tick, load, zone, serving.surplusLost);
    if (load.run.first !== null) stop(tick, load, load.run.first, false);
    else if (load.unknown) cannotDecide(load, 'state-known');
    else if (load.pending) keepStarting(load);
    else keepRunning(load);
    return;
  }
  if (load.run.trace !== null) judgeRun(tick, load, zone, serving.surplusLost);
}

function decideOff(tick: Tick, load: LoadView, zone: ZoneView, serving: Serving): void {
  serving.place(load);
  load.carriedBeforeW += serving.lowerLiveW(load);
  judgeStart(tick, load, zone);
  if (load.run.first === null) {
    start(tick, load);
    if (load.books) {
      tick.started = load;
      serving.bookStart(load);
    }
    return;
  }
  const { override } = load;
  if (tick.config.controlMode === 'paused') wait(load, 'WAIT');
  else if (override !== null) wait(load, 'OVERRIDDEN');
  else if (!load.plan.enabled) wait(load, 'DISABLED');
  else wait(load, tick.rawV === null ? 'CANNOT_DECIDE' : 'WAIT');
}

/** Sun alone: the bank is frozen, and either latched or without a measured surplus that would do. */
function judgeStart(tick: Tick, load: LoadView, zone: ZoneView): void {
  const forced = load.override?.state === 'on';
  ownerGates(tick, load);
  voltageGate(tick, load);
  bandGate(tick, load, zone);
  heatGates(load, zone);

  const { run } = load;
  const probeWaits = !isSettled(run) && energyGates(tick, load, zone, forced);
  holdGate(tick, load, load.plan.startHoldMs);
  if (isSettled(run)) return;
  deviceGates(load);
  followsGate(tick, load);
  restGates(tick, load);
  probeGate(tick, load, probeWaits);
  staggerGate(tick, load);
}

/** Sun, import, available, inverter; true where hidden surplus would do but may not be tried now. */
function energyGates(tick: Tick, load: LoadView, zone: ZoneView, forced: boolean): boolean {
  const available = availableW(tick, load, load.unreservedW, true) ?? Number.NEGATIVE_INFINITY;
  const ordinary = zone.sunAllows && available >= load.drawW;
  const wantsProbe = !forced && !ordinary && (tick.throttledToStart || onFrozenSun(tick, load));
  load.asProbe = wantsProbe && probeMayStart(tick, load);
  sunGate(tick, load, zone, forced || zone.sunAllows || load.asProbe);
  importGate(tick, load);
  powerGates(tick, load, load.asProbe && load.plan.ratedW > 0);
  return wantsProbe && !load.asProbe;
}

function bandGate(tick: Tick, load: LoadView, zone: ZoneView): void {
  const { run } = load;
  const off = tick.band === 'UNKNOWN' || tick.band === 'CRITICAL' || tick.band === 'SHUTDOWN';
  const pass = gate(run, 'band', !off && (!tick.latched || zone.frozen));
  run.trace?.push({
    name: 'band',
    pass,
    value: tick.band,
    limit: tick.config.preferences.voltageRestart,
    unit: 'V',
    ageMs: tick.voltageAgeMs,
    note: tick.latched ? 'latched' : undefined,
  });
}

function sunGate(tick: Tick, load: LoadView, zone: ZoneView, pass: boolean): void {
  const { run } = load;
  gate(run, 'sun', pass);
  const { onlyHeatWhenSolar, minimumSolarForHeatingWatts } = zone.plan.zone;
  run.trace?.push({
    name: 'sun',
    pass,
    applies: zone.frozen || onlyHeatWhenSolar,
    value: tick.pvW,
    limit: zone.frozen ? 0 : onlyHeatWhenSolar ? minimumSolarForHeatingWatts : null,
    unit: 'W',
    relation: zone.frozen ? '>' : '≥',
    ageMs: tick.snapshot.power.pvW?.ageMs ?? null,
    note: zone.frozen ? 'the bank is frozen: any sun will do' : undefined,
  });
}

function judgeRun(tick: Tick, load: LoadView, zone: ZoneView, surplusLost: boolean): void {
  const { memory, run, plan } = load;
  const onSunAlone = zone.frozen && tick.latched;
  freshFact(tick, run);
  lowBandGate(tick, load, onSunAlone);
  warmGate(load, zone);
  drainGate(tick, load, onSunAlone);

  const hidden = onHiddenSun(tick, load);
  budgetGate(tick, load, hidden, surplusLost);
  const solarOnly = zone.plan.zone.onlyHeatWhenSolar;
  const dark = load.override?.state !== 'on' && !hidden && lacksSun(tick, zone);
  const known = !solarOnly || tick.pvW !== null;
  if (known) memory.excessSince = since(tick, memory.excessSince, dark);
  const over = memory.excessSince !== NONE && reached(tick, memory.excessSince, plan.stopDelayMs);
  if (!over) noteDue(load, tick, memory.excessSince, plan.stopDelayMs);
  const sunny = economicGate(tick, load, 'sun', over);
  run.trace?.push({
    name: 'sun',
    pass: sunny,
    applies: zone.frozen || solarOnly,
    value: tick.pvW,
    limit: zone.frozen ? 0 : solarOnly ? RUN_SHARE * (zone.plan.zone.minimumSolarForHeatingWatts ?? 0) : null,
    unit: 'W',
    relation: zone.frozen ? '>' : '≥',
    ageMs: tick.snapshot.power.pvW?.ageMs ?? null,
  });
  if (solarOnly) importStopGate(tick, load);
  minimumOnFact(tick, load);
  graduate(tick, load, true);
}

/** Where a running heater ends, °C; Infinity where the zone names no limit. */
function warmLimitC(zone: ZoneView): number {
  const { tempColdOk, tempTooCold, tempHotOk, tempTooHot } = zone.plan.zone;
  return zone.frozen
    ? (tempHotOk ?? tempTooHot ?? Number.POSITIVE_INFINITY)
    : coldOk(tempColdOk, tempTooCold);
}

function mayBeHeated(zone: ZoneView): boolean {
  return zone.temperatureC !== null && zone.temperatureC < warmLimitC(zone);
}

/** Warm enough, or not known to be cold: off at once, for a heater that nobody watches is the greater risk. */
function warmGate(load: LoadView, zone: ZoneView): void {
  const { run } = load;
  const { temperatureC } = zone;
  const limit = warmLimitC(zone);
  const pass = gate(run, 'temperature', mayBeHeated(zone));
  run.trace?.push({
    name: 'temperature',
    pass,
    value: temperatureC,
    limit: Number.isFinite(limit) ? limit : null,
    unit: '°C',
    relation: '<',
    ageMs: zone.temperatureAgeMs,
    note: temperatureC === null ? 'the zone’s temperature is missing' : undefined,
  });
}

/** On sun alone: the bank, latched as it is, must not be what heats. */
function drainGate(tick: Tick, load: LoadView, onSunAlone: boolean): void {
  const { memory, run, drawW } = load;
  const drains = onSunAlone && (tick.dischargeW === null || tick.dischargeW > DRAIN_SHARE * drawW);
  memory.drainSince = since(tick, memory.drainSince, drains);
  const over = drains && reached(tick, memory.drainSince, DRAIN_MS);
  if (!over) noteDue(load, tick, memory.drainSince, DRAIN_MS);
  const pass = gate(run, 'probe', !over);
  run.trace?.push({
    name: 'probe',
    pass,
    applies: onSunAlone,
    value: tick.dischargeW,
    limit: DRAIN_SHARE * drawW,
    unit: 'W',
    relation: '≤',
    note: 'battery power while latched',
  });
}
