import { cannotStart, neededToStart } from './cannot-start';
import { MemoryWatch } from './memory-watch';
import type { Plan } from './plan';
import { Session } from './session';
import type { LoadView, Tick } from './tick';
import type { DecideInput, FlipQuantity, MaybeReading, Reading, Snapshot } from './types';
import { DAY_MS, MINUTE_MS, MINUTES_PER_DAY } from './units';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Values that stand in for the measured ones. */
export type Changed = Partial<Record<FlipQuantity, number>>;

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
  readonly verdict: 'START' | 'STOP' | 'EMERGENCY_STOP';
  readonly holdSeconds: number;
}

/** A snapshot that is repeated again and again: the same objects, so that a day of ticks allocates nothing. */
export class Repeated {
  readonly snapshot: Snapshot;
  private readonly root: Mutable<Snapshot>;
  private readonly readings: Mutable<Reading>[] = [];
  private readonly minuteMs: number;
  private days = 0;

  constructor(private readonly first: Snapshot) {
    this.root = repeated(first, {}, null, 0);
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

  /** As `repeated`; what was changed before and is not now is again as it was first. */
  show(changed: Changed, zoneId: string | null, elapsedMs: number): void {
    const { first, root } = this;
    const now = first.now + elapsedMs;
    root.now = now;
    for (const reading of this.readings) reading.sampleAt = now;
    set(root.battery.packVoltageV, changed.packVoltageV ?? first.battery.packVoltageV?.value);
    set(root.power.pvW, changed.pvW ?? first.power.pvW?.value);
    set(root.power.loadW, changed.loadW ?? first.power.loadW?.value);
    for (const id in root.zones) {
      const changedC = id === zoneId ? changed.zoneTemperatureC : undefined;
      set(root.zones[id]?.temperatureC, changedC ?? first.zones[id]?.temperatureC?.value);
    }
    const minutes = this.minutesAt(elapsedMs);
    const days = Math.floor(minutes / MINUTES_PER_DAY);
    root.localMinute = minutes % MINUTES_PER_DAY;
    if (days === this.days) return;
    this.days = days;
    root.localDate = days === 0 ? first.localDate : laterDate(first.localDate, days);
  }

  /** Until the next hour at which a schedule or the date turns, ms. */
  msUntilTurn(elapsedMs: number, { miners }: Plan): number {
    const minute = this.minutesAt(elapsedMs) % MINUTES_PER_DAY;
    let minutes = MINUTES_PER_DAY - minute;
    for (const { miner } of miners) {
      if (miner === null) continue;
      for (const hour of [miner.preferTimeStart, miner.preferTimeEnd]) {
        if (hour !== null && hour * 60 > minute) minutes = Math.min(minutes, hour * 60 - minute);
      }
    }
    return minutes * MINUTE_MS - ((this.first.now + elapsedMs) % MINUTE_MS);
  }

  private minutesAt(elapsedMs: number): number {
    return this.first.localMinute + Math.floor((this.minuteMs + elapsedMs) / MINUTE_MS);
  }
}

function set(reading: MaybeReading | undefined, value: number | undefined): void {
  if (reading !== null && reading !== undefined && value !== undefined)
    (reading as Mutable<Reading>).value = value;
}

/** What comes of the snapshot under each change that is looked at, for whichever load asks. */
export class Futures {
  private readonly known = new Map<string, Future>();
  private unchanged: Future | null = null;

  constructor(
    readonly input: DecideInput,
    readonly world = new Repeated(input.snapshot),
  ) {}

  /** The quantities of which the load needs other values to start. */
  needed(load: LoadView): readonly FlipQuantity[] {
    // One that stays at its first tick: what is remembered later in it is not what other futures remember.
    this.unchanged ??= new Future(this.input, this.world, {}, null);
    return this.unchanged.needed(load);
  }

  /** When the load first starts, or stops, if the changed snapshot is repeated every tick; null: not within `limitMs`. */
  outcome(
    load: LoadView,
    changed: Changed,
    { starts, limitMs }: { readonly starts: boolean; readonly limitMs: number },
  ): Outcome | null {
    return this.future(load, changed).outcome(load, starts, limitMs);
  }

