import { decide } from '../decide';
import type { DecideInput, DecideResult, Decision, KernelConfig, MaybeReading, Snapshot } from '../types';
import { frozenRoom, type Plant } from './plant.case';
import type { Decide } from './sequence.case';

/** Kernels broken from outside, one for each invariant: the input is bent before `decide`, or its answer after it. */
export interface Mutant {
  readonly invariant: string;
  /** What it does wrong. */
  readonly name: string;
  /** Anew for each sequence: some remember. */
  make(): Decide;
  /** A site where it matters, if that is not any. */
  readonly prepare?: (plant: Plant) => void;
}

/** Sunny, frozen, with a heater that may run. */
function frozenInTheSun(plant: Plant): void {
  calmSite(plant);
  plant.config = frozenRoom(plant.config);
  plant.roomC['heat-room'] = -9;
  plant.minuteAtStart = 600;
  plant.pvPeakW = 9000;
  plant.storedWh = 0.5 * plant.bankWh;
}

/** No faults; everything off. */
function calmSite(plant: Plant): void {
  plant.trouble = 0;
  for (const load of Object.values(plant.loads)) {
    load.state = 'off';
    load.drawW = 0;
    load.controllable = true;
  }
}

/** Sun for everybody and a bank with room. */
function sunForAll(plant: Plant): void {
  calmSite(plant);
  plant.minuteAtStart = 600;
  plant.pvPeakW = 30_000;
  plant.bankWh = 60_000;
  plant.storedWh = 0.8 * plant.bankWh;
}

/** Sun for some, not for all: whoever comes first in order takes it from whoever came first in time. */
function sunForSome(plant: Plant): void {
  calmSite(plant);
  plant.minuteAtStart = 600;
  plant.pvPeakW = 9000;
}

/** A full bank at night with miners that may empty it. */
function fullAtNight(plant: Plant): void {
  calmSite(plant);
  plant.minuteAtStart = 1200;
  plant.bankWh = 20_000;
  plant.storedWh = 0.9 * plant.bankWh;
  const { config } = plant;
  plant.config = {
    ...config,
    controlMode: 'automatic',
    preferences: {
      ...config.preferences,
      operatingMode: 'aggressive',
      sagCompensation: 'off',
      inverterMaxWatts: null,
      batteryCapacityAh: 100,
      maxBatteryDischargeWatts: 5000,
    },
    miners: config.miners.map((miner) => ({
      ...miner,
      operatingMode: 'aggressive',
      startVoltage: 50,
      stopVoltage: 47,
      emergencyStopVoltage: 46,
      requireExcessSolar: false,
      requireSunnyWeather: false,
      maximumRuntimeHours: null,
      preferTimeStart: null,
      preferTimeEnd: null,
      enabled: true,
    })),
  };
}

/** Rooms that nobody measures, with heaters. */
function unmeasuredRooms(plant: Plant): void {
  frozenInTheSun(plant);
  plant.silent = 'rooms';
  plant.pvPeakW = 30_000;
}

type Bend = (input: DecideInput) => Partial<DecideInput>;

function bentInput(bend: Bend): () => Decide {
  return () => (input) => decide({ ...input, ...bend(input) });
}

function bentDecision(bend: (decision: Decision, input: DecideInput) => Partial<Decision>): () => Decide {
  return () => (input) => {
    const result = decide(input);
    return { ...result, decisions: result.decisions.map((d) => ({ ...d, ...bend(d, input) })) };
  };
}

function withConfig(config: KernelConfig, changes: Partial<KernelConfig>): Partial<DecideInput> {
  return { config: { ...config, ...changes } };
}

function shifted(reading: MaybeReading, by: number): MaybeReading {
  return reading === null ? null : { ...reading, value: reading.value + by };
}

/** A field of every load's memory set before each tick. */
function bentLoadMemory(input: DecideInput, changes: Record<string, unknown>): Partial<DecideInput> {
  const loads = input.memory.loads as readonly Record<string, unknown>[];
  return { memory: { ...input.memory, loads: loads.map((load) => ({ ...load, ...changes })) } };
}

/** Starts what waits for one gate alone. */
function ignoring(binding: string): () => Decide {
  return bentDecision((d, { config }) =>
    d.kind !== 'fan' && d.verdict === 'WAIT' && d.binding === binding && config.controlMode === 'automatic'
      ? { verdict: 'START', binding: null, desired: 'on' }
      : {},
  );
}

function withVoltage(snapshot: Snapshot, packVoltageV: MaybeReading): Snapshot {
  return { ...snapshot, battery: { ...snapshot.battery, packVoltageV } };
}

