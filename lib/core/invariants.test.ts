import { describe, expect, it } from 'vitest';
import { decide } from './decide';
import { initialMemory, restoreMemory } from './memory';
import {
  ALL,
  type Random,
  randomConfig,
  randomLoads,
  randomOf,
  randomReadings,
  snapshotAt,
} from './random-site.case';
import { observation, type Readings, T0 } from './scenario.case';
import type {
  DecideResult,
  KernelConfig,
  LoadObservation,
  Memory,
  MinerProfile,
  Override,
  Snapshot,
} from './types';

/**
 * Sequences of ticks on a crude bank whose loads obey (late, or not at all), with faults, clock jumps and
 * restarts; after every tick the invariants of control.md §8 that one kernel can be held to.
 */

const TICK_MS = 10_000;

interface Past {
  readonly snapshot: Snapshot;
  readonly result: DecideResult;
}

/** What an observer outside the kernel keeps, by the real time that passed. */
class Watch {
  /** Off → on transitions that were really sent, by load, in real time. */
  readonly starts = new Map<string, number[]>();
  readonly pending = new Set<string>();
  started = 0;
  onSince = new Map<string, number>();
  offSince = new Map<string, number>();
  displaced = new Map<string, number>();
  emergencyReadings = new Map<string, { sampleAt: number; count: number }>();
  chargeBlocked = new Map<string, boolean>();
  importingSince: number | null = null;
  /** Kernel time: every tick counts at most three. */
  clock = 0;
}

function isYoung(reading: { ageMs: number } | null, limitMs: number): boolean {
  return reading !== null && reading.ageMs <= limitMs;
}

/** Every violation at this tick, in words. */
function violations(config: KernelConfig, watch: Watch, { snapshot, result }: Past, dt: number): string[] {
  const found: string[] = [];
  watch.clock += dt;
  const { preferences } = config;
  const voltage = snapshot.battery.packVoltageV;
  const plausible =
    voltage !== null &&
    isYoung(voltage, 30_000) &&
    voltage.value >= preferences.batteryAbsoluteMin - 3 &&
    voltage.value <= preferences.batteryAbsoluteMax + 3;
  const grid = snapshot.power.gridW;
  if (grid !== null && grid.value > 100) watch.importingSince ??= watch.clock;
  else watch.importingSince = null;

  let startsNow = 0;
  for (const decision of result.decisions) {
    const { loadId: id, kind, verdict, desired } = decision;
    const seen = snapshot.loads[id];
    if (seen === undefined) continue;
    const on = seen.state === 'on' || seen.state === 'ramping';
    if (on || seen.state === 'unknown') {
      if (!watch.onSince.has(id)) watch.onSince.set(id, watch.clock);
      watch.offSince.delete(id);
    } else {
      if (!watch.offSince.has(id)) watch.offSince.set(id, watch.clock);
      watch.onSince.delete(id);
    }
    if (kind === 'fan') continue;
    const off = seen.state === 'off';
    const sendsOn = desired === 'on' && off;
    const isStart = sendsOn && !watch.pending.has(id);
    if (on) watch.pending.delete(id);
    if (!sendsOn) watch.pending.delete(id);
    else watch.pending.add(id);

    // I9
    if (desired === 'on' && config.controlMode !== 'automatic') found.push(`I9 ${id}`);
    if (kind === 'miner') checkEmergency(config, watch, { snapshot, result }, id, found, plausible);
    else if (plausible && voltage !== null && voltage.value <= preferences.voltageCriticalLow) {
      if (!off && verdict !== 'EMERGENCY_STOP' && result.battery.rawV !== null)
        found.push(`I1 heater ${id} ${verdict}`);
      if (sendsOn) found.push(`I1 heater start ${id}`);
    }
    // I6: what the override says holds only while it lasts.
    const override = config.overrides.find(
      (o) => o.loadId === id && o.startsAt <= snapshot.now && snapshot.now < o.endsAt,
    );
    if (verdict === 'OVERRIDDEN' && override === undefined) found.push(`I6 ${id}`);

    if (kind === 'heater') checkHeater(config, { snapshot, result }, id, found, on, sendsOn);

    if (isStart) {
      startsNow++;
      watch.started++;
      if (!plausible) found.push(`I2 ${id}`);
      if (
        watch.importingSince !== null &&
        watch.clock - watch.importingSince >= 30_000 &&
        !preferences.gridImportAllowed
      ) {
        found.push(`I11 ${id}`);
      }
      const minimumOffMs = kind === 'heater' ? 300_000 : minerOf(config, id).minimumOffMinutes * 60_000;
      const offSince = watch.offSince.get(id) ?? watch.clock;
      if (watch.clock - offSince < minimumOffMs)
        found.push(`I3 off ${id} ${(watch.clock - offSince) / 1000}`);
      const starts = (watch.starts.get(id) ?? []).filter((at) => watch.clock - at < 86_400_000);
      if (starts.length >= 12) found.push(`I7 thirteenth ${id}`);
      watch.starts.set(id, [...starts, watch.clock]);
      const ramping = result.decisions.find(
        (d) =>
          d.loadId !== id &&
          d.kind !== 'fan' &&
          snapshot.loads[d.loadId]?.state === 'ramping' &&
          watch.clock - (watch.onSince.get(d.loadId) ?? watch.clock) < 600_000 &&
          snapshot.loads[d.loadId]?.powerW === null,
      );
      if (ramping !== undefined) found.push(`I7 while ${ramping.loadId} ramps: ${id}`);
      checkBudget(config, { snapshot, result }, id, decision.probe, found);
      const displaced = watch.displaced.get(id);
      if (displaced !== undefined && watch.clock - displaced < 1_800_000 && override === undefined)
        found.push(`I15 ${id}`);
    }
    if (verdict === 'STOP' && decision.binding === 'displaced' && on && config.controlMode === 'automatic') {
      if (!watch.displaced.has(id) || watch.clock - (watch.displaced.get(id) ?? 0) >= 1_800_000) {
        watch.displaced.set(id, watch.clock);
      }
    }
    // I3: a stop inside the minimum on-time is one of the protections.
    if (desired === 'off' && on) {
      const minimumOnMs = kind === 'heater' ? 300_000 : minerOf(config, id).minimumOnMinutes * 60_000;
      const ran = watch.clock - (watch.onSince.get(id) ?? watch.clock);
      const economic = ['available', 'excess', 'sun', 'import', 'schedule', 'runtime', 'displaced'];
      if (ran < minimumOnMs && economic.includes(decision.binding ?? ''))
        found.push(`I3 on ${id} ${decision.binding} ${ran}`);
    }
    // I8
    if (seen.state === 'unknown') {
      const rated = kind === 'miner' ? minerOf(config, id).powerDrawWatts : 1500;
      if (decision.bookedW < rated) found.push(`I8 ${id} booked ${decision.bookedW}`);
    }
  }
  if (startsNow > 1) found.push(`I7 ${startsNow} starts at once`);
  checkCharging(config, watch, { snapshot, result }, found);
  return found;
}

