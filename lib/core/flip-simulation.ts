import type { KernelMemory } from './memory';
import { step } from './session';
import type { LoadView, Tick } from './tick';
import type { DecideInput, FlipQuantity, MaybeReading, Memory, Snapshot, Verdict } from './types';

/** Values that stand in for the measured ones. */
export type Changed = Partial<Record<FlipQuantity, number>>;

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;
const MINUTES_PER_DAY = 1440;

/**
 * The snapshot as it would be `elapsedMs` later with some readings changed: ages fresh, local time moving,
 * everything else as it is (control.md §9).
 */
export function repeated(
  snapshot: Snapshot,
  changed: Changed,
  zoneId: string | null,
  elapsedMs: number,
): Snapshot {
  const now = snapshot.now + elapsedMs;
  const fresh = (reading: MaybeReading, value?: number): MaybeReading =>
    reading === null ? null : { value: value ?? reading.value, sampleAt: now, ageMs: 0 };
  // Offsets of local time are whole minutes, so the second is that of the epoch.
  const minutes = snapshot.localMinute + Math.floor(((snapshot.now % MINUTE_MS) + elapsedMs) / MINUTE_MS);
  const days = Math.floor(minutes / MINUTES_PER_DAY);

  const loads: Record<string, Snapshot['loads'][string]> = {};
  for (const id in snapshot.loads) {
    const load = snapshot.loads[id];
    if (load !== undefined) loads[id] = { ...load, powerW: fresh(load.powerW) };
  }
  const zones: Record<string, Snapshot['zones'][string]> = {};
  for (const id in snapshot.zones) {
    const zone = snapshot.zones[id];
    if (zone === undefined) continue;
    zones[id] = {
      temperatureC: fresh(zone.temperatureC, id === zoneId ? changed.zoneTemperatureC : undefined),
    };
  }
  const { battery, power } = snapshot;
  return {
    ...snapshot,
    now,
    localMinute: minutes % MINUTES_PER_DAY,
    localDate: days === 0 ? snapshot.localDate : laterDate(snapshot.localDate, days),
    battery: {
      ...battery,
      packVoltageV: fresh(battery.packVoltageV, changed.packVoltageV),
      currentA: fresh(battery.currentA),
      powerW: fresh(battery.powerW),
      temperatureC: fresh(battery.temperatureC),
      reportedSocPct: fresh(battery.reportedSocPct),
    },
    power: {
      pvW: fresh(power.pvW, changed.pvW),
      loadW: fresh(power.loadW, changed.loadW),
      gridW: fresh(power.gridW),
    },
    loads,
    zones,
  };
}

function laterDate(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export interface Outcome {
  readonly verdict: Verdict;
  readonly holdSeconds: number;
}

/**
 * Repeats the changed snapshot every tick until one of the target verdicts comes, for at most 24 h; null if
 * none does. Ticks at which nothing can happen are crossed in one step: what is due next is what `step` noted.
 */
export function simulate(
  input: DecideInput,
  load: LoadView,
  changed: Changed,
  targets: readonly Verdict[],
): Outcome | null {
  const { snapshot, config } = input;
  const tickMs = snapshot.tickSeconds * 1000;
  const zoneId = load.plan.zone?.id ?? null;
  const lastTick = Math.floor(DAY_MS / tickMs);
  let memory: Memory = input.memory;
  let at = 0;
  let advance = 1;
  for (;;) {
    const elapsedMs = at * tickMs;
    const tick = step(
      { snapshot: repeated(snapshot, changed, zoneId, elapsedMs), config, memory },
      null,
      advance === 1 ? null : advance * tickMs,
    );
    const verdict = tick.loads[load.plan.index]?.verdict;
    if (verdict !== undefined && targets.includes(verdict)) return { verdict, holdSeconds: elapsedMs / 1000 };
    const settled = at > 0 && sameState(memory as KernelMemory, tick.memory);
    memory = tick.memory;
    if (at >= lastTick) return null;
    // Up to one tick before what is due: sums of power must be formed with the rates of their own time.
    const quiet = settled ? Math.min(ticksUntil(tick.nextMs, tickMs), ticksUntilTurn(tick, tickMs)) - 1 : 0;
    advance = Math.min(Math.max(1, quiet), lastTick - at);
    at += advance;
  }
}

function ticksUntil(ms: number, tickMs: number): number {
  return ms === Number.POSITIVE_INFINITY ? Number.MAX_SAFE_INTEGER : Math.max(1, Math.ceil(ms / tickMs));
}

/** The next hour at which a schedule or the date turns. */
function ticksUntilTurn(tick: Tick, tickMs: number): number {
  const { localMinute, now } = tick.snapshot;
  let minutes = MINUTES_PER_DAY - localMinute;
  for (const { miner } of tick.plan.miners) {
    if (miner === null) continue;
    for (const hour of [miner.preferTimeStart, miner.preferTimeEnd]) {
      if (hour !== null && hour * 60 > localMinute) minutes = Math.min(minutes, hour * 60 - localMinute);
    }
  }
  return Math.max(1, Math.ceil((minutes * MINUTE_MS - (now % MINUTE_MS)) / tickMs));
}

/** Fields that move with every tick without deciding anything before their own due time. */
const MOVING: ReadonlySet<string> = new Set([
  'now',
  'clockMs',
  'voltageSampleAt',
  'goodVoltageSince',
  'takenWms',
  'loads',
  'zones',
  'runtimeMs',
  'deficit',
  'lockSince',
  'fanShutSince',
]);

function sameState(before: KernelMemory, after: KernelMemory): boolean {
  if (!sameFields(before, after)) return false;
  return (
    after.loads.every((load, i) => sameFields(before.loads[i], load)) &&
    after.zones.every((zone, i) => sameFields(before.zones[i], zone))
  );
}

function sameFields<T extends object>(before: T | undefined, after: T | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  for (const key in after) {
    if (before[key] !== after[key] && !MOVING.has(key)) return false;
  }
  return true;
}
