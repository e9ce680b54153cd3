import { beginGateRun, newGateRun } from './gate-run';
import { asKernelMemory, initialLoadMemory, initialZoneMemory, type KernelMemory, NONE } from './memory';
import { copyLoadMemory, copyRootMemory, copyZoneMemory } from './memory-copy';
import { observe } from './observer';
import { type PlannedLoad, type PlannedZone, planOf } from './plan';
import type { LoadView, Tick, ZoneView } from './tick';
import type { KernelConfig, Memory, Override, Snapshot } from './types';
import { DAY_MS } from './units';

/** As `traceId`: collect the gates of every load. */
export const ALL_LOADS = '*';

/** Timers move by at most this many nominal ticks per tick (control.md §1). */
const LARGEST_STEP_TICKS = 3;

/** Before the first snapshot. */
const NOTHING_SEEN: Snapshot = {
  now: 0,
  localDate: '',
  localMinute: 0,
  tickSeconds: 0,
  battery: {
    packVoltageV: null,
    currentA: null,
    powerW: null,
    temperatureC: null,
    reportedSocPct: null,
    chargeStage: 'unknown',
  },
  power: { pvW: null, loadW: null, gridW: null },
  sky: { clearSkyW: null, forecastW: null, sunny: 'unknown', sunElevationDeg: null },
  loads: {},
  zones: {},
};

