import { newGateRun } from './gate-run';
import { asKernelMemory, initialLoadMemory, initialZoneMemory, type KernelMemory, NONE } from './memory';
import { copyLoadMemory, copyRootMemory, copyZoneMemory } from './memory-copy';
import { type PlannedLoad, type PlannedZone, planOf } from './plan';
import type { LoadView, Tick, ZoneView } from './tick';
import type { DecideInput, Override } from './types';

/** As `traceId`: collect the gates of every load. */
export const ALL_LOADS = '*';

/** Timers move by at most this many nominal ticks per tick (control.md §1). */
const LARGEST_STEP_TICKS = 3;
const DAY_MS = 24 * 60 * 60_000;

/**
 * A tick with its own copy of the memory. `advanceMs` replaces the time since the last tick where a repeated
 * snapshot is followed across many ticks at once (flips only).
 */
export function beginTick(input: DecideInput, traceId: string | null, advanceMs: number | null): Tick {
  const { snapshot, config } = input;
  const plan = planOf(config);
  const before = asKernelMemory(input.memory);
  const limitMs = LARGEST_STEP_TICKS * snapshot.tickSeconds * 1000;
  const dt = advanceMs ?? Math.min(Math.max(snapshot.now - before.now, 0), limitMs);
  const newDay = snapshot.localDate > before.localDate;
  const memory = copyRootMemory(before);
  memory.now = snapshot.now;
  memory.clockMs = before.clockMs + dt;
  // A step back of a day is followed by its return; a longer one says that the date had jumped ahead.
  if (newDay || daysBetween(snapshot.localDate, before.localDate) > 1) memory.localDate = snapshot.localDate;
  // The clock was set back: what settled "later" has settled by now.
  if (memory.settledAt > snapshot.now) memory.settledAt = snapshot.now;
  const tick: Tick = {
    snapshot,
    config,
    plan,
    memory,
    now: snapshot.now,
    clock: memory.clockMs,
    dt,
    newDay: newDay && before.localDate !== '',
    nextMs: Number.POSITIVE_INFINITY,
    traceId,
    rawV: null,
    currentA: null,
    batteryW: null,
    batteryTemperatureC: null,
    socPct: null,
    pvW: null,
    loadW: null,
    gridW: null,
    badReadings: [],
    newVoltage: false,
    voltageAgeMs: 0,
    voltageLost: false,
    controlV: null,
    compensated: false,
    currentMissing: false,
    dischargeW: null,
    band: 'UNKNOWN',
    latched: true,
    importing: false,
    throttledToStart: false,
    throttledToRun: false,
    sunIsUp: false,
    chargingBlocked: false,
    houseW: null,
    surplusW: null,
    carriedW: 0,
    reservedW: 0,
    poolW: 0,
    unsureW: 0,
    ramping: null,
    sampledSinceSettled: false,
    started: null,
    probing: null,
    loads: [],
    heaters: [],
    miners: [],
    fans: [],
    zones: [],
  };
  for (const zone of plan.zones) tick.zones.push(beginZone(tick, before, zone));
  for (const load of plan.heaters) tick.heaters.push(beginLoad(tick, before, load));
  for (const load of plan.miners) tick.miners.push(beginLoad(tick, before, load));
  for (const load of plan.fans) tick.fans.push(beginLoad(tick, before, load));
  return tick;
}

/** Whole days from one local date back to an earlier one; 0 where they are the same or one is none. */
function daysBetween(earlier: string, later: string): number {
  if (earlier >= later) return 0;
  const days = Math.round((Date.parse(later) - Date.parse(earlier)) / DAY_MS);
  return Number.isFinite(days) ? days : 0;
}

/** By position, as long as the configuration is the same; else by id. */
function remembered<T extends { readonly id: string }>(
  list: readonly T[],
  index: number,
  id: string,
): T | undefined {
  const there = list[index];
  return there?.id === id ? there : list.find((entry) => entry.id === id);
}

function beginZone(tick: Tick, before: KernelMemory, plan: PlannedZone): ZoneView {
  const known = remembered(before.zones, plan.index, plan.zone.id);
  const memory = known === undefined ? initialZoneMemory(plan.zone.id) : copyZoneMemory(known);
  tick.memory.zones.push(memory);
  return {
    plan,
    memory,
    temperatureC: null,
    temperatureAgeMs: null,
    blocked: false,
    wantsHeat: false,
    sunAllows: true,
    frozen: false,
    fan: null,
  };
}

function beginLoad(tick: Tick, before: KernelMemory, plan: PlannedLoad): LoadView {
  const known = remembered(before.loads, plan.index, plan.id);
  const memory = known === undefined ? initialLoadMemory(plan.id) : copyLoadMemory(known);
  tick.memory.loads.push(memory);
  const observation = tick.snapshot.loads[plan.id] ?? null;
  const zone = plan.zoneIndex === NONE ? null : (tick.zones[plan.zoneIndex] ?? null);
  const automatic = tick.config.controlMode === 'automatic';
  const controllable = observation?.controllable !== false;
  const view: LoadView = {
    plan,
    id: plan.id,
    memory,
    observation,
    zone,
    run: newGateRun(tick.traceId === ALL_LOADS || tick.traceId === plan.id),
    override: overrideOf(tick, plan.id),
    acts: automatic && controllable,
    books: controllable,
    on: false,
    unknown: false,
    absent: false,
    reachable: false,
    pending: false,
    stopping: false,
    ramping: false,
    reserved: false,
    drawW: plan.ratedW,
    measuredW: null,
    leftW: 0,
    unreservedW: 0,
    carriedBeforeW: 0,
    heats: false,
    displacedBy: null,
    verdict: 'WAIT',
    binding: null,
    desired: null,
    fanSpeed: null,
    bookedW: 0,
    dueMs: null,
    asProbe: false,
  };
  tick.loads.push(view);
  if (plan.kind === 'fan' && zone !== null) zone.fan = view;
  return view;
}

/**
 * The override in force now: it begins at `startsAt` and has ended at `endsAt`. The newest wins; of two that
 * began at the same moment, off.
 */
function overrideOf(tick: Tick, loadId: string): Override | null {
  let found: Override | null = null;
  for (const override of tick.config.overrides) {
    if (override.loadId !== loadId) continue;
    for (const at of [override.startsAt, override.endsAt]) {
      if (at > tick.now) tick.nextMs = Math.min(tick.nextMs, at - tick.now);
    }
    if (tick.now < override.startsAt || tick.now >= override.endsAt) continue;
    const newer = found === null || override.startsAt > found.startsAt;
    if (newer || (override.startsAt === found?.startsAt && override.state === 'off')) found = override;
  }
  return found;
}
