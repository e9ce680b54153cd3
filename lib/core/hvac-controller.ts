import { gate, isSettled, timeGate } from './gate-run';
import { NONE } from './memory';
import { RUN_SHARE } from './run-gates';
import { deviceGates, ownerGates } from './start-gates';
import { type LoadView, reached, remaining, since, type Tick, type ZoneView } from './tick';

/** Off this far below a limit whose partner is not set, °C. */
const DEFAULT_HYSTERESIS_C = 2;
/**
 * A zone that asks for heat while the bank is too cold for its chemistry is heated to this at least, °C: enough for a
 * bank in it to reach the 2 °C that end the block, and not too much for a room that the bank may not stand in.
 */
const THAWS_BANK_C = 5;
const FAN_CHANGE_MS = 60_000;
/** A heating source gives way to the second after this long, or sooner when it is not a matter of time. */
const SOURCE_BLOCKED_MS = 15 * 60_000;
const SOURCE_HARD_BLOCKED_MS = 10 * 60_000;

/** Cooling: fans follow their zone's temperature, even in LOW and CRITICAL (control.md §5, step 2). */
export function coordinateFans(tick: Tick): void {
  for (const fan of tick.fans) if (fan.zone !== null) decideFan(tick, fan, fan.zone);
}

function decideFan(tick: Tick, fan: LoadView, zone: ZoneView): void {
  const { memory } = zone;
  const wanted = wantsCooling(zone, tick);
  memory.cooling = wanted;
  const speed = wanted ? speedFor(zone) : 0;
  const before = memory.fanSpeed;
  // Going on, and up from nothing, is protection and never waits.
  const mayChange =
    memory.fanChangedSince === NONE || before === 0 || reached(tick, memory.fanChangedSince, FAN_CHANGE_MS);
  if (speed !== before && mayChange) {
    memory.fanSpeed = speed;
    memory.fanChangedSince = tick.clock;
  }
  fanVerdict(tick, fan, zone);
}

/** Off in SHUTDOWN and for a minute after it: at its very edge a fan must not be switched at every tick. */
function shutGate(tick: Tick, fan: LoadView, zone: ZoneView): boolean {
  const { run } = fan;
  const { memory } = zone;
  const shutdown = tick.band === 'SHUTDOWN';
  if (shutdown) memory.fanShutSince = tick.clock;
  else if (memory.fanShutSince !== NONE && reached(tick, memory.fanShutSince, FAN_CHANGE_MS)) {
    memory.fanShutSince = NONE;
  }
  const shut = memory.fanShutSince !== NONE;
  if (shutdown) gate(run, 'band', false);
  else timeGate(run, 'band', !shut, shut ? remaining(tick, memory.fanShutSince, FAN_CHANGE_MS) : 0);
  run.trace?.push({
    name: 'band',
    pass: !shut,
    value: tick.band,
    unit: '',
    ageMs: tick.voltageAgeMs,
    note: shut && !shutdown ? 'shut down less than a minute ago' : undefined,
  });
  return shut;
}

function fanVerdict(tick: Tick, fan: LoadView, zone: ZoneView): void {
  const { run } = fan;
  const speed = zone.memory.fanSpeed;
  ownerGates(tick, fan);
  const shut = shutGate(tick, fan, zone);
  const forced = fan.override?.state === 'on';
  const hot = gate(run, 'temperature', forced || speed > 0);
  const { tempTooHot, tempHotOk } = zone.plan.zone;
  run.trace?.push({
    name: 'temperature',
    pass: hot,
    applies: !forced,
    value: zone.temperatureC,
    limit: fan.on ? (tempHotOk ?? tempTooHot) : tempTooHot,
    unit: '°C',
    relation: fan.on ? '>' : '≥',
    ageMs: zone.temperatureAgeMs,
    note: zone.temperatureC === null ? 'the zone’s temperature is missing' : undefined,
  });
  if (!fan.on && !isSettled(run)) deviceGates(fan);

  fan.binding = run.first;
  if (shut) {
    const stops = tick.band === 'SHUTDOWN' ? 'EMERGENCY_STOP' : 'STOP';
    fan.verdict = fan.on || fan.unknown ? stops : 'WAIT';
    fan.desired = fan.acts ? 'off' : null;
  } else if (tick.config.controlMode === 'paused') {
    fan.verdict = fan.on ? 'KEEP_RUNNING' : 'WAIT';
  } else if (fan.override !== null) {
    fan.verdict = 'OVERRIDDEN';
    fan.desired = fan.acts ? fan.override.state : null;
    fan.fanSpeed = forced ? Math.max(speed, zone.plan.zone.exhaustFanMaxSpeed) : null;
  } else if (!fan.plan.enabled) {
    // A fan that the owner runs by hand does no harm.
    fan.verdict = 'DISABLED';
  } else if (speed > 0) {
    fan.verdict = fan.on ? 'KEEP_RUNNING' : run.first === null ? 'START' : 'WAIT';
    fan.desired = fan.acts ? 'on' : null;
    fan.fanSpeed = speed;
  } else {
    fan.verdict = fan.on ? 'STOP' : 'WAIT';
    fan.desired = fan.acts ? 'off' : null;
  }
}

