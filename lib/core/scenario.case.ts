import { decide } from './decide';
import { DEFAULT_PREFERENCES, SEED_MINERS, SEED_ZONES } from './defaults';
import { fanLoadId, heaterLoadId, minerLoadId } from './loads';
import { initialMemory } from './memory';
import type {
  ChargeStage,
  ControlMode,
  DecideResult,
  Decision,
  HvacZone,
  KernelConfig,
  LoadObservation,
  LoadState,
  Memory,
  MinerProfile,
  Override,
  Preferences,
  Reading,
  Resistance,
  Snapshot,
  Unsure,
} from './types';

/** The seeded site as tests drive it: readings by name, loads observed as told, one tick after the other. */

export const PRIMARY = minerLoadId('primary');
export const S19 = minerLoadId('s19');
export const HEAT_ROOM_HEATER = heaterLoadId('heat-room');
export const MAIN_ROOM_HEATER = heaterLoadId('main-room');
export const HEAT_ROOM_FAN = fanLoadId('heat-room');
export const MAIN_ROOM_FAN = fanLoadId('main-room');

export const T0 = Date.UTC(2026, 5, 15, 19, 0, 0);

export function seedMiner(index: 0 | 1, changes: Partial<MinerProfile> = {}): MinerProfile {
  const seed = SEED_MINERS[index];
  if (seed === undefined) throw new Error(`no seeded miner ${index}`);
  return { ...seed, id: index === 0 ? 'primary' : 's19', zoneId: 'heat-room', ...changes };
}

export function seedZone(index: 0 | 1, changes: Partial<HvacZone> = {}): HvacZone {
  const seed = SEED_ZONES[index];
  if (seed === undefined) throw new Error(`no seeded zone ${index}`);
  return {
    ...seed,
    id: index === 0 ? 'heat-room' : 'main-room',
    heatingMinerId: index === 0 ? 'primary' : null,
    ...changes,
  };
}

export interface ConfigChanges {
  preferences?: Partial<Preferences>;
  miners?: readonly MinerProfile[];
  zones?: readonly HvacZone[];
  overrides?: readonly Override[];
  controlMode?: ControlMode;
  resistance?: Resistance | null;
  canBlockCharging?: boolean;
}

export function siteConfig(changes: ConfigChanges = {}): KernelConfig {
  return {
    preferences: { ...DEFAULT_PREFERENCES, ...changes.preferences },
    miners: changes.miners ?? [seedMiner(0), seedMiner(1)],
    zones: changes.zones ?? [seedZone(0), seedZone(1)],
    overrides: changes.overrides ?? [],
    controlMode: changes.controlMode ?? 'automatic',
    resistance: changes.resistance ?? null,
    polls: { voltageSeconds: 10, otherSeconds: 10 },
    failSafeSeconds: 300,
    canBlockCharging: changes.canBlockCharging ?? true,
  };
}

export interface Readings {
  v: number | null;
  a?: number | null;
  batteryW?: number | null;
  batteryC?: number | null;
  socPct?: number | null;
  stage?: ChargeStage;
  pv: number | null;
  load: number | null;
  grid?: number | null;
  heatRoomC?: number | null;
  mainRoomC?: number | null;
  clearSkyW?: number | null;
  sunny?: Unsure;
  /** Minute of the local day at the first tick. */
  minute?: number;
  date?: string;
  /** Age of every reading, ms. */
  ageMs?: number;
}

export type Loads = Readonly<Record<string, LoadState | Partial<LoadObservation>>>;

/** A bright noon with nothing of ours on. */
export const NOON: Readings = { v: 52.3, pv: 8450, load: 1850 };

/** A load whose own meter reads so many watts. */
export const metered = (watts: number, state: LoadState = 'on') =>
  ({ state, powerW: { value: watts, sampleAt: T0, ageMs: 0 } }) as const;

/** Of a miner that asks for neither sun nor hour, only for some voltage. */
export const UNDEMANDING = {
  requireExcessSolar: false,
  requireSunnyWeather: false,
  preferTimeStart: null,
  preferTimeEnd: null,
  startVoltage: 50,
  stopVoltage: 48,
  emergencyStopVoltage: 46,
} as const;

