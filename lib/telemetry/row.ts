import type { telemetry } from '@/db/schema';
import type {
  BatteryReadings,
  ControlMode,
  KernelConfig,
  LoadObservation,
  LoadState,
  MaybeReading,
  Memory,
  Override,
  PowerReadings,
  Sky,
  Snapshot,
  ZoneObservation,
} from '@/lib/core/types';
import { type Quantity, roundTo } from './rounding';

export type NewTelemetryRow = typeof telemetry.$inferInsert;

/** The part of the kernel's configuration that no settings row holds. */
export type TickConfig = Pick<
  KernelConfig,
  'controlMode' | 'polls' | 'overrides' | 'failSafeSeconds' | 'resistance' | 'canBlockCharging'
>;

/** Age in ms; with the sample's own stamp where a changed clock makes the two disagree. */
type StoredAge = number | readonly [ageMs: number, sampleAt: number];

interface StoredLoad {
  readonly state: LoadState;
  readonly since: number | null;
  readonly w?: number;
  readonly age?: StoredAge;
  readonly inside?: true;
  readonly unreachable?: true;
  readonly uncontrolled?: true;
  readonly speed?: number | null;
}

interface StoredZone {
  readonly c: number;
  readonly age: StoredAge;
}

interface StoredTick {
  readonly date: string;
  readonly minute: number;
  readonly seconds: number;
  readonly mode: ControlMode;
  readonly polls: KernelConfig['polls'];
  readonly failSafeSeconds: number;
  readonly resistance?: KernelConfig['resistance'];
  readonly canBlockCharging?: true;
  readonly overrides?: readonly Override[];
}

interface RowSource {
  readonly ownerId: string;
  readonly snapshot: Snapshot;
  readonly config: TickConfig;
  readonly configVersion: number;
  readonly voltageSocPct: number | null;
  readonly simulated: boolean;
  /** The memory the tick began with, where a replay cannot know it from the row before. */
  readonly memory: Memory | null;
}

type Measures = Pick<
  NewTelemetryRow,
  | 'packVoltageV'
  | 'currentA'
  | 'batteryPowerW'
  | 'batteryTemperatureC'
  | 'reportedSocPct'
  | 'pvW'
  | 'loadW'
  | 'gridW'
>;
type Measure = keyof Measures;

const QUANTITY_OF: Readonly<Record<Measure, Quantity>> = {
  packVoltageV: 'packVoltageV',
  currentA: 'currentA',
  batteryPowerW: 'powerW',
  batteryTemperatureC: 'temperatureC',
  reportedSocPct: 'percent',
  pvW: 'powerW',
  loadW: 'powerW',
  gridW: 'powerW',
};

/** Everything the kernel was given at a tick, as one row of telemetry. */
export function telemetryRow(source: RowSource): NewTelemetryRow {
  const { snapshot, config } = source;
  const { battery, power, now } = snapshot;
  const readings: Record<Measure, MaybeReading> = {
    packVoltageV: battery.packVoltageV,
    currentA: battery.currentA,
    batteryPowerW: battery.powerW,
    batteryTemperatureC: battery.temperatureC,
    reportedSocPct: battery.reportedSocPct,
    pvW: power.pvW,
    loadW: power.loadW,
    gridW: power.gridW,
  };
  const ages: Partial<Record<Measure, StoredAge>> = {};
  for (const [name, reading] of Object.entries(readings) as [Measure, MaybeReading][]) {
    if (reading) ages[name] = storedAge(reading, now);
  }
  return {
    userId: source.ownerId,
    ts: new Date(now),
    ...(Object.fromEntries(
      Object.entries(readings).map(([name, reading]) => [name, reading?.value ?? null]),
    ) as Measures),
    voltageSocPct: source.voltageSocPct,
    chargeStage: battery.chargeStage,
    loads: Object.fromEntries(
      Object.entries(snapshot.loads).map(([id, load]) => [id, storedLoad(load, now)]),
    ),
    zones: Object.fromEntries(
      Object.entries(snapshot.zones).map(([id, { temperatureC }]): [string, StoredZone | null] => [
        id,
        temperatureC && { c: temperatureC.value, age: storedAge(temperatureC, now) },
      ]),
    ),
    sky: snapshot.sky,
    ages,
    tick: storedTick(snapshot, config),
    memory: source.memory,
    simulated: source.simulated,
    configVersion: source.configVersion,
  };
}

