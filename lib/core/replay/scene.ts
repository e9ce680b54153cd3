import { CHARGE_STAGES, LOAD_STATES, type MaybeReading, type Reading, type Snapshot } from '../types';
import { DAY_MS, MINUTE_MS } from '../units';
import { type LoadHistory, NOT_SEEN, type ReplayHistory, SUNNY } from './types';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A reading that is written again and again: young at every tick. */
export class Gauge {
  private readonly reading: Mutable<Reading> = { value: Number.NaN, sampleAt: 0, ageMs: 0 };

  /** NaN is unknown. */
  show(value: number, now: number): MaybeReading {
    if (Number.isNaN(value)) return null;
    this.reading.value = value;
    this.reading.sampleAt = now;
    return this.reading;
  }
}

/** One load of a scene. */
export interface SceneLoad {
  readonly id: string;
  /** Null: the history does not know it. */
  readonly past: LoadHistory | null;
  readonly seen: Mutable<Snapshot['loads'][string]>;
  readonly meter: Gauge;
}

/**
 * The snapshot of one row of history after the other: always the same object, so that a year of minutes allocates
 * nothing. Loads are the caller's to show.
 */
export class Scene {
  readonly snapshot: Snapshot;
  readonly battery: Mutable<Snapshot['battery']>;
  readonly power: Mutable<Snapshot['power']>;
  readonly loads: readonly SceneLoad[];
  readonly voltage = new Gauge();
  readonly current = new Gauge();
  readonly batteryPower = new Gauge();
  readonly pv = new Gauge();
  readonly load = new Gauge();
  readonly grid = new Gauge();
  private readonly batteryTemperature = new Gauge();
  private readonly root: Mutable<Snapshot>;
  private readonly sky: Mutable<Snapshot['sky']>;
  private readonly rooms: readonly {
    readonly column: Float64Array;
    readonly gauge: Gauge;
    readonly zone: Mutable<Snapshot['zones'][string]>;
  }[];
  private localDay = Number.NaN;

  constructor(
    private readonly history: ReplayHistory,
    loadIds: readonly { readonly id: string; readonly kind: LoadHistory['kind'] }[],
  ) {
    const zones: Record<string, Mutable<Snapshot['zones'][string]>> = {};
    this.rooms = Object.entries(history.zones).map(([id, column]) => {
      const zone: Mutable<Snapshot['zones'][string]> = { temperatureC: null };
      zones[id] = zone;
      return { column, gauge: new Gauge(), zone };
    });
    const loads: Record<string, SceneLoad['seen']> = {};
    this.loads = loadIds.map(({ id, kind }) => {
      const past = history.loads[id] ?? null;
      const seen: SceneLoad['seen'] = {
        kind,
        state: 'off',
        sinceMs: null,
        powerW: null,
        insideMeasuredLoad: past?.insideMeasuredLoad ?? true,
        reachable: true,
        controllable: true,
        fanSpeed: null,
      };
      loads[id] = seen;
      return { id, past, seen, meter: new Gauge() };
    });
    this.battery = {
      packVoltageV: null,
      currentA: null,
      powerW: null,
      temperatureC: null,
      reportedSocPct: null,
      chargeStage: 'unknown',
    };
    this.power = { pvW: null, loadW: null, gridW: null };
    this.sky = { clearSkyW: null, forecastW: null, sunny: 'unknown', sunElevationDeg: null };
    this.root = {
      now: 0,
      localDate: '',
      localMinute: 0,
      tickSeconds: history.tickSeconds,
      battery: this.battery,
      power: this.power,
      sky: this.sky,
      loads,
      zones,
    };
    this.snapshot = this.root;
  }

  /** Shows the row as it was measured, loads aside. */
  moveTo(row: number): void {
    const { history, root, battery, power, sky } = this;
    const now = history.at[row] ?? 0;
    root.now = now;
    this.tellTime(now + (history.utcOffsetMinutes[row] ?? 0) * MINUTE_MS);
    battery.packVoltageV = this.voltage.show(history.packVoltageV[row] ?? Number.NaN, now);
    battery.currentA = this.current.show(history.currentA[row] ?? Number.NaN, now);
    battery.powerW = this.batteryPower.show(history.batteryW[row] ?? Number.NaN, now);
    battery.temperatureC = this.batteryTemperature.show(history.batteryTemperatureC[row] ?? Number.NaN, now);
    battery.chargeStage = CHARGE_STAGES[history.chargeStage[row] ?? NOT_SEEN] ?? 'unknown';
    power.pvW = this.pv.show(history.pvW[row] ?? Number.NaN, now);
    power.loadW = this.load.show(history.loadW[row] ?? Number.NaN, now);
    power.gridW = this.grid.show(history.gridW[row] ?? Number.NaN, now);
    const clearSkyW = history.clearSkyW[row] ?? Number.NaN;
    sky.clearSkyW = Number.isNaN(clearSkyW) ? null : clearSkyW;
    sky.sunny = SUNNY[history.sunny[row] ?? NOT_SEEN] ?? 'unknown';
    for (const { column, gauge, zone } of this.rooms) {
      zone.temperatureC = gauge.show(column[row] ?? Number.NaN, now);
    }
  }

  private tellTime(localMs: number): void {
    const day = Math.floor(localMs / DAY_MS);
    this.root.localMinute = Math.floor((localMs - day * DAY_MS) / MINUTE_MS);
    if (day === this.localDay) return;
    this.localDay = day;
    this.root.localDate = new Date(day * DAY_MS).toISOString().slice(0, 10);
  }
}

/** Whether a load drew power at a row: null where nothing was known of it. */
export function wasOn(past: LoadHistory, row: number): boolean | null {
  const state = LOAD_STATES[past.state[row] ?? NOT_SEEN];
  if (state === undefined || state === 'unknown') return null;
  return state !== 'off';
}

/** How long a row stands for, ms: to the next one, unless that lies beyond a gap. */
export function spanMs(history: ReplayHistory, row: number): number {
  const tickMs = history.tickSeconds * 1000;
  const toNext = (history.at[row + 1] ?? Number.POSITIVE_INFINITY) - (history.at[row] ?? 0);
  return toNext > 0 && toNext <= 3 * tickMs ? toNext : tickMs;
}
