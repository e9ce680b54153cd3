import { availableW, onFrozenSun, onHiddenSun, outsideSchedule, probeMayStart } from './budget';
import { gate, isSettled, timeGate } from './gate-run';
import { NONE } from './memory';
import {
  deviceGates,
  followsGate,
  HOLD_GAP_MS,
  holdGate,
  importGate,
  missingPower,
  ownerGates,
  powerGates,
  probeGate,
  restGates,
  staggerGate,
  voltageGate,
} from './start-gates';
import { type LoadView, reached, remaining, since, type Tick } from './tick';
import type { MinerProfile } from './types';
import { HOUR_MS } from './units';

/** Of raw voltage, so that the inverter's draw is not under-estimated (control.md §4). */
const INVERTER_EFFICIENCY = 0.95;
/** What must stay above emergency and critical when the sag of a start is compensated, V. */
const PREDICTED_MARGIN_V = 0.3;
const LOCK_OUT_MS = 15 * 60_000;
const LOCK_OUT_MARGIN_V = 0.5;
const DISPLACED_WAIT_MS = 30 * 60_000;

/** Evaluates every start gate of a miner that is off, in order; the result is in `load.run` and `load.asProbe`. */
export function judgeMinerStart(tick: Tick, load: LoadView, miner: MinerProfile): void {
  const forced = load.override?.state === 'on';
  ownerGates(tick, load);
  voltageGate(tick, load);
  bandGate(tick, load);
  voltageLimits(tick, load, miner, forced);

  const { run, memory } = load;
  if (!isSettled(run)) scheduleGate(tick, load, miner, forced);
  const probeWaits = !isSettled(run) && energyGates(tick, load, miner, forced);
  if (forced) {
    memory.holdSince = NONE;
    memory.gapSince = NONE;
  } else holdGate(tick, load, load.plan.startHoldMs);

  if (!isSettled(run)) {
    deviceGates(load);
    followsGate(tick, load);
  }
  // What these two remember ends whatever the other gates say.
  if (!isSettled(run) || memory.lockSince !== NONE) lockOutGate(tick, load, miner);
  if (!isSettled(run) || memory.heatStopped) zoneGate(load);
  if (isSettled(run)) return;
  runtimeGate(tick, load, miner, forced);
  predictedGate(tick, load, miner);
  restGates(tick, load);
  displacedGate(tick, load);
  probeGate(tick, load, probeWaits);
  staggerGate(tick, load);
}

/** Sun, import, excess, available, inverter; true where hidden surplus would do but may not be tried now. */
function energyGates(tick: Tick, load: LoadView, miner: MinerProfile, forced: boolean): boolean {
  const ordinary = !forced && !load.heats;
  const sunny = !ordinary || sunSuffices(tick, miner);
  const excess = !ordinary || excessSuffices(load, tick, miner);
  const isHidden = !forced && (tick.throttledToStart || onFrozenSun(tick, load));
  const wantsProbe = isHidden && !(sunny && excess && hasItsDraw(tick, load));
  load.asProbe = wantsProbe && probeMayStart(tick, load);
  sunGates(tick, load, miner, { ordinary, sunny });
  importGate(tick, load);
  excessGate(tick, load, miner, { ordinary, excess });
  powerGates(tick, load, load.asProbe);
  return wantsProbe && !load.asProbe;
}

/** Whether what is left after all reservations carries it. */
function hasItsDraw(tick: Tick, load: LoadView): boolean {
  return (availableW(tick, load, load.unreservedW, true) ?? Number.NEGATIVE_INFINITY) >= load.drawW;
}

/**
 * Evaluates what a start under way still needs: every gate but times and turns. True when it is to be ended:
 * at once by what protects or by the end of the override that sent it, by all else after as long a gap as a
 * hold may have.
 */