/** The kernel's input at the tick that a row recorded, its settings and memory aside. */
export function fromTelemetryRow(row: NewTelemetryRow): { snapshot: Snapshot; config: TickConfig } {
  const now = row.ts.getTime();
  const ages = row.ages as Partial<Record<Measure, StoredAge>>;
  const tick = row.tick as StoredTick;
  const reading = (name: Measure): MaybeReading => {
    const value = row[name];
    const age = ages[name];
    if (value === null || value === undefined || age === undefined) return null;
    // A `real` column holds seven digits: rounding gives back the number the kernel saw.
    return readingOf(roundTo(QUANTITY_OF[name], value), age, now);
  };
  const battery: BatteryReadings = {
    packVoltageV: reading('packVoltageV'),
    currentA: reading('currentA'),
    powerW: reading('batteryPowerW'),
    temperatureC: reading('batteryTemperatureC'),
    reportedSocPct: reading('reportedSocPct'),
    chargeStage: row.chargeStage ?? 'unknown',
  };
  const power: PowerReadings = { pvW: reading('pvW'), loadW: reading('loadW'), gridW: reading('gridW') };
  const zones: Record<string, ZoneObservation> = {};
  for (const [id, zone] of Object.entries(row.zones as Record<string, StoredZone | null>)) {
    zones[id] = { temperatureC: zone && readingOf(zone.c, zone.age, now) };
  }
  return {
    snapshot: {
      now,
      localDate: tick.date,
      localMinute: tick.minute,
      tickSeconds: tick.seconds,
      battery,
      power,
      sky: row.sky as Sky,
      loads: loadsOfRow(row),
      zones,
    },
    config: {
      controlMode: tick.mode,
      polls: tick.polls,
      failSafeSeconds: tick.failSafeSeconds,
      resistance: tick.resistance ?? null,
      canBlockCharging: tick.canBlockCharging ?? false,
      overrides: tick.overrides ?? [],
    },
  };
}

function storedTick(snapshot: Snapshot, config: TickConfig): StoredTick {
  return {
    date: snapshot.localDate,
    minute: snapshot.localMinute,
    seconds: snapshot.tickSeconds,
    mode: config.controlMode,
    polls: config.polls,
    failSafeSeconds: config.failSafeSeconds,
    ...(config.resistance && { resistance: config.resistance }),
    ...(config.canBlockCharging && { canBlockCharging: true as const }),
    ...(config.overrides.length > 0 && { overrides: config.overrides }),
  };
}

function storedLoad(load: LoadObservation, now: number): StoredLoad {
  return {
    state: load.state,
    since: load.sinceMs,
    ...(load.powerW && { w: load.powerW.value, age: storedAge(load.powerW, now) }),
    ...(load.insideMeasuredLoad && { inside: true as const }),
    ...(!load.reachable && { unreachable: true as const }),
    ...(load.controllable === false && { uncontrolled: true as const }),
    ...(load.fanSpeed !== undefined && { speed: load.fanSpeed }),
  };
}

/** Its loads as they were seen then. */
export function loadsOfRow({ ts, loads }: Pick<NewTelemetryRow, 'ts' | 'loads'>): Snapshot['loads'] {
  const stored = Object.entries((loads ?? {}) as Record<string, StoredLoad>);
  return Object.fromEntries(stored.map(([id, load]) => [id, loadOf(id, load, ts.getTime())]));
}

function loadOf(id: string, stored: StoredLoad, now: number): LoadObservation {
  return {
    kind: id.startsWith('miner:') ? 'miner' : id.startsWith('heater:') ? 'heater' : 'fan',
    state: stored.state,
    sinceMs: stored.since,
    powerW: stored.w === undefined || stored.age === undefined ? null : readingOf(stored.w, stored.age, now),
    insideMeasuredLoad: stored.inside ?? false,
    reachable: !stored.unreachable,
    controllable: !stored.uncontrolled,
    ...(stored.speed !== undefined && { fanSpeed: stored.speed }),
  };
}

function storedAge({ sampleAt, ageMs }: { sampleAt: number; ageMs: number }, now: number): StoredAge {
  return sampleAt === now - ageMs ? ageMs : [ageMs, sampleAt];
}

function readingOf(value: number, age: StoredAge, now: number): MaybeReading {
  return typeof age === 'number'
    ? { value, sampleAt: now - age, ageMs: age }
    : { value, sampleAt: age[1], ageMs: age[0] };
}