function minerOf(config: KernelConfig, loadId: string): MinerProfile {
  const miner = config.miners.find((m) => `miner:${m.id}` === loadId);
  if (miner === undefined) throw new Error(loadId);
  return miner;
}

function checkEmergency(
  config: KernelConfig,
  watch: Watch,
  { snapshot, result }: Past,
  id: string,
  found: string[],
  plausible: boolean,
): void {
  const voltage = snapshot.battery.packVoltageV;
  // A voltage that the kernel found frozen proves nothing.
  if (!plausible || voltage === null || result.battery.stale) return;
  const miner = minerOf(config, id);
  const before = watch.emergencyReadings.get(id) ?? { sampleAt: -1, count: 0 };
  const count =
    voltage.sampleAt === before.sampleAt
      ? before.count
      : voltage.value <= miner.emergencyStopVoltage
        ? before.count + 1
        : 0;
  watch.emergencyReadings.set(id, { sampleAt: voltage.sampleAt, count });
  const emergency = count >= 2 || voltage.value <= config.preferences.voltageCriticalLow;
  if (!emergency) return;
  const decision = result.decisions.find((d) => d.loadId === id);
  const state = snapshot.loads[id]?.state;
  if (state !== 'off' && decision?.verdict !== 'EMERGENCY_STOP')
    found.push(`I1 ${id} is ${state}: ${decision?.verdict}`);
  if (state !== 'off' && config.controlMode === 'automatic' && decision?.desired !== 'off')
    found.push(`I1 no off ${id}`);
  if (state === 'off' && decision?.desired === 'on') found.push(`I1 start ${id}`);
}

function checkHeater(
  config: KernelConfig,
  { snapshot, result }: Past,
  id: string,
  found: string[],
  on: boolean,
  sendsOn: boolean,
): void {
  const zone = config.zones.find((z) => `heater:${z.id}` === id);
  if (zone === undefined) return;
  const decision = result.decisions.find((d) => d.loadId === id);
  const assessed = result.zones.find((z) => z.zoneId === zone.id);
  const reading = snapshot.zones[zone.id]?.temperatureC ?? null;
  const known = reading !== null && isYoung(reading, 30_000) && reading.value > -60 && reading.value < 120;
  const keeps = on && decision?.verdict === 'KEEP_RUNNING';
  if (!known && (sendsOn || keeps)) found.push(`I12 unknown ${id}`);
  if (
    known &&
    zone.tempColdOk !== null &&
    reading.value >= zone.tempColdOk &&
    assessed?.chargingBlocked !== true
  ) {
    if (sendsOn || keeps) found.push(`I12 warm ${id} ${reading.value}`);
  }
}

