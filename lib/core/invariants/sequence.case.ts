import type { Allowed, Decided } from '../commands/types';
import { decide as kernelDecide } from '../decide';
import { initialMemory, restoreMemory } from '../memory';
import { type Random, randomOf } from '../random-site.case';
import type { DecideInput, DecideResult, MaybeReading, Memory, Reading, Snapshot } from '../types';
import { newMonitorHistory, type Violation, violationsAt } from './monitor';
import {
  addOverride,
  advance,
  changeConfig,
  localTime,
  newPlant,
  obey,
  type Plant,
  settle,
} from './plant.case';

/** One tick of a sequence. Everything random about it comes from its number, so that others may be left out. */
export interface Step {
  readonly number: number;
  /** Without faults and events: what shrinking tries. */
  readonly calm: boolean;
}

export interface Failure {
  /** Position in the list of steps. */
  readonly at: number;
  readonly violations: readonly Violation[];
  readonly input: DecideInput;
  readonly result: DecideResult;
}

export interface Outcome {
  readonly ticks: number;
  readonly starts: number;
  readonly failure: Failure | null;
}

export type Decide = (input: DecideInput) => DecideResult;

export interface Options {
  readonly decide?: Decide;
  /** A wrapper with a memory of its own must be made anew for each sequence. */
  readonly makeDecide?: () => Decide;
  /** Only this invariant ends the sequence; null = none does, and none is judged. */
  readonly only?: string | null;
  /** Asked after each tick: whether the sequence has shown what it is played for. */
  readonly isEnough?: () => boolean;
  /** Called before the first tick: to prepare a site. */
  readonly prepare?: ((plant: Plant) => void) | undefined;
  /** Stands between decision and loads, which follow what it lets through. */
  readonly allow?: (decided: Decided) => Allowed;
  /** Share of ticks that are decided a second time. */
  readonly again?: number;
}

export function stepsOf(count: number): Step[] {
  return Array.from({ length: count }, (_, number) => ({ number, calm: false }));
}

type Sensor = 'voltage' | 'current' | 'battery' | 'pv' | 'load' | 'grid' | 'room' | 'bank';
const SENSORS: readonly Sensor[] = ['voltage', 'current', 'battery', 'pv', 'load', 'grid', 'room', 'bank'];

interface Fault {
  readonly kind: 'missing' | 'stuck' | 'late' | 'wrong' | 'noisy';
  left: number;
  readonly stuck: Reading | null;
  readonly wrong: number;
}

type Faults = Partial<Record<Sensor, Fault>>;

const WRONG: Readonly<Record<Sensor, readonly number[]>> = {
  voltage: [0, 65.535, 44, 45, 46.9],
  current: [0, 999],
  battery: [0, 9000, -9000],
  pv: [0, -50, 65_535, 12_000],
  load: [0, -500, 9000, 65_535],
  grid: [0, 800],
  room: [-127, 85, -5, 42],
  bank: [-127, -3, 20],
};

/** Plays the steps of one seeded site through `decide`, judging every tick; ends at the first violation. */
export function play(seed: number, steps: readonly Step[], options: Options = {}): Outcome {
  const decide = options.makeDecide?.() ?? options.decide ?? kernelDecide;
  const plant = newPlant(randomOf(seed));
  options.prepare?.(plant);
  settle(plant);
  const history = newMonitorHistory();
  let memory: Memory = initialMemory(plant.now);
  let restarted = false;
  let faults: Faults = {};
  let starts = 0;
  const before = new Map<string, boolean>();
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at];
    if (step === undefined) break;
    const random = randomOf(Math.imul(seed, 0x9e3779b1) ^ Math.imul(step.number + 1, 0x85ebca6b));
    if (step.calm) faults = {};
    const snapshot = sense(random, plant, faults);
    const input: DecideInput = { snapshot, config: plant.config, memory };
    const result = decide(input);
    const carried = options.allow?.({ input, result, restarted }) ?? result;
    const twice = random.chance(options.again ?? 0.1);
    const violations =
      options.only === null
        ? []
        : violationsAt(history, {
            snapshot,
            config: plant.config,
            result,
            restarted,
            again: twice ? decide(input) : null,
            repeated: twice ? decide({ ...input, memory: result.memory }) : null,
          });
    const relevant = violations.filter((v) => options.only === undefined || v.invariant === options.only);
    if (relevant.length > 0) {
      return { ticks: at + 1, starts, failure: { at, violations: relevant, input, result } };
    }
    if (options.isEnough?.()) return { ticks: at + 1, starts, failure: null };
    for (const { loadId, kind, desired } of result.decisions) {
      const sends = kind !== 'fan' && desired === 'on' && snapshot.loads[loadId]?.state === 'off';
      if (sends && before.get(loadId) !== true) starts++;
      before.set(loadId, sends);
    }
    memory = twice ? JSON.parse(JSON.stringify(result.memory)) : result.memory;
    obey(random, plant, carried, step.calm);
    const seconds = step.calm ? plant.tickSeconds : elapse(random, plant);
    plant.now += seconds * 1000;
    restarted = !step.calm && random.chance(plant.trouble * 0.15);
    if (restarted) {
      plant.now += random.pick([0, 15, 45, 600]) * 1000;
      memory = restoreMemory(JSON.parse(JSON.stringify(memory)), plant.now);
    }
    advance(random, plant, Math.min(Math.max(seconds, 0), 600));
    if (!step.calm) disturb(random, plant, faults);
  }
  return { ticks: steps.length, starts, failure: null };
}