  /** False where it is certain at once that the load does not start. */
  mayStart(load: LoadView, changed: Changed): boolean {
    return this.future(load, changed).mayStart(load);
  }

  private future(load: LoadView, changed: Changed): Future {
    const { packVoltageV, pvW, loadW, zoneTemperatureC } = changed;
    const zoneId = zoneTemperatureC === undefined ? null : (load.plan.zone?.id ?? null);
    const key = `${packVoltageV} ${pvW} ${loadW} ${zoneTemperatureC} ${zoneId}`;
    let future = this.known.get(key);
    if (future === undefined) {
      future = new Future(this.input, this.world, changed, zoneId);
      this.known.set(key, future);
    }
    return future;
  }
}

/**
 * A changed snapshot, repeated tick after tick as far as somebody has asked. Ticks at which nothing can happen are
 * passed over: what is due next is what the tick noted.
 */
class Future {
  private readonly tickMs: number;
  private readonly session: Session;
  private readonly tick: Tick;
  private watch: MemoryWatch | null = null;
  /** The tick it has come to, and the next one to be looked at. */
  private at = 0;
  private next: number | null = null;
  /** By position of the load. */
  private readonly starts: (Outcome | undefined)[] = [];
  private readonly stops: (Outcome | undefined)[] = [];

  /** `world` shows the snapshot of `input` to other futures too. */
  constructor(
    { snapshot, config, memory }: DecideInput,
    private readonly world: Repeated,
    private readonly changed: Changed,
    private readonly zoneId: string | null,
  ) {
    this.tickMs = snapshot.tickSeconds * 1000;
    this.session = new Session(config, memory);
    this.tick = this.advance();
  }

  outcome({ plan: { index } }: LoadView, starts: boolean, limitMs: number): Outcome | null {
    const firsts = starts ? this.starts : this.stops;
    const load = this.tick.loads[index];
    const lastTick = Math.floor(limitMs / this.tickMs);
    while (firsts[index] === undefined && load !== undefined) {
      if ((starts && cannotStart(this.tick, load)) || !this.goOn(lastTick)) break;
    }
    const first = firsts[index];
    return first !== undefined && first.holdSeconds * 1000 <= limitMs ? first : null;
  }

  mayStart({ plan: { index } }: LoadView): boolean {
    const load = this.tick.loads[index];
    return load !== undefined && (this.starts[index] !== undefined || !cannotStart(this.tick, load));
  }

  needed({ plan: { index } }: LoadView): readonly FlipQuantity[] {
    const load = this.tick.loads[index];
    return load === undefined ? [] : neededToStart(this.tick, load);
  }

  /** To the next tick at which something may happen; false when that lies beyond `lastTick`. */
  private goOn(lastTick: number): boolean {
    this.next ??= this.nextTick();
    const { next, at, tickMs } = this;
    if (next > lastTick) return false;
    this.watch?.pass(next - at - 1, tickMs);
    this.at = next;
    this.next = null;
    this.advance();
    return true;
  }

  private advance(): Tick {
    this.world.show(this.changed, this.zoneId, this.at * this.tickMs);
    const tick = this.session.advance(this.world.snapshot);
    this.note(tick);
    return tick;
  }

  private nextTick(): number {
    const { tick, tickMs } = this;
    const settled = this.watch !== null && !this.watch.hasChanged();
    this.watch ??= new MemoryWatch(tick);
    if (!settled) return this.at + 1;
    const turnMs = this.world.msUntilTurn(this.at * tickMs, tick.plan);
    return this.at + Math.max(1, Math.ceil(Math.min(tick.nextMs, turnMs) / tickMs));
  }

  private note({ loads }: Tick): void {
    for (let i = 0; i < loads.length; i++) {
      const verdict = loads[i]?.verdict;
      const holdSeconds = (this.at * this.tickMs) / 1000;
      if (verdict === 'START') this.starts[i] ??= { verdict, holdSeconds };
      else if (verdict === 'STOP' || verdict === 'EMERGENCY_STOP') this.stops[i] ??= { verdict, holdSeconds };
    }
  }
}
