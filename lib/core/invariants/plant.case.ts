import { fanLoadId, heaterLoadId, minerLoadId } from '../loads';
import { type Random, randomConfig } from '../random-site.case';
import { seedMiner, T0 } from '../scenario.case';
import type { ControlMode, DecideResult, KernelConfig, LoadKind, LoadState, MinerProfile } from '../types';

/** A small bank, an array and loads that obey late, badly or not at all: what fuzzed sequences are measured on. */

export interface PlantLoad {
  readonly kind: LoadKind;
  readonly ratedW: number;
  readonly metered: boolean;
  readonly inside: boolean;
  controllable: boolean;
  reachable: boolean;
  state: LoadState;
  sinceMs: number;
  drawW: number;
  fanSpeed: number;
}

export interface Plant {
  now: number;
  minuteAtStart: number;
  readonly tickSeconds: number;
  config: KernelConfig;
  bankWh: number;
  readonly ohm: number;
  pvPeakW: number;
  /** Chance of a fault or an event per tick: 0, some or many. */
  trouble: number;
  storedWh: number;
  houseW: number;
  cloud: number;
  gridW: number;
  readonly roomC: Record<string, number>;
  batteryC: number;
  readonly loads: Record<string, PlantLoad>;
  /** What never answers. */
  silent: 'rooms' | 'voltage' | null;
  /** Last truth, for the sensors. */
  voltageV: number;
  currentA: number;
  batteryW: number;
  pvW: number;
  loadW: number;
  throttled: boolean;
}

const MODES: readonly ControlMode[] = [...Array<'automatic'>(14).fill('automatic'), 'advisory', 'paused'];

export function newPlant(random: Random): Plant {
  const tickSeconds = random.pick([10, 10, 10, 30, 60]);
  const bankWh = random.pick([2500, 10_000, 30_000, 60_000]);
  const winter = random.chance(0.12);
  const fuzzed = fuzzedConfig(random, bankWh);
  const config = withTick(winter ? frozenRoom(fuzzed) : fuzzed, tickSeconds);
  const plant: Plant = {
    now: T0,
    minuteAtStart: random.pick([random.int(0, 1439), random.int(450, 700), random.int(450, 700)]),
    tickSeconds,
    config,
    bankWh,
    ohm: random.pick([0.002, 0.006]),
    pvPeakW: random.pick([5000, 12_900, 20_000, 30_000]),
    trouble: random.pick([0, 0, 0.004, 0.02]),
    storedWh: bankWh * random.pick([0.02, 0.3, 0.6, 0.8, 0.9, 0.99]),
    houseW: random.int(200, 2500),
    cloud: random.next(),
    gridW: 0,
    roomC: {
      'heat-room': winter ? -9 : random.pick([20, 20, -3, -6, 1, 38]),
      'main-room': random.pick([20, -7, 33]),
    },
    batteryC: random.pick([20, 20, -2, 1]),
    loads: {},
    silent: null,
    voltageV: 52,
    currentA: 0,
    batteryW: 0,
    pvW: 0,
    loadW: 0,
    throttled: false,
  };
  const chosen = random.pick(['off', 'off', 'on', 'mixed']);
  const add = (id: string, kind: LoadKind, ratedW: number): void => {
    const state = chosen === 'mixed' ? random.pick(['on', 'off', 'unknown'] as const) : chosen;
    plant.loads[id] = {
      kind,
      ratedW,
      metered: random.chance(0.5),
      inside: random.chance(0.9),
      controllable: random.chance(0.97),
      reachable: true,
      state: state === 'on' || state === 'unknown' ? state : 'off',
      sinceMs: T0,
      drawW: state === 'on' ? ratedW : 0,
      fanSpeed: 0,
    };
  };
  for (const id of MINER_IDS) {
    const miner = config.miners.find((m) => m.id === id);
    add(minerLoadId(id), 'miner', miner?.powerDrawWatts ?? random.pick([1200, 3250, 3878]));
  }
  for (const id of ['heat-room', 'main-room']) {
    add(heaterLoadId(id), 'heater', 1500);
    add(fanLoadId(id), 'fan', 0);
  }
  settle(plant);
  return plant;
}

const MINER_IDS = ['primary', 's19', 'third', 'fourth'] as const;