/** I4, and the inverter: everything that draws power now, plus the start. */
function checkBudget(
  config: KernelConfig,
  { snapshot, result }: Past,
  id: string,
  probe: boolean,
  found: string[],
): void {
  const { budget, decisions } = result;
  const { preferences } = config;
  if (budget.surplusW === null || budget.houseW === null) {
    found.push(`I4 ${id} without a known surplus`);
    return;
  }
  const draw = (loadId: string): number => decisions.find((d) => d.loadId === loadId)?.bookedW ?? 0;
  const drawing = decisions
    .filter((d) => d.kind !== 'fan' && snapshot.loads[d.loadId]?.state !== 'off')
    .reduce((sum, d) => sum + d.bookedW, 0);
  const override = config.overrides.some((o) => o.loadId === id);
  const pool = override ? preferences.maxBatteryDischargeWatts : budget.poolW;
  const reserved = budget.reservedW;
  if (!probe && reserved + draw(id) > budget.surplusW + pool) {
    found.push(`I4 ${id}: ${reserved} + ${draw(id)} > ${budget.surplusW} + ${pool}`);
  }
  const own = decisions.findIndex((d) => d.loadId === id);
  const kept = decisions
    .filter((d, i) => i < own && d.verdict === 'WAIT' && snapshot.loads[d.loadId]?.state === 'off')
    .reduce((sum, d) => sum + d.bookedW, 0);
  if (!probe && reserved + kept + draw(id) > budget.surplusW + pool) {
    found.push(`I10 ${id}: ${kept} W are kept for a higher priority`);
  }
  const limit = preferences.inverterMaxWatts === null ? null : 0.9 * preferences.inverterMaxWatts;
  if (limit !== null && budget.houseW + drawing + draw(id) > limit + 1e-6) {
    found.push(`inverter ${id}: ${budget.houseW} + ${drawing} + ${draw(id)} > ${limit}`);
  }
}

function checkCharging(
  config: KernelConfig,
  watch: Watch,
  { snapshot, result }: Past,
  found: string[],
): void {
  const battery = snapshot.battery.temperatureC;
  const good = (r: typeof battery): number | null =>
    r !== null && isYoung(r, 30_000) && r.value > -60 && r.value < 120 ? r.value : null;
  for (const zone of config.zones) {
    const limit = zone.blockChargingBelowTemp;
    if (limit === null) continue;
    const known = [good(battery), good(snapshot.zones[zone.id]?.temperatureC ?? null)].filter(
      (t) => t !== null,
    );
    const lowest = Math.min(...known);
    const before = watch.chargeBlocked.get(zone.id) ?? false;
    const must = known.length > 0 && (lowest < limit || (before && lowest < limit + 2));
    if (must && result.chargePermission.permitted) found.push(`I5 ${zone.id} at ${lowest} °C`);
    watch.chargeBlocked.set(zone.id, result.chargePermission.zoneIds.includes(zone.id));
  }
}

/** A crude site: voltage drifts with the net power, loads follow commands late, sometimes not, sometimes by themselves. */
function nextReadings(random: Random, readings: Readings): Readings {
  const { chance, int } = random;
  if (chance(0.01)) return { ...randomReadings(random), minute: readings.minute ?? 0 };
  const drift = chance(0.1) ? int(-60, 60) / 100 : int(-3, 3) / 100;
  return {
    ...readings,
    v: chance(0.02) ? random.pick([null, 65.535, 0, 43.9, 45]) : clamp((readings.v ?? 52) + drift, 42, 60),
    pv: chance(0.02)
      ? random.pick([null, 0, 12_000, -50, 65_535])
      : clamp((readings.pv ?? 6000) + int(-300, 300), 0, 13_000),
    load: chance(0.02)
      ? random.pick([null, 9000, -500])
      : clamp((readings.load ?? 2000) + int(-200, 200), 100, 9000),
    grid: chance(0.02) ? random.pick([null, 0, 500]) : readings.grid,
    batteryW: int(-4000, 4000),
    a: int(-800, 800) / 10,
    heatRoomC: chance(0.02) ? random.pick([null, -127, -5, 42, 20]) : wander(random, readings.heatRoomC),
    mainRoomC: chance(0.02) ? random.pick([null, -8, 36, 20]) : wander(random, readings.mainRoomC),
  };
}

