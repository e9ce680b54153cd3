import { graduate, onHiddenSun, outsideSchedule } from './budget';
import { gate } from './gate-run';
import { NONE } from './memory';
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
import { type LoadView, reached, since, type Tick } from './tick';
import type { MinerProfile } from './types';
import { HOUR_MS } from './units';

const TOO_HOT_MS = 10 * 60_000;
const FAR_TOO_HOT_C = 5;

/**
 * Evaluates every rule that could stop a running miner (control.md §4), in the order of that table after the
 * emergencies; the first failing one in `load.run` stops it.
 */
export function judgeMinerRun(tick: Tick, load: LoadView, miner: MinerProfile, surplusLost: boolean): void {
  const forced = load.override?.state === 'on';
  const ordinary = !forced && !load.heats;
  freshFact(tick, load.run);
  lowBandGate(tick, load, false);
  emergencyFact(tick, load, miner);
  heatGate(tick, load);
  stopVoltageGate(tick, load, miner);

  const hidden = onHiddenSun(tick, load);
  budgetGate(tick, load, hidden, surplusLost);
  sunStopGate(tick, load, miner, ordinary && !hidden);
  importStopGate(tick, load);
  scheduleStopGate(tick, load, miner, ordinary);
  runtimeStopGate(tick, load, miner, ordinary);
  displacedStopGate(tick, load);
  minimumOnFact(tick, load);
  graduate(tick, load, hasItsSun(tick, load, miner));
}

function emergencyFact(tick: Tick, load: LoadView, miner: MinerProfile): void {
  load.run.trace?.push({
    name: 'emergency-voltage',
    pass: tick.rawV === null || tick.rawV > miner.emergencyStopVoltage,
    value: tick.rawV,
    limit: miner.emergencyStopVoltage,
    unit: 'V',
    relation: '>',
    ageMs: tick.voltageAgeMs,
  });
}

/** Too hot for ten minutes although the fan does all it can, or far too hot. Protection: no voltage is needed. */
export function heatGate(tick: Tick, load: LoadView): void {
  const { zone, memory, run } = load;
  const tooHotC = zone?.plan.zone.tempTooHot ?? null;
  if (zone === null || tooHotC === null) {
    memory.heatSince = NONE;
    return;
  }
  const temperatureC = zone.temperatureC;
  // A gap in the readings does not make it any cooler.
  const tooHot = temperatureC === null ? memory.heatSince !== NONE : temperatureC >= tooHotC;
  memory.heatSince = since(tick, memory.heatSince, tooHot && fanCannotDoMore(zone.fan));
  const lasting = memory.heatSince !== NONE && reached(tick, memory.heatSince, TOO_HOT_MS);
  const far = temperatureC !== null && temperatureC >= tooHotC + FAR_TOO_HOT_C;
  if (!lasting && !far) noteDue(load, tick, memory.heatSince, TOO_HOT_MS);
  const pass = gate(run, 'zone-temperature', !lasting && !far);
  if (!pass) memory.heatStopped = true;
  run.trace?.push({
    name: 'zone-temperature',
    pass,
    value: temperatureC,
    limit: tooHotC,
    unit: '°C',
    relation: '<',
    ageMs: zone.temperatureAgeMs,
  });
}

/** No fan, one that does not answer, or one at its maximum (asked for or seen). */
function fanCannotDoMore(fan: LoadView | null): boolean {
  if (fan === null || !fan.plan.enabled || !fan.reachable || !fan.on) return true;
  const maximum = fan.plan.zone?.exhaustFanMaxSpeed ?? 0;
  const seen = fan.observation?.fanSpeed ?? maximum;
  return seen >= maximum || (fan.zone?.memory.fanSpeed ?? 0) >= maximum;
}

function stopVoltageGate(tick: Tick, load: LoadView, miner: MinerProfile): void {
  const { memory, run, plan } = load;
  const { controlV } = tick;
  if (controlV !== null) {
    memory.stopVoltageSince = since(tick, memory.stopVoltageSince, controlV < miner.stopVoltage);
  }
  const over = memory.stopVoltageSince !== NONE && reached(tick, memory.stopVoltageSince, plan.stopDelayMs);
  if (!over) noteDue(load, tick, memory.stopVoltageSince, plan.stopDelayMs);
  const pass = gate(run, 'stop-voltage', !over);
  run.trace?.push({
    name: 'stop-voltage',
    pass,
    value: controlV,
    limit: miner.stopVoltage,
    unit: 'V',
    relation: '≥',
    ageMs: tick.voltageAgeMs,
  });
}