/** Two to four miners, two zones; `randomConfig` varied further. */
export function fuzzedConfig(random: Random, bankWh: number): KernelConfig {
  const base = randomConfig(random, random.pick(MODES));
  const [first, second] = base.miners;
  if (first === undefined || second === undefined) throw new Error('randomConfig makes two miners');
  const extra: MinerProfile[] = MINER_IDS.slice(2, 2 + random.pick([0, 0, 1, 2])).map((id, i) => ({
    ...seedMiner(1),
    ...random.pick([first, second]),
    id,
    name: `Extra ${i}`,
    priorityLevel: random.int(1, 5),
    zoneId: random.pick(['heat-room', 'main-room', null]),
    deviceIdentifier: id,
  }));
  const plain = random.chance(0.6);
  const simplify = (miner: MinerProfile): MinerProfile =>
    plain
      ? {
          ...miner,
          maximumRuntimeHours: null,
          preferTimeStart: null,
          preferTimeEnd: null,
          requireSunnyWeather: false,
          requireExcessSolar: false,
          startVoltage: Math.min(miner.startVoltage, miner.stopVoltage + 0.5, 52),
          stopVoltage: Math.min(miner.stopVoltage, 50),
          emergencyStopVoltage: Math.min(miner.emergencyStopVoltage, 49),
        }
      : miner;
  return {
    ...base,
    miners: [...base.miners, ...extra].map(simplify),
    preferences: {
      ...base.preferences,
      batteryCapacityAh: random.pick([null, Math.round(bankWh / 51.2), 900]),
      pvArrayWatts: random.pick([null, 30_000]),
      maxBatteryDischargeWatts: random.pick([0, 1500, 5000]),
    },
  };
}

/** The bank stands in a room that blocks charging while it freezes, and that its own heater warms. */
export function frozenRoom(config: KernelConfig): KernelConfig {
  const zones = config.zones.map((zone) =>
    zone.id === 'heat-room'
      ? { ...zone, blockChargingBelowTemp: 0, heatingPriority1: 'heater' as const }
      : zone,
  );
  return { ...config, controlMode: 'automatic', zones };
}

function withTick(config: KernelConfig, tickSeconds: number): KernelConfig {
  return { ...config, polls: { voltageSeconds: tickSeconds, otherSeconds: tickSeconds } };
}

/** Another configuration while it runs: the owner saved something. */
export function changeConfig(random: Random, plant: Plant): void {
  const { config } = plant;
  const [first] = config.miners;
  const kind = random.int(0, 5);
  if (kind === 0) plant.config = { ...config, controlMode: random.pick(MODES) };
  else if (kind === 1) plant.config = withTick(fuzzedConfig(random, plant.bankWh), plant.tickSeconds);
  else if (kind === 2 && config.miners.length > 1) {
    plant.config = { ...config, miners: config.miners.slice(0, -1) };
  } else if (kind === 3 && first !== undefined) {
    const changed = { ...first, enabled: !first.enabled };
    plant.config = { ...config, miners: [changed, ...config.miners.slice(1)] };
  } else if (kind === 4) {
    const gridImportAllowed = !config.preferences.gridImportAllowed;
    plant.config = { ...config, preferences: { ...config.preferences, gridImportAllowed } };
  } else {
    const zones = config.zones.map((zone) => ({
      ...zone,
      enabled: random.chance(0.9),
      blockChargingBelowTemp: random.pick([null, 0, 3]),
      heatingPriority1: random.pick(['heater', 'miner', 'none'] as const),
    }));
    plant.config = { ...config, zones };
  }
}

export function addOverride(random: Random, plant: Plant): void {
  const loadId = random.pick(Object.keys(plant.loads));
  const startsAt = plant.now + random.pick([0, 0, 60_000]);
  const overrides = [
    ...plant.config.overrides.filter((o) => o.loadId !== loadId && o.endsAt > plant.now),
    {
      id: `o${plant.now}`,
      loadId,
      state: random.pick(['on', 'off'] as const),
      startsAt,
      endsAt: startsAt + random.int(1, 90) * 60_000,
    },
  ];
  plant.config = { ...plant.config, overrides };
}

/** Rest voltage by what is stored: steep at both ends, as LiFePO4 is. */
function restV(share: number): number {
  const points = [
    [0, 43.5],
    [0.03, 46.5],
    [0.1, 49.5],
    [0.3, 51],
    [0.7, 53],
    [0.93, 54.8],
    [1, 57.2],
  ] as const;
  let [lowX, lowV]: readonly [number, number] = points[0];
  for (const [x, v] of points) {
    if (share <= x) return x === lowX ? v : lowV + ((v - lowV) * (share - lowX)) / (x - lowX);
    [lowX, lowV] = [x, v];
  }
  return lowV;
}