function wantsCooling(zone: ZoneView, tick: Tick): boolean {
  const { temperatureC, memory } = zone;
  const { tempTooHot, tempHotOk } = zone.plan.zone;
  if (tempTooHot === null) return false;
  const idle = temperatureC === null && !minerRuns(zone, tick);
  memory.idleUnseenSince = since(tick, memory.idleUnseenSince, idle);
  if (idle) {
    // What a miner has left of its heat is blown out; then nothing is known to need cooling.
    return memory.cooling && !reached(tick, memory.idleUnseenSince, tick.config.failSafeSeconds * 1000);
  }
  if (temperatureC === null || temperatureC >= tempTooHot) return true;
  return memory.cooling && temperatureC > (tempHotOk ?? tempTooHot - DEFAULT_HYSTERESIS_C);
}

/** Steps 1…max; the maximum where the speed is not automatic or the temperature is not known. */
function speedFor(zone: ZoneView): number {
  const { exhaustFanMaxSpeed: max, exhaustFanSpeedAuto, tempTooHot, tempHotOk } = zone.plan.zone;
  const { temperatureC } = zone;
  if (!exhaustFanSpeedAuto || temperatureC === null || tempTooHot === null || tempHotOk === null) return max;
  const share = Math.min(Math.max((temperatureC - tempHotOk) / (tempTooHot - tempHotOk), 0), 1);
  return Math.round(1 + (max - 1) * share);
}

function minerRuns(zone: ZoneView, tick: Tick): boolean {
  return tick.miners.some((load) => load.zone === zone && (load.on || load.unknown || load.pending));
}

/** Which zones ask for heat, and from which of their two sources (control.md §5, step 3). */
export function requestHeat(tick: Tick, surplusLost: boolean): void {
  for (const zone of tick.zones) {
    const { memory } = zone;
    zone.frozen = zone.blocked && zone.temperatureC !== null && !memory.blockedUnknown;
    memory.heating = asksForHeat(zone, tick.memory.coldBlocked);
    // Blocked by its chemistry alone, the bank may be in any zone: one that asks for heat itself gets it as if.
    if (memory.heating && tick.memory.coldBlocked) zone.frozen = true;
    zone.wantsHeat = memory.heating && zone.temperatureC !== null;
    zone.sunAllows = sunAllows(tick, zone);
    chooseSource(tick, zone);
    const source = activeSource(zone);
    const heater = source === null || !zone.wantsHeat ? undefined : tick.loads[source.index];
    if (heater?.plan.kind === 'miner') zone.sunAllows = sunLasts(tick, zone, { heater, surplusLost });
    else memory.heatsOnSun = false;
    if (heater === undefined) continue;
    // A miner may heat two zones, of which one wants it now.
    const heats = heater.plan.kind === 'heater' || (zone.sunAllows && !tick.latched);
    heater.heats ||= heats;
    heater.heatsFrozen ||= heats && zone.frozen;
  }
}

function asksForHeat(zone: ZoneView, bankIsCold: boolean): boolean {
  const { temperatureC, memory } = zone;
  const { enabled, heatingEnabled, tempTooCold, tempColdOk, tempHotOk, tempTooHot } = zone.plan.zone;
  if (!enabled || !heatingEnabled) return false;
  // Unseen it gets no heat, but does not forget either that it had asked, or which source it was left with.
  if (temperatureC === null) return memory.heating;
  const hot = tempHotOk ?? tempTooHot;
  if (hot !== null && temperatureC >= hot) return false;
  // A frozen bank keeps asking until the block lifts, whatever the air says.
  if (zone.frozen) return true;
  if (tempTooCold === null) return false;
  if (temperatureC <= tempTooCold) return true;
  const warm = coldOk(tempColdOk, tempTooCold);
  return memory.heating && temperatureC < (bankIsCold ? Math.max(warm, THAWS_BANK_C) : warm);
}

/** Where heating ends, °C; Infinity where the zone names no limit. */
export function coldOk(tempColdOk: number | null, tempTooCold: number | null): number {
  if (tempColdOk !== null) return tempColdOk;
  return tempTooCold === null ? Number.POSITIVE_INFINITY : tempTooCold + DEFAULT_HYSTERESIS_C;
}

function sunAllows(tick: Tick, zone: ZoneView): boolean {
  const { onlyHeatWhenSolar, minimumSolarForHeatingWatts } = zone.plan.zone;
  if (zone.frozen) return tick.sunIsUp || (!onlyHeatWhenSolar && !tick.latched);
  if (!onlyHeatWhenSolar || minimumSolarForHeatingWatts === null) return true;
  return tick.pvW !== null && tick.pvW >= minimumSolarForHeatingWatts;
}