function wander(random: Random, value: number | null | undefined): number {
  return Math.round(clamp((value ?? 20) + random.int(-2, 2) / 10, -20, 50) * 10) / 10;
}

function clamp(value: number, low: number, high: number): number {
  return Math.round(Math.min(Math.max(value, low), high) * 100) / 100;
}

function obey(
  random: Random,
  loads: Record<string, LoadObservation>,
  result: DecideResult,
  now: number,
): Record<string, LoadObservation> {
  const next: Record<string, LoadObservation> = {};
  for (const [id, kind] of ALL) {
    const seen = loads[id] ?? observation(now, kind, 'off');
    const wanted = result.decisions.find((d) => d.loadId === id)?.desired;
    let state = seen.state;
    if (state === 'unknown' && random.chance(0.2)) state = random.pick(['on', 'off']);
    else if (random.chance(0.003)) state = random.pick(['on', 'off', 'unknown']);
    else if (wanted === 'on' && state === 'off' && random.chance(0.6))
      state = kind === 'fan' ? 'on' : 'ramping';
    else if (wanted === 'off' && state !== 'off' && random.chance(0.7)) state = 'off';
    else if (state === 'ramping' && random.chance(0.2)) state = 'on';
    next[id] = { ...seen, state, reachable: random.chance(0.995) };
  }
  return next;
}

function runSequence(seed: number, ticks: number): { starts: number; found: string[] } {
  const random = randomOf(seed);
  let config = randomConfig(
    random,
    random.pick(['automatic', 'automatic', 'automatic', 'advisory', 'paused']),
  );
  let memory: Memory = initialMemory(T0);
  let now = T0;
  let readings: Readings = {
    ...randomReadings(random),
    v: random.int(4900, 5700) / 100,
    pv: random.int(2000, 12_000),
    load: random.int(300, 2500),
    sunny: 'yes',
  };
  let loads = randomLoads(random, now);
  const watch = new Watch();
  const found: string[] = [];
  for (let i = 0; i < ticks && found.length === 0; i++) {
    if (random.chance(0.004)) config = { ...config, overrides: randomOverrides(random, now) };
    const held = random.chance(0.03);
    const snapshot = snapshotAt(
      now,
      held ? { ...readings, ageMs: random.pick([5000, 40_000]) } : readings,
      loads,
    );
    const input = deepFreeze({ snapshot, config, memory });
    const result = decide(input);
    const lastNow = Number(memory.now);
    const dt = Math.min(Math.max(snapshot.now - lastNow, 0), 3 * TICK_MS);
    for (const v of violations(config, watch, { snapshot, result }, dt))
      found.push(`seed ${seed} tick ${i}: ${v}`);
    if (random.chance(0.2)) {
      // I16, and a repeated tick changes nothing.
      expect(decide(input)).toStrictEqual(result);
      const again = decide({ snapshot, config, memory: result.memory });
      expect(again.decisions).toStrictEqual(result.decisions);
      expect(again.memory).toStrictEqual(result.memory);
    }
    memory = JSON.parse(JSON.stringify(result.memory));
    loads = obey(random, loads, result, now);
    readings = nextReadings(random, readings);
    now += random.chance(0.01) ? random.pick([0, -3_600_000, 3_600_000, 60_000]) : TICK_MS;
    if (random.chance(0.003)) {
      // Downtime counts towards minimum off-time, and towards nothing else.
      const downMs = Math.max(0, now - Number(memory.now));
      for (const [id, since] of watch.offSince) watch.offSince.set(id, since - downMs);
      memory = restoreMemory(JSON.parse(JSON.stringify(memory)), now);
    }
  }
  return { starts: watch.started, found };
}

function randomOverrides(random: Random, now: number): Override[] {
  const id = random.pick(ALL)[0];
  return [
    {
      id: 'o',
      loadId: id,
      state: random.pick(['on', 'off']),
      startsAt: now,
      endsAt: now + random.int(1, 120) * 60_000,
    },
  ];
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

describe('invariants over random sequences of ticks', () => {
  it('holds I1–I12, I15 and I16 with faults, jumps, overrides and restarts', () => {
    const found: string[] = [];
    let starts = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const run = runSequence(seed, 500);
      found.push(...run.found);
      starts += run.starts;
    }
    console.log(`${starts} starts`);
    expect(found).toEqual([]);
    // A kernel that starts nothing would hold every invariant.
    expect(starts).toBeGreaterThan(50);
  }, 60_000);
});