/** Lets `seconds` pass for the bank, the sky, the rooms and whoever ramps. */
export function advance(random: Random, plant: Plant, seconds: number): void {
  plant.storedWh += (plant.batteryW * seconds) / 3600;
  plant.storedWh = Math.min(Math.max(plant.storedWh, 0), plant.bankWh);
  const stir = plant.tickSeconds / 10;
  plant.cloud = clamp(plant.cloud + (random.next() - 0.5) * 0.04 * stir, 0.1, 1);
  plant.houseW = clamp(plant.houseW + random.int(-60, 60), 100, 6000);
  for (const load of Object.values(plant.loads)) {
    if (load.state !== 'ramping') continue;
    load.drawW = Math.min(load.ratedW, load.drawW + load.ratedW * 0.2 * stir * random.next());
    if (load.drawW >= 0.95 * load.ratedW || random.chance(0.02)) load.state = 'on';
  }
  for (const zone of Object.keys(plant.roomC)) {
    const warmed = plant.loads[heaterLoadId(zone)]?.state === 'on' ? 0.02 : 0;
    const before = plant.roomC[zone] ?? 20;
    plant.roomC[zone] = clamp(before + warmed * stir + random.int(-2, 2) / 20, -20, 50);
  }
  plant.batteryC = clamp(plant.batteryC + random.int(-1, 1) / 20, -15, 45);
  settle(plant);
}

/** Power balance and voltage as they are now. */
export function settle(plant: Plant): void {
  const { minute } = localTime(plant);
  const height = Math.max(0, Math.sin(((minute - 360) / 720) * Math.PI));
  const availableW = Math.round(plant.pvPeakW * height * plant.cloud);
  let drawnW = plant.houseW;
  let outsideW = 0;
  for (const load of Object.values(plant.loads)) {
    if (load.inside) drawnW += load.drawW;
    else outsideW += load.drawW;
  }
  const share = plant.storedWh / plant.bankWh;
  const roomW = share > 0.97 ? 150 : Number.POSITIVE_INFINITY;
  plant.pvW = Math.round(Math.min(availableW, drawnW + outsideW + roomW));
  plant.throttled = plant.pvW < availableW;
  plant.loadW = Math.round(drawnW);
  plant.batteryW = Math.round(plant.pvW + plant.gridW - drawnW - outsideW);
  const rest = restV(share);
  plant.currentA = Math.round((plant.batteryW / rest) * 10) / 10;
  plant.voltageV = Math.round((rest + plant.currentA * plant.ohm) * 100) / 100;
}

/** Owner's local date and minute of day. */
export function localTime(plant: Plant): { date: string; minute: number } {
  const minutes = plant.minuteAtStart + Math.floor((plant.now - T0) / 60_000);
  const days = Math.floor(minutes / 1440);
  return {
    date: new Date(Date.UTC(2026, 5, 15 + days)).toISOString().slice(0, 10),
    minute: minutes - days * 1440,
  };
}

/** Loads follow what was decided: late, not at all, or for somebody else; `calm`: late at most. */
export function obey(
  random: Random,
  plant: Plant,
  { decisions }: Pick<DecideResult, 'decisions'>,
  calm: boolean,
): void {
  const { trouble } = plant;
  for (const [id, load] of Object.entries(plant.loads)) {
    const decision = decisions.find((d) => d.loadId === id);
    const wanted = decision?.desired ?? null;
    const refuses = random.chance(0.2);
    const odd = !calm && random.chance(trouble * 0.3);
    let state = load.state;
    if (odd) state = random.pick(['on', 'off', 'unknown'] as const);
    else if (state === 'unknown' && random.chance(0.2)) state = random.pick(['on', 'off'] as const);
    else if (wanted === 'on' && state === 'off' && !refuses) state = load.kind === 'fan' ? 'on' : 'ramping';
    else if (wanted === 'off' && state !== 'off' && !refuses) state = 'off';
    if (state !== load.state) {
      load.sinceMs = plant.now;
      if (state === 'off') load.drawW = 0;
      else if (state === 'on' && load.kind !== 'fan') load.drawW = load.ratedW;
    }
    load.state = state;
    load.reachable = calm || !random.chance(trouble);
    if (load.kind === 'fan') load.fanSpeed = state === 'on' ? (decision?.fanSpeed ?? 1) : 0;
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.round(Math.min(Math.max(value, low), high) * 100) / 100;
}