export function judgeMinerPending(tick: Tick, load: LoadView, miner: MinerProfile): boolean {
  const { run, memory } = load;
  const forced = load.override?.state === 'on';
  ownerGates(tick, load);
  if (tick.rawV !== null) bandGate(tick, load);
  zoneGate(load);
  if (!forced) sentByRuleGate(load);
  const atOnce = run.first !== null;

  voltageGate(tick, load);
  voltageLimits(tick, load, miner, forced);
  scheduleGate(tick, load, miner, forced);
  const ordinary = !forced && !load.heats;
  load.asProbe = onHiddenSun(tick, load);
  sunGates(tick, load, miner, { ordinary, sunny: !ordinary || sunSuffices(tick, miner) });
  importGate(tick, load);
  excessGate(tick, load, miner, { ordinary, excess: !ordinary || excessSuffices(load, tick, miner) });
  powerGates(tick, load, load.asProbe);
  deviceGates(load);
  runtimeGate(tick, load, miner, forced);
  predictedGate(tick, load, miner);
  memory.gapSince = since(tick, memory.gapSince, run.first !== null);
  return run.first !== null && (atOnce || reached(tick, memory.gapSince, HOLD_GAP_MS + 1));
}

/** Only an override starts without a hold: with it gone, nothing has been held. */
function sentByRuleGate(load: LoadView): void {
  const { run, memory } = load;
  const pass = gate(run, 'override', memory.holdSince !== NONE);
  if (!pass)
    run.trace?.push({ name: 'override', pass, value: 'ended', unit: '', note: 'its override has ended' });
}

function bandGate(tick: Tick, load: LoadView): void {
  const { run } = load;
  const { band } = tick;
  const pass = gate(
    run,
    'band',
    (band === 'RECOVERING' || band === 'OPTIMAL' || band === 'HIGH') && tick.memory.latched !== true,
  );
  run.trace?.push({
    name: 'band',
    pass,
    value: band,
    limit: tick.config.preferences.voltageRestart,
    unit: 'V',
    note: tick.latched ? 'latched' : undefined,
  });
}

function voltageLimits(tick: Tick, load: LoadView, miner: MinerProfile, forced: boolean): void {
  const { run } = load;
  const { rawV, controlV } = tick;
  const ageMs = tick.voltageAgeMs;
  const above = gate(run, 'emergency-voltage', rawV !== null && rawV > miner.emergencyStopVoltage);
  run.trace?.push({
    name: 'emergency-voltage',
    pass: above,
    value: rawV,
    limit: miner.emergencyStopVoltage,
    unit: 'V',
    relation: '>',
    ageMs,
  });
  const enough = gate(run, 'start-voltage', forced || (controlV !== null && controlV >= miner.startVoltage));
  run.trace?.push({
    name: 'start-voltage',
    pass: enough,
    applies: !forced,
    value: controlV,
    limit: miner.startVoltage,
    unit: 'V',
    relation: '≥',
    ageMs,
  });
  if (forced) {
    // Below it the rules would stop it again at once, over and over.
    const lasting = gate(run, 'stop-voltage', controlV !== null && controlV >= miner.stopVoltage);
    run.trace?.push({
      name: 'stop-voltage',
      pass: lasting,
      value: controlV,
      limit: miner.stopVoltage,
      unit: 'V',
      relation: '≥',
      ageMs,
    });
  }
  // A memory that has seen no good voltage does not know whether the bank was low before: as if latched.
  if (rawV !== null && tick.memory.latched === null) gate(run, 'band', false);
}

function scheduleGate(tick: Tick, load: LoadView, miner: MinerProfile, forced: boolean): void {
  const { run } = load;
  const applies = !forced && !load.heats;
  const outside = outsideSchedule(tick, load);
  const pass = gate(run, 'schedule', !applies || !outside || miner.allowOutsideSchedule);
  run.trace?.push({
    name: 'schedule',
    pass,
    applies,
    value: clockText(tick.snapshot.localMinute),
    limit:
      miner.preferTimeStart === null || miner.preferTimeEnd === null
        ? null
        : `${clockText(miner.preferTimeStart * 60)}–${clockText(miner.preferTimeEnd * 60)}`,
    unit: '',
    note: outside && miner.allowOutsideSchedule ? 'outside: surplus only' : undefined,
  });
}