const KINDS: Readonly<Record<string, LoadObservation['kind']>> = {
  [PRIMARY]: 'miner',
  [S19]: 'miner',
  [HEAT_ROOM_HEATER]: 'heater',
  [MAIN_ROOM_HEATER]: 'heater',
  [HEAT_ROOM_FAN]: 'fan',
  [MAIN_ROOM_FAN]: 'fan',
};

export function observation(
  now: number,
  kind: LoadObservation['kind'],
  given: Loads[string],
): LoadObservation {
  const changes = typeof given === 'string' ? { state: given } : given;
  return {
    kind,
    state: 'off',
    sinceMs: now,
    powerW: null,
    insideMeasuredLoad: true,
    reachable: true,
    ...changes,
  };
}

export function siteSnapshot(now: number, readings: Readings, loads: Loads = {}): Snapshot {
  const ageMs = readings.ageMs ?? 0;
  const reading = (value: number | null | undefined): Reading | null =>
    value == null ? null : { value, sampleAt: now - ageMs, ageMs };
  const start = readings.minute ?? 720;
  const minutes = start + (now - T0) / 60_000;
  const days = Math.floor(minutes / 1440);
  const firstDay = Date.UTC(2026, 5, 15);
  const ids = new Set([...Object.keys(KINDS), ...Object.keys(loads)]);
  return {
    now,
    localDate: readings.date ?? new Date(firstDay + days * 86_400_000).toISOString().slice(0, 10),
    localMinute: Math.floor(((minutes % 1440) + 1440) % 1440),
    tickSeconds: 10,
    battery: {
      packVoltageV: reading(readings.v),
      currentA: reading(readings.a),
      powerW: reading(readings.batteryW),
      temperatureC: reading(readings.batteryC),
      reportedSocPct: reading(readings.socPct),
      chargeStage: readings.stage ?? 'bulk',
    },
    power: { pvW: reading(readings.pv), loadW: reading(readings.load), gridW: reading(readings.grid) },
    sky: {
      clearSkyW: readings.clearSkyW === undefined ? 9000 : readings.clearSkyW,
      forecastW: null,
      sunny: readings.sunny ?? 'yes',
      sunElevationDeg: 60,
    },
    loads: Object.fromEntries(
      [...ids].map((id) => [id, observation(now, KINDS[id] ?? 'miner', loads[id] ?? 'off')]),
    ),
    zones: {
      'heat-room': { temperatureC: reading(readings.heatRoomC === undefined ? 20 : readings.heatRoomC) },
      'main-room': { temperatureC: reading(readings.mainRoomC === undefined ? 20 : readings.mainRoomC) },
    },
  };
}

/** A site that is ticked by hand. */
export class Site {
  now: number;
  memory: Memory;
  config: KernelConfig;
  result: DecideResult | null = null;

  constructor(changes: ConfigChanges = {}, memory?: Memory) {
    this.now = T0;
    this.config = siteConfig(changes);
    this.memory = memory ?? initialMemory(T0);
  }

  /** Decides now, then lets ten seconds pass. */
  tick(readings: Readings, loads: Loads = {}): DecideResult {
    const snapshot = siteSnapshot(this.now, readings, loads);
    this.result = decide({ snapshot, config: this.config, memory: this.memory });
    this.memory = this.result.memory;
    this.now += 10_000;
    return this.result;
  }

  /** The same readings for a while, the first tick now, the last one `seconds` later. */
  hold(seconds: number, readings: Readings, loads: Loads = {}): DecideResult {
    let result = this.tick(readings, loads);
    for (let s = 10; s <= seconds; s += 10) result = this.tick(readings, loads);
    return result;
  }

  /** Seconds until the load first gets the verdict, or null within the limit. */
  secondsUntil(
    verdict: Decision['verdict'],
    loadId: string,
    limit: number,
    readings: Readings,
    loads: Loads = {},
  ): number | null {
    for (let s = 0; s <= limit; s += 10) {
      if (decisionFor(this.tick(readings, loads), loadId).verdict === verdict) return s;
    }
    return null;
  }
}

export function decisionFor(result: DecideResult, loadId: string): Decision {
  const found = result.decisions.find((decision) => decision.loadId === loadId);
  if (found === undefined) throw new Error(`no decision for ${loadId}`);
  return found;
}