/** A tick that has not begun, with its own copy of the memory. `traceId`: the load of which every gate is collected. */
export function openTick(config: KernelConfig, memory: Memory, traceId: string | null): Tick {
  const plan = planOf(config);
  const before = asKernelMemory(memory);
  const tick: Tick = {
    snapshot: NOTHING_SEEN,
    config,
    plan,
    memory: copyRootMemory(before),
    now: 0,
    clock: 0,
    dt: 0,
    repeated: false,
    newDay: false,
    nextMs: Number.POSITIVE_INFINITY,
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
    minersDrawW: 0,
    reservedW: 0,
    poolW: 0,
    poolCapWms: null,
    nightFirst: false,
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
  for (const zone of plan.zones) tick.zones.push(openZone(tick, before, zone));
  for (const load of plan.heaters) tick.heaters.push(openLoad(tick, before, load, traceId));
  for (const load of plan.miners) tick.miners.push(openLoad(tick, before, load, traceId));
  for (const load of plan.fans) tick.fans.push(openLoad(tick, before, load, traceId));
  return tick;
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

function openZone(tick: Tick, before: KernelMemory, plan: PlannedZone): ZoneView {
  const known = remembered(before.zones, plan.index, plan.zone.id);
  const memory = known === undefined ? initialZoneMemory(plan.zone.id) : copyZoneMemory(known);
  tick.memory.zones.push(memory);
  return {
    plan,
    memory,
    observation: null,
    temperatureC: null,
    temperatureAgeMs: null,
    blocked: false,
    wantsHeat: false,
    sunAllows: true,
    frozen: false,
    fan: null,
  };
}

function openLoad(tick: Tick, before: KernelMemory, plan: PlannedLoad, traceId: string | null): LoadView {
  const known = remembered(before.loads, plan.index, plan.id);
  const memory = known === undefined ? initialLoadMemory(plan.id) : copyLoadMemory(known);
  tick.memory.loads.push(memory);
  const zone = plan.zoneIndex === NONE ? null : (tick.zones[plan.zoneIndex] ?? null);
  const view: LoadView = {
    plan,
    id: plan.id,
    memory,
    observation: null,
    zone,
    run: newGateRun(traceId === ALL_LOADS || traceId === plan.id),
    override: null,
    acts: false,
    books: true,
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
    heatsFrozen: false,
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

/** Brings an open tick to the next snapshot and its loads to what is observed; its memory is that of the tick before. */
export function beginTick(tick: Tick, snapshot: Snapshot): void {
  const { memory } = tick;
  const limitMs = LARGEST_STEP_TICKS * snapshot.tickSeconds * 1000;
  const dt = Math.min(Math.max(snapshot.now - memory.now, 0), limitMs);
  beginDate(tick, snapshot.localDate);
  tick.repeated = snapshot.now === memory.now;
  memory.now = snapshot.now;
  memory.clockMs += dt;
  // The clock was set back: what settled "later" has settled by now.
  if (memory.settledAt > snapshot.now) memory.settledAt = snapshot.now;
  // A replay shows the same objects again and again: looking them up by name is what would take longest here.
  if (snapshot.loads !== tick.snapshot.loads || snapshot.zones !== tick.snapshot.zones) look(tick, snapshot);
  tick.snapshot = snapshot;
  tick.now = snapshot.now;
  tick.clock = memory.clockMs;
  tick.dt = dt;
  tick.nextMs = Number.POSITIVE_INFINITY;
  forget(tick);
  const automatic = tick.config.controlMode === 'automatic';
  for (const load of tick.loads) {
    beginLoad(tick, load, automatic);
    observe(tick, load);
  }
}

/** Finds what is seen of each load and zone. */
function look(tick: Tick, { loads, zones }: Snapshot): void {
  for (const load of tick.loads) load.observation = loads[load.id] ?? null;
  for (const zone of tick.zones) zone.observation = zones[zone.plan.zone.id] ?? null;
}

function beginDate(tick: Tick, localDate: string): void {
  const { memory } = tick;
  const before = memory.localDate;
  tick.newDay = false;
  if (localDate === before) return;
  const forward = localDate > before;
  // A step back of a day is followed by its return; a longer one says that the date had jumped ahead.
  if (forward || daysBetween(localDate, before) > 1) memory.localDate = localDate;
  tick.newDay = forward && before !== '';
}

/** Whole days from one local date back to an earlier one; 0 where they are the same or one is none. */
function daysBetween(earlier: string, later: string): number {
  if (earlier >= later) return 0;
  const days = Math.round((Date.parse(later) - Date.parse(earlier)) / DAY_MS);
  return Number.isFinite(days) ? days : 0;
}

function forget(tick: Tick): void {
  tick.rawV = null;
  tick.currentA = null;
  tick.batteryW = null;
  tick.batteryTemperatureC = null;
  tick.socPct = null;
  tick.pvW = null;
  tick.loadW = null;
  tick.gridW = null;
  if (tick.badReadings.length > 0) tick.badReadings.length = 0;
  tick.newVoltage = false;
  tick.voltageAgeMs = 0;
  tick.voltageLost = false;
  tick.controlV = null;
  tick.compensated = false;
  tick.currentMissing = false;
  tick.dischargeW = null;
  tick.band = 'UNKNOWN';
  tick.latched = true;
  tick.importing = false;
  tick.throttledToStart = false;
  tick.throttledToRun = false;
  tick.sunIsUp = false;
  tick.chargingBlocked = false;
  tick.houseW = null;
  tick.surplusW = null;
  tick.minersDrawW = 0;
  tick.reservedW = 0;
  tick.poolW = 0;
  tick.poolCapWms = null;
  tick.nightFirst = false;
  tick.unsureW = 0;
  tick.ramping = null;
  tick.sampledSinceSettled = false;
  tick.started = null;
  tick.probing = null;
}

function beginLoad(tick: Tick, load: LoadView, automatic: boolean): void {
  const controllable = load.observation?.controllable !== false;
  beginGateRun(load.run);
  load.override = tick.config.overrides.length === 0 ? null : overrideOf(tick, load.id);
  load.acts = automatic && controllable;
  // As for the site as a whole.
  if (load.memory.settledAt > tick.now) load.memory.settledAt = tick.now;
  load.books = controllable;
  load.on = false;
  load.unknown = false;
  load.absent = false;
  load.reachable = false;
  load.pending = false;
  load.stopping = false;
  load.ramping = false;
  load.reserved = false;
  load.drawW = load.plan.ratedW;
  load.measuredW = null;
  load.leftW = 0;
  load.unreservedW = 0;
  load.carriedBeforeW = 0;
  load.heats = false;
  load.heatsFrozen = false;
  load.displacedBy = null;
  load.verdict = 'WAIT';
  load.binding = null;
  load.desired = null;
  load.fanSpeed = null;
  load.bookedW = 0;
  load.dueMs = null;
  load.asProbe = false;
}

/**
 * The override in force now: it begins at `startsAt` and has ended at `endsAt`. The newest wins; of two that
 * began at the same moment, off.
 */
function overrideOf(tick: Tick, loadId: string): Override | null {
  let found: Override | null = null;
  for (const override of tick.config.overrides) {
    if (override.loadId !== loadId) continue;
    noteTurn(tick, override.startsAt);
    noteTurn(tick, override.endsAt);
    if (tick.now < override.startsAt || tick.now >= override.endsAt) continue;
    const newer = found === null || override.startsAt > found.startsAt;
    if (newer || (override.startsAt === found?.startsAt && override.state === 'off')) found = override;
  }
  return found;
}

function noteTurn(tick: Tick, at: number): void {
  if (at > tick.now && at - tick.now < tick.nextMs) tick.nextMs = at - tick.now;
}