/** Excess or PV below nine tenths of its limit for the stop delay. */
function sunStopGate(tick: Tick, load: LoadView, miner: MinerProfile, applies: boolean): void {
  const { memory, run, plan } = load;
  const judged = applies && miner.requireExcessSolar;
  const pvLimit = miner.minimumSolarProductionWatts;
  const excessLimit = miner.minimumExcessWatts;
  const pvLow = judged && pvLimit !== null && tick.pvW !== null && tick.pvW < RUN_SHARE * pvLimit;
  const excessLow =
    judged && excessLimit !== null && tick.surplusW !== null && load.leftW < RUN_SHARE * excessLimit;
  // Unknown power neither starts nor clears the timer: the rule for missing readings is another.
  const known = !judged || (tick.pvW !== null && tick.surplusW !== null);
  if (known || pvLow || excessLow) memory.excessSince = since(tick, memory.excessSince, pvLow || excessLow);
  const over = memory.excessSince !== NONE && reached(tick, memory.excessSince, plan.stopDelayMs);
  if (!over) noteDue(load, tick, memory.excessSince, plan.stopDelayMs);
  const name = pvLow ? 'sun' : 'excess';
  economicGate(tick, load, name, over);
  if (run.trace === null || !miner.requireExcessSolar) return;
  run.trace.push({
    name: 'sun',
    pass: run.first !== 'sun',
    applies: applies && pvLimit !== null,
    value: tick.pvW,
    limit: pvLimit === null ? null : RUN_SHARE * pvLimit,
    unit: 'W',
    relation: '≥',
    ageMs: tick.snapshot.power.pvW?.ageMs ?? null,
  });
  run.trace.push({
    name: 'excess',
    pass: run.first !== 'excess',
    applies: applies && excessLimit !== null,
    value: tick.surplusW === null ? null : load.leftW,
    limit: excessLimit === null ? null : RUN_SHARE * excessLimit,
    unit: 'W',
    relation: '≥',
    ageMs: tick.snapshot.power.pvW?.ageMs ?? null,
  });
}

function scheduleStopGate(tick: Tick, load: LoadView, miner: MinerProfile, ordinary: boolean): void {
  const { run } = load;
  const outside = outsideSchedule(tick, load);
  const pass = economicGate(tick, load, 'schedule', ordinary && outside && !miner.allowOutsideSchedule);
  run.trace?.push({
    name: 'schedule',
    pass,
    applies: ordinary && miner.preferTimeStart !== null && miner.preferTimeEnd !== null,
    value: outside ? 'outside' : 'inside',
    limit:
      miner.preferTimeStart === null || miner.preferTimeEnd === null
        ? null
        : `${miner.preferTimeStart}–${miner.preferTimeEnd} h`,
    unit: '',
    note: outside && miner.allowOutsideSchedule ? 'outside: surplus only' : undefined,
  });
}

function runtimeStopGate(tick: Tick, load: LoadView, miner: MinerProfile, ordinary: boolean): void {
  const { run, memory } = load;
  const limitHours = miner.maximumRuntimeHours;
  const leftMs = limitHours === null ? Number.POSITIVE_INFINITY : limitHours * HOUR_MS - memory.runtimeMs;
  if (ordinary && load.on && leftMs > 0 && leftMs < tick.nextMs) tick.nextMs = leftMs;
  const pass = economicGate(tick, load, 'runtime', ordinary && leftMs <= 0);
  run.trace?.push({
    name: 'runtime',
    pass,
    applies: ordinary && limitHours !== null,
    value: Math.round((memory.runtimeMs / HOUR_MS) * 100) / 100,
    limit: limitHours,
    unit: 'h',
    relation: '<',
  });
}

function displacedStopGate(tick: Tick, load: LoadView): void {
  const { run, displacedBy, memory } = load;
  const pass = gate(run, 'displaced', displacedBy === null);
  if (displacedBy === null) return;
  if (load.acts) {
    memory.displacedSince = tick.clock;
    memory.displacedBy = displacedBy.id;
  }
  run.trace?.push({ name: 'displaced', pass, value: displacedBy.plan.name, unit: '' });
}

function hasItsSun(tick: Tick, load: LoadView, miner: MinerProfile): boolean {
  if (!miner.requireExcessSolar) return true;
  const { minimumSolarProductionWatts, minimumExcessWatts } = miner;
  return (minimumSolarProductionWatts ?? 0) <= (tick.pvW ?? 0) && (minimumExcessWatts ?? 0) <= load.leftW;
}