/** Whether nine tenths of the sun that started its heating are missing for certain. */
export function lacksSun(tick: Tick, zone: ZoneView): boolean {
  if (zone.frozen) return !tick.sunIsUp && (zone.plan.zone.onlyHeatWhenSolar || tick.latched);
  const { onlyHeatWhenSolar, minimumSolarForHeatingWatts } = zone.plan.zone;
  if (!onlyHeatWhenSolar || minimumSolarForHeatingWatts === null || tick.pvW === null) return false;
  return tick.pvW < RUN_SHARE * minimumSolarForHeatingWatts;
}

/**
 * The sun rule for a miner: one that heats goes on through a lack as short as its stop delay. Where only heating lets it
 * run, the first cloud would end it else.
 */
function sunLasts(
  tick: Tick,
  zone: ZoneView,
  { heater, surplusLost }: { readonly heater: LoadView; readonly surplusLost: boolean },
): boolean {
  const { memory } = zone;
  const heats = heater.on && memory.heatsOnSun && !surplusLost;
  const enough = zone.sunAllows || (heats && !lacksSun(tick, zone));
  memory.dimSince = since(tick, memory.dimSince, heats && !enough);
  const lasts = enough || (heats && !reached(tick, memory.dimSince, heater.plan.stopDelayMs));
  memory.heatsOnSun = lasts && heater.on;
  if (!memory.heatsOnSun) memory.dimSince = NONE;
  return lasts;
}

function chooseSource(tick: Tick, zone: ZoneView): void {
  const { memory, plan } = zone;
  if (!memory.heating) {
    memory.source = 1;
    memory.blockedSince = NONE;
    memory.hardBlockedSince = NONE;
    return;
  }
  const [first, second] = plan.sources;
  if (second === null || memory.source === 2) return;
  if (first === null) {
    memory.source = 2;
    return;
  }
  const blocked = memory.blockedSince !== NONE && reached(tick, memory.blockedSince, SOURCE_BLOCKED_MS);
  const hard =
    memory.hardBlockedSince !== NONE && reached(tick, memory.hardBlockedSince, SOURCE_HARD_BLOCKED_MS);
  if (blocked || hard) memory.source = 2;
}

export function activeSource(zone: ZoneView): LoadView['plan'] | null {
  return zone.plan.sources[zone.memory.source === 2 ? 1 : 0];
}

/** After all verdicts: how long the first source of each asking zone has been held back. */
export function followSources(tick: Tick): void {
  for (const zone of tick.zones) {
    const { memory } = zone;
    // Unseen it asks for nothing, and what it has waited for its first source counts on afterwards.
    if (memory.heating && zone.temperatureC === null) continue;
    const first = zone.plan.sources[0];
    const asking = zone.wantsHeat && zone.sunAllows && memory.source === 1 && first !== null;
    const load = asking ? tick.loads[first.index] : undefined;
    const blocked = load !== undefined && !serves(load);
    memory.blockedSince = since(tick, memory.blockedSince, blocked);
    memory.hardBlockedSince = since(
      tick,
      memory.hardBlockedSince,
      blocked && load !== undefined && !load.run.onlyTimes,
    );
  }
}

/** A start that is not observed heats nothing: a dead device must not keep the second source waiting. */
function serves(load: LoadView): boolean {
  return load.on && (load.verdict === 'KEEP_RUNNING' || load.verdict === 'OVERRIDDEN');
}

/** The zone asks for heat and this load is the one to give it. */
export function heatGates(load: LoadView, zone: ZoneView): void {
  const { run } = load;
  const forced = load.override?.state === 'on';
  const { tempColdOk, tempTooCold } = zone.plan.zone;
  const limit = forced ? coldOk(tempColdOk, tempTooCold) : tempTooCold;
  const { temperatureC } = zone;
  const cold = forced
    ? temperatureC !== null && (temperatureC < coldOk(tempColdOk, tempTooCold) || zone.frozen)
    : zone.wantsHeat;
  const pass = gate(run, 'temperature', cold);
  run.trace?.push({
    name: 'temperature',
    pass,
    value: temperatureC,
    limit,
    unit: '°C',
    relation: forced ? '<' : '≤',
    ageMs: zone.temperatureAgeMs,
    note:
      temperatureC === null
        ? 'the zone’s temperature is missing'
        : zone.frozen
          ? 'charging is blocked: the bank asks for heat'
          : undefined,
  });
  if (forced) return;
  const mine = load.heats || !zone.wantsHeat;
  gate(run, 'heating-priority', mine);
  run.trace?.push({
    name: 'heating-priority',
    pass: mine,
    value: activeSource(zone)?.name ?? null,
    unit: '',
  });
}