/** Seconds until the next tick: the nominal ones, unless the clock jumps or ticks are missed. */
function elapse(random: Random, plant: Plant): number {
  if (!random.chance(plant.trouble * 0.3)) return plant.tickSeconds;
  return random.pick([0, 1, 60, 600, 3600, 86_400, -3600, -30]);
}

/** What happens between two ticks: the owner, the weather, the sensors. */
function disturb(random: Random, plant: Plant, faults: Faults): void {
  const { trouble } = plant;
  for (const sensor of SENSORS) {
    const fault = faults[sensor];
    if (fault !== undefined && --fault.left <= 0) delete faults[sensor];
  }
  if (random.chance(0.004))
    plant.storedWh = plant.bankWh * random.pick([0.01, 0.3, 0.6, 0.8, 0.9, 0.95, 0.99]);
  if (random.chance(0.002)) plant.roomC['heat-room'] = random.pick([-5, -1, 1.5, 20, 36, 42, 47]);
  if (random.chance(0.002)) plant.roomC['main-room'] = random.pick([-8, -6, 20, 36]);
  if (random.chance(0.0005)) plant.batteryC = random.pick([-3, 1, 20]);
  if (random.chance(0.002)) plant.gridW = random.pick([0, 0, 0, 90, 700, 3000]);
  if (random.chance(0.003)) plant.cloud = random.pick([0.15, 0.6, 1]);
  if (random.chance(trouble * 0.15)) changeConfig(random, plant);
  if (random.chance(trouble * 0.3)) addOverride(random, plant);
  if (random.chance(trouble)) {
    const sensor = random.pick(SENSORS);
    faults[sensor] = {
      kind: random.pick(['missing', 'stuck', 'late', 'wrong', 'noisy'] as const),
      left: random.pick([1, 3, 10, 90, 250]),
      stuck: null,
      wrong: random.pick(WRONG[sensor]),
    };
  }
  if (random.chance(trouble * 0.05)) for (const sensor of SENSORS) faults[sensor] = allZero();
  settle(plant);
}

function allZero(): Fault {
  return { kind: 'wrong', left: 1, stuck: null, wrong: 0 };
}

function sense(random: Random, plant: Plant, faults: Faults): Snapshot {
  const { now } = plant;
  const ageMs = random.pick([0, 0, 0, 2000]);
  const reading = (sensor: Sensor, value: number, noise: number): MaybeReading => {
    const fault = faults[sensor];
    if (fault === undefined) return { value, sampleAt: now - ageMs, ageMs };
    switch (fault.kind) {
      case 'missing':
        return null;
      case 'stuck': {
        const stuck = fault.stuck ?? { value, sampleAt: now, ageMs: 0 };
        faults[sensor] = { ...fault, stuck };
        // Half of the stuck sensors go on sending the same number as new.
        return fault.wrong > 0
          ? { ...stuck, sampleAt: now, ageMs: 0 }
          : { ...stuck, ageMs: now - stuck.sampleAt };
      }
      case 'late': {
        const late = random.pick([5000, 40_000, 200_000]);
        return { value, sampleAt: now - late, ageMs: late };
      }
      case 'wrong':
        return { value: fault.wrong, sampleAt: now, ageMs: 0 };
      case 'noisy':
        return { value: value + random.int(-10, 10) * noise, sampleAt: now, ageMs: 0 };
    }
  };
  const { date, minute } = localTime(plant);
  const stage = plant.throttled
    ? plant.storedWh > 0.99 * plant.bankWh
      ? ('float' as const)
      : ('absorption' as const)
    : ('bulk' as const);
  const height = Math.max(0, Math.sin(((minute - 360) / 720) * Math.PI));
  const loads = Object.entries(plant.loads).map(([id, load]) => {
    const observed = {
      kind: load.kind,
      state: load.state,
      sinceMs: load.sinceMs,
      powerW:
        load.metered && load.state !== 'unknown' ? { value: load.drawW, sampleAt: now, ageMs: 0 } : null,
      insideMeasuredLoad: load.inside,
      reachable: load.reachable,
      controllable: load.controllable,
      ...(load.kind === 'fan' ? { fanSpeed: load.fanSpeed } : {}),
    };
    return [id, observed] as const;
  });
  return {
    now,
    localDate: date,
    localMinute: minute,
    tickSeconds: plant.tickSeconds,
    battery: {
      packVoltageV: plant.silent === 'voltage' ? null : reading('voltage', plant.voltageV, 0.2),
      currentA: reading('current', plant.currentA, 5),
      powerW: reading('battery', plant.batteryW, 100),
      temperatureC: reading('bank', plant.batteryC, 0.5),
      reportedSocPct: null,
      chargeStage: stage,
    },
    power: {
      pvW: reading('pv', plant.pvW, 100),
      loadW: reading('load', plant.loadW, 100),
      gridW: reading('grid', plant.gridW, 30),
    },
    sky: {
      clearSkyW: Math.round(plant.pvPeakW * height),
      forecastW: null,
      sunny: plant.cloud > 0.6 ? 'yes' : plant.cloud > 0.3 ? 'no' : 'unknown',
      sunElevationDeg: height > 0 ? 30 : -10,
    },
    loads: Object.fromEntries(loads),
    zones: Object.fromEntries(
      Object.entries(plant.roomC).map(([id, roomC]) => [
        id,
        { temperatureC: plant.silent === 'rooms' ? null : reading('room', roomC, 0.5) },
      ]),
    ),
  };
}
