import { MemoryWatch } from './memory-watch';
import { Session } from './session';
import type { LoadView, Tick } from './tick';
import type { DecideInput, FlipQuantity, MaybeReading, Reading, Snapshot, Verdict } from './types';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Values that stand in for the measured ones. */
export type Changed = Partial<Record<FlipQuantity, number>>;

export const DAY_MS = 24 * 60 * 60_000;
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

/** A snapshot that is repeated again and again: the same objects, so that a day of ticks allocates nothing. */
export class Repeated {
  readonly snapshot: Snapshot;
  private readonly root: Mutable<Snapshot>;
  private readonly readings: Mutable<Reading>[] = [];
  private readonly minuteMs: number;
  private days = 0;

  constructor(
    private readonly first: Snapshot,
    changed: Changed,
    zoneId: string | null,
  ) {
    this.root = repeated(first, changed, zoneId, 0);
    this.snapshot = this.root;
    this.minuteMs = first.now % MINUTE_MS;
    const { battery, power, loads, zones } = this.root;
    for (const reading of [
      battery.packVoltageV,
      battery.currentA,
      battery.powerW,
      battery.temperatureC,
      battery.reportedSocPct,
      power.pvW,
      power.loadW,
      power.gridW,
      ...Object.values(loads).map((load) => load.powerW),
      ...Object.values(zones).map((zone) => zone.temperatureC),
    ]) {
      if (reading !== null) this.readings.push(reading);
    }
  }

  /** As `repeated`. */
  passTo(elapsedMs: number): void {
    const { first, root } = this;
    const now = first.now + elapsedMs;
    root.now = now;
    for (const reading of this.readings) reading.sampleAt = now;
    const minutes = first.localMinute + Math.floor((this.minuteMs + elapsedMs) / MINUTE_MS);
    const days = Math.floor(minutes / MINUTES_PER_DAY);
    root.localMinute = minutes % MINUTES_PER_DAY;
    if (days === this.days) return;
    this.days = days;
    root.localDate = days === 0 ? first.localDate : laterDate(first.localDate, days);
  }
}

/**
 * Repeats the changed snapshot every tick until one of the target verdicts comes, for at most `limitMs`; null if
 * none does. Ticks at which nothing can happen are crossed in one step: what is due next is what the tick noted.
 */
export function simulate(
  input: DecideInput,
  load: LoadView,
  changed: Changed,
  { targets, limitMs }: { readonly targets: readonly Verdict[]; readonly limitMs: number },
): Outcome | null {
  const { snapshot, config } = input;
  const tickMs = snapshot.tickSeconds * 1000;
  const lastTick = Math.floor(limitMs / tickMs);
  const world = new Repeated(snapshot, changed, load.plan.zone?.id ?? null);
  const session = new Session(config, input.memory);
  let watch: MemoryWatch | null = null;
  let at = 0;
  let advance = 1;
  for (;;) {
    const elapsedMs = at * tickMs;
    world.passTo(elapsedMs);
    const tick = session.advance(world.snapshot, advance === 1 ? null : advance * tickMs);
    const verdict = tick.loads[load.plan.index]?.verdict;
    if (verdict !== undefined && targets.includes(verdict)) return { verdict, holdSeconds: elapsedMs / 1000 };
    if (at >= lastTick) return null;
    const settled = watch !== null && !watch.hasChanged();
    watch ??= new MemoryWatch(tick.memory);
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