function clockText(minute: number): string {
  const pad = (n: number): string => String(n).padStart(2, '0');
  return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
}

/** PV and weather, where its profile asks for them. */
export function sunSuffices(tick: Tick, miner: MinerProfile): boolean {
  if (miner.requireExcessSolar) {
    if (tick.pvW === null) return miner.minimumSolarProductionWatts === null;
    if (miner.minimumSolarProductionWatts !== null && tick.pvW < miner.minimumSolarProductionWatts)
      return false;
  }
  return !miner.requireSunnyWeather || tick.snapshot.sky.sunny !== 'no';
}

function excessSuffices(load: LoadView, tick: Tick, miner: MinerProfile): boolean {
  if (!miner.requireExcessSolar || miner.minimumExcessWatts === null) return true;
  return tick.surplusW !== null && load.unreservedW >= miner.minimumExcessWatts;
}

function sunGates(
  tick: Tick,
  load: LoadView,
  miner: MinerProfile,
  { ordinary, sunny }: { ordinary: boolean; sunny: boolean },
): void {
  const { run } = load;
  gate(run, 'sun', sunny || load.asProbe);
  if (run.trace === null) return;
  const limit = miner.requireExcessSolar ? miner.minimumSolarProductionWatts : null;
  const production = limit === null || (tick.pvW !== null && tick.pvW >= limit);
  run.trace.push({
    name: 'sun',
    pass: !ordinary || production || load.asProbe,
    applies: ordinary && limit !== null,
    value: tick.pvW,
    limit,
    unit: 'W',
    relation: '≥',
    ageMs: tick.snapshot.power.pvW?.ageMs ?? null,
    note: limit !== null && tick.pvW === null ? 'PV power is missing' : undefined,
  });
  const weather = tick.snapshot.sky.sunny;
  run.trace.push({
    name: 'sun',
    pass: !ordinary || !miner.requireSunnyWeather || weather !== 'no' || load.asProbe,
    applies: ordinary && miner.requireSunnyWeather && weather !== 'unknown',
    value: weather,
    limit: 'sunny',
    unit: '',
    note: weather === 'unknown' ? 'whether it is sunny is not known' : undefined,
  });
}

function excessGate(
  tick: Tick,
  load: LoadView,
  miner: MinerProfile,
  { ordinary, excess }: { ordinary: boolean; excess: boolean },
): void {
  const { run } = load;
  const pass = gate(run, 'excess', excess || load.asProbe);
  run.trace?.push({
    name: 'excess',
    pass,
    applies: ordinary && miner.requireExcessSolar && miner.minimumExcessWatts !== null,
    value: tick.surplusW === null ? null : load.unreservedW,
    limit: miner.requireExcessSolar ? miner.minimumExcessWatts : null,
    unit: 'W',
    relation: '≥',
    ageMs: tick.snapshot.power.pvW?.ageMs ?? null,
    note: tick.surplusW === null ? missingPower(tick) : undefined,
  });
}

/** After an emergency stop: 15 min, and the bank back at restart and half a volt above its own emergency. */
function lockOutGate(tick: Tick, load: LoadView, miner: MinerProfile): void {
  const { memory, run } = load;
  const limitV = Math.max(
    tick.config.preferences.voltageRestart,
    miner.emergencyStopVoltage + LOCK_OUT_MARGIN_V,
  );
  let pass = memory.lockSince === NONE;
  if (!pass) {
    const over = reached(tick, memory.lockSince, LOCK_OUT_MS);
    const recovered = tick.controlV !== null && tick.controlV >= limitV;
    pass = over && recovered;
    if (pass) memory.lockSince = NONE;
    else if (recovered) timeGate(run, 'lock-out', false, remaining(tick, memory.lockSince, LOCK_OUT_MS));
    else gate(run, 'lock-out', false);
  }
  run.trace?.push({
    name: 'lock-out',
    pass,
    value: pass ? null : Math.ceil(remaining(tick, memory.lockSince, LOCK_OUT_MS) / 1000),
    limit: pass ? null : limitV,
    unit: 'V',
    ageMs: tick.voltageAgeMs,
  });
}