export const MUTANTS: readonly Mutant[] = [
  {
    invariant: 'I1',
    name: 'keeps running in an emergency',
    make: bentDecision((d) =>
      d.verdict === 'EMERGENCY_STOP' ? { verdict: 'KEEP_RUNNING', binding: null, desired: 'on' } : {},
    ),
  },
  {
    invariant: 'I2',
    name: 'takes 53 V for granted where it knows none',
    make: bentInput(({ snapshot }) => ({
      snapshot: withVoltage(
        snapshot,
        snapshot.battery.packVoltageV ?? { value: 53, sampleAt: snapshot.now, ageMs: 0 },
      ),
    })),
    prepare: (plant) => {
      sunForAll(plant);
      plant.silent = 'voltage';
    },
  },
  {
    invariant: 'I3',
    name: 'knows no minimum on and off times',
    make: bentInput(({ config }) =>
      withConfig(config, {
        miners: config.miners.map((m) => ({ ...m, minimumOnMinutes: 0, minimumOffMinutes: 0 })),
      }),
    ),
  },
  {
    invariant: 'I4',
    name: 'believes in 8 kW more sun than there is',
    make: bentInput(({ snapshot }) => ({
      snapshot: { ...snapshot, power: { ...snapshot.power, pvW: shifted(snapshot.power.pvW, 8000) } },
    })),
  },
  {
    invariant: 'I5',
    name: 'reads every temperature 4 °C too warm',
    make: bentInput(({ snapshot }) => ({
      snapshot: {
        ...snapshot,
        battery: { ...snapshot.battery, temperatureC: shifted(snapshot.battery.temperatureC, 4) },
        zones: Object.fromEntries(
          Object.entries(snapshot.zones).map(([id, zone]) => [
            id,
            { temperatureC: shifted(zone.temperatureC, 4) },
          ]),
        ),
      },
    })),
  },
  {
    invariant: 'I6',
    name: 'lets overrides last an hour longer',
    make: bentInput(({ config }) =>
      withConfig(config, {
        overrides: config.overrides.map((o) => ({ ...o, endsAt: o.endsAt + 3_600_000 })),
      }),
    ),
  },
  { invariant: 'I7', name: 'does not wait for the last start to settle', make: ignoring('stagger') },
  {
    invariant: 'I8',
    name: 'takes unknown for off',
    make: bentInput(({ snapshot }) => ({
      snapshot: {
        ...snapshot,
        loads: Object.fromEntries(
          Object.entries(snapshot.loads).map(([id, load]) => [
            id,
            load.state === 'unknown' ? { ...load, state: 'off' as const } : load,
          ]),
        ),
      },
    })),
  },
  {
    invariant: 'I9',
    name: 'acts whatever the control mode says',
    make: bentInput(({ config }) => withConfig(config, { controlMode: 'automatic' })),
  },
  {
    invariant: 'I10',
    name: 'starts on power kept for others',
    make: ignoring('reserved-for-higher'),
  },
  {
    invariant: 'I11',
    name: 'does not see the grid',
    make: bentInput(({ snapshot }) => ({
      snapshot: { ...snapshot, power: { ...snapshot.power, gridW: null } },
    })),
  },
  {
    invariant: 'I12',
    name: 'takes an unknown temperature for −10 °C',
    make: bentInput(({ snapshot }) => ({
      snapshot: {
        ...snapshot,
        zones: Object.fromEntries(
          Object.entries(snapshot.zones).map(([id, zone]) => [
            id,
            { temperatureC: zone.temperatureC ?? { value: -10, sampleAt: snapshot.now, ageMs: 0 } },
          ]),
        ),
      },
    })),
    prepare: unmeasuredRooms,
  },
  {
    invariant: 'I13',
    name: 'forgets what the miners took',
    make: bentInput(({ memory }) => ({ memory: { ...memory, takenWms: 0 } })),
    prepare: fullAtNight,
  },
  {
    invariant: 'I14',
    name: 'never starts a miner',
    make: bentDecision((d) =>
      d.kind === 'miner' && d.verdict === 'START' ? { verdict: 'WAIT', binding: 'hold', desired: 'off' } : {},
    ),
    prepare: sunForAll,
  },
  {
    invariant: 'I14',
    name: 'never starts a heater',
    make: bentDecision((d) =>
      d.kind === 'heater' && d.verdict === 'START'
        ? { verdict: 'WAIT', binding: 'probe', desired: 'off' }
        : {},
    ),
    prepare: frozenInTheSun,
  },
  {
    invariant: 'I15',
    name: 'forgets whom it displaced',
    make: bentInput((input) => bentLoadMemory(input, { displacedSince: -1 })),
    prepare: sunForSome,
  },
  {
    invariant: 'I16',
    name: 'answers by turns',
    make: () => {
      let turn = 0;
      return (input): DecideResult => {
        const result = decide(input);
        turn++;
        return turn % 2 === 0
          ? { ...result, budget: { ...result.budget, poolW: result.budget.poolW + 1e-9 } }
          : result;
      };
    },
  },
  {
    invariant: '§1',
    name: 'counts a tick that was repeated',
    make: () => (input) => {
      const result = decide(input);
      const clockMs = Number(result.memory.clockMs) + 1;
      return { ...result, memory: { ...result.memory, clockMs } };
    },
  },
];