/** Its zone must not be too hot; after a heat stop it must be well again first. */
function zoneGate(load: LoadView): void {
  const { zone, memory, run } = load;
  if (zone === null) return;
  const { tempTooHot, tempHotOk, temperatureSensorId } = zone.plan.zone;
  const recovering = memory.heatStopped && tempHotOk !== null;
  const limit = recovering ? tempHotOk : tempTooHot;
  if (limit === null) return;
  const temperatureC = zone.temperatureC;
  const applies = temperatureC !== null || temperatureSensorId !== null;
  const cool = temperatureC !== null && (recovering ? temperatureC <= limit : temperatureC < limit);
  if (cool) memory.heatStopped = false;
  const pass = gate(run, 'zone-temperature', !applies || cool);
  run.trace?.push({
    name: 'zone-temperature',
    pass,
    applies,
    value: temperatureC,
    limit,
    unit: '°C',
    relation: recovering ? '≤' : '<',
    ageMs: zone.temperatureAgeMs,
    note: applies && temperatureC === null ? 'the zone’s temperature is missing' : undefined,
  });
}

function runtimeGate(tick: Tick, load: LoadView, miner: MinerProfile, forced: boolean): void {
  const { run, memory } = load;
  const limitHours = miner.maximumRuntimeHours;
  const applies = !forced && !load.heats && limitHours !== null;
  const pass = gate(run, 'runtime', !applies || memory.runtimeMs < limitHours * HOUR_MS);
  run.trace?.push({
    name: 'runtime',
    pass,
    applies,
    value: Math.round((memory.runtimeMs / HOUR_MS) * 100) / 100,
    limit: limitHours,
    unit: 'h',
    relation: '<',
    note: tick.newDay ? 'a new day began' : undefined,
  });
}

/** Whether the sag of its own draw would pull the bank below what it needs. Unknown R: not applied. */
function predictedGate(tick: Tick, load: LoadView, miner: MinerProfile): void {
  const { run } = load;
  const { predictOhm } = tick.plan;
  const { rawV } = tick;
  const limit = tick.compensated
    ? Math.max(miner.emergencyStopVoltage, tick.config.preferences.voltageCriticalLow) + PREDICTED_MARGIN_V
    : miner.stopVoltage;
  const predictedV =
    predictOhm === null || rawV === null
      ? null
      : rawV - (load.drawW / (INVERTER_EFFICIENCY * rawV)) * predictOhm;
  const pass = gate(run, 'predicted-voltage', predictedV === null || predictedV >= limit);
  run.trace?.push({
    name: 'predicted-voltage',
    pass,
    applies: predictOhm !== null,
    value: predictedV === null ? null : Math.round(predictedV * 100) / 100,
    limit,
    unit: 'V',
    relation: '≥',
    note: predictOhm === null ? 'the bank’s resistance is not known' : undefined,
  });
}

/** Having given way to a higher priority, it waits half an hour. */
function displacedGate(tick: Tick, load: LoadView): void {
  const { memory, run } = load;
  const pass = memory.displacedSince === NONE || reached(tick, memory.displacedSince, DISPLACED_WAIT_MS);
  const dueMs =
    memory.displacedSince === NONE ? 0 : remaining(tick, memory.displacedSince, DISPLACED_WAIT_MS);
  timeGate(run, 'displaced', pass, dueMs);
  if (memory.displacedSince === NONE) return;
  run.trace?.push({
    name: 'displaced',
    pass,
    value: Math.ceil(dueMs / 1000),
    limit: 0,
    unit: 's',
    relation: '≤',
  });
}
