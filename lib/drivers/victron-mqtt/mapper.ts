import type { ChargeStage } from '@/lib/core/types';
import type { BatteryMeasurement, MaybeMeasured, Measured } from '../types';
import type { GxValues } from './value-store';

/** Which of several services the owner wants read. */
export interface Choice {
  readonly batteryInstance: number | null;
  readonly batteryTemperatureInstance: number | null;
  readonly temperatureInstance: number | null;
  /** V; tells the house bank from a starter battery. */
  readonly batteryNominalV: number;
}

const PHASES = ['L1', 'L2', 'L3'] as const;

// ───────────────────────────────────────────────────────────── battery

export type BatterySource =
  | { readonly kind: 'system' }
  | { readonly kind: 'monitor'; readonly instance: number }
  /** Voltage only, at the terminals of an inverter/charger or a solar charger. */
  | { readonly kind: 'charger'; readonly service: 'vebus' | 'solarcharger'; readonly instance: number }
  | { readonly kind: 'ambiguous'; readonly instances: readonly number[] }
  | { readonly kind: 'none' };

/**
 * Where the battery is read, first that has a voltage: the monitor the owner named (and then no other); the system
 * service, which is the GX device's own choice; the monitor it says is active; the only monitor near the bank's
 * nominal voltage; the only monitor; the terminals of an inverter/charger, of a solar charger.
 * All quantities come from one source: a current of one battery beside the voltage of another means nothing.
 */
export function chooseBattery(values: GxValues, choice: Choice): BatterySource {
  const hasVoltage = (service: string, instance: number) =>
    values.measure(service, instance, 'Dc/0/Voltage') !== null;
  if (choice.batteryInstance !== null) {
    return hasVoltage('battery', choice.batteryInstance)
      ? { kind: 'monitor', instance: choice.batteryInstance }
      : { kind: 'none' };
  }
  if (values.measure('system', 0, 'Dc/Battery/Voltage')) return { kind: 'system' };

  const monitors = values.instances('battery').filter((instance) => hasVoltage('battery', instance));
  const active = activeMonitor(values);
  if (active !== null && monitors.includes(active)) return { kind: 'monitor', instance: active };
  const near = monitors.filter((instance) => {
    const voltage = values.measure('battery', instance, 'Dc/0/Voltage');
    return voltage !== null && Math.abs(voltage.value / choice.batteryNominalV - 1) <= 0.3;
  });
  for (const candidates of [near, monitors]) {
    const [only, ...others] = candidates;
    if (only === undefined) continue;
    return others.length === 0
      ? { kind: 'monitor', instance: only }
      : { kind: 'ambiguous', instances: candidates };
  }
  for (const service of ['vebus', 'solarcharger'] as const) {
    const instance = values.instances(service).find((candidate) => hasVoltage(service, candidate));
    if (instance !== undefined) return { kind: 'charger', service, instance };
  }
  return { kind: 'none' };
}

/** `system/0/ActiveBatteryService` reads `com.victronenergy.battery/512`. */
function activeMonitor(values: GxValues): number | null {
  const name = values.value('system', 0, 'ActiveBatteryService');
  const match = typeof name === 'string' ? /\bbattery\/(\d+)$/.exec(name) : null;
  return match ? Number(match[1]) : null;
}

/** V, A, W, % and °C as the GX device gives them: its signs are ours (+ = charging). */
export function mapBattery(values: GxValues, source: BatterySource, choice: Choice): BatteryMeasurement {
  const chargeStage = mapChargeStage(values);
  switch (source.kind) {
    case 'system': {
      const read = (name: string) => values.measure('system', 0, `Dc/Battery/${name}`);
      return {
        packVoltageV: read('Voltage'),
        currentA: read('Current'),
        powerW: read('Power'),
        temperatureC: batteryTemperature(values, choice, read('Temperature')),
        reportedSocPct: read('Soc'),
        chargeStage,
      };
    }
    case 'monitor': {
      const read = (path: string) => values.measure('battery', source.instance, path);
      return {
        packVoltageV: read('Dc/0/Voltage'),
        currentA: read('Dc/0/Current'),
        powerW: read('Dc/0/Power'),
        temperatureC: batteryTemperature(values, choice, read('Dc/0/Temperature')),
        reportedSocPct: read('Soc'),
        chargeStage,
      };
    }
    case 'charger':
    case 'ambiguous':
    case 'none':
      return {
        packVoltageV:
          source.kind === 'charger' ? values.measure(source.service, source.instance, 'Dc/0/Voltage') : null,
        currentA: null,
        powerW: null,
        temperatureC: batteryTemperature(values, choice, null),
        reportedSocPct: null,
        chargeStage,
      };
  }
}

/** The sensor the owner named (and then no other), else the battery's own, else the only sensor of type "battery". */
function batteryTemperature(values: GxValues, choice: Choice, own: MaybeMeasured): MaybeMeasured {
  if (choice.batteryTemperatureInstance !== null) {
    return readSensor(values, choice.batteryTemperatureInstance);
  }
  return own ?? onlySensorOfType(values, [SENSOR_TYPE.battery]);
}

// ───────────────────────────────────────────────────────────── charge stage

/** State of a solar charger or an inverter/charger. */
const STAGE_OF_STATE: Readonly<Record<number, ChargeStage>> = {
  3: 'bulk',
  4: 'absorption',
  5: 'float',
  // Storage holds the bank like float; equalize holds a high voltage like absorption.
  6: 'float',
  7: 'absorption',
  247: 'absorption',
};
const EXTERNAL_CONTROL = 252;
/** MppOperationMode: the array could give more than the charger takes. */
const VOLTAGE_OR_CURRENT_LIMITED = 1;

/**
 * What the chargers say, solar chargers first. Several in different stages: the least advanced, since one that is in
 * bulk still takes all it gets. A charger in bulk or under external control that limits its array is throttled.
 */
export function mapChargeStage(values: GxValues): ChargeStage {
  const seen = new Set<ChargeStage>();
  for (const instance of values.instances('solarcharger')) {
    const state = values.value('solarcharger', instance, 'State');
    const stage = typeof state === 'number' ? STAGE_OF_STATE[state] : undefined;
    const limits = values.value('solarcharger', instance, 'MppOperationMode') === VOLTAGE_OR_CURRENT_LIMITED;
    if (limits && (stage === 'bulk' || state === EXTERNAL_CONTROL)) seen.add('throttled');
    else if (stage) seen.add(stage);
    else if (state === EXTERNAL_CONTROL) seen.add('unknown');
  }
  if (seen.size === 0) {
    for (const instance of values.instances('vebus')) {
      const state = values.value('vebus', instance, 'State');
      const stage = typeof state === 'number' ? STAGE_OF_STATE[state] : undefined;
      if (stage) seen.add(stage);
    }
  }
  const order = ['throttled', 'bulk', 'unknown', 'absorption', 'float'] as const;
  return order.find((stage) => seen.has(stage)) ?? 'unknown';
}

// ───────────────────────────────────────────────────────────── power

/**
 * Solar power, W ≥ 0: DC-coupled plus all AC-coupled parts of the system service, where null means "there is no such
 * part"; without any, the sum over solar chargers and PV inverters, each of which must then be known.
 */
export function mapPvW(values: GxValues): MaybeMeasured {
  const parts = [
    values.measure('system', 0, 'Dc/Pv/Power'),
    ...['PvOnGrid', 'PvOnOutput', 'PvOnGenset'].flatMap((place) => systemPhases(values, place)),
  ];
  const total =
    sumOfKnown(parts) ??
    sumOfAll([
      ...values.instances('solarcharger').map((i) => values.measure('solarcharger', i, 'Yield/Power')),
      ...values.instances('pvinverter').map((i) => acPower(values, 'pvinverter', i)),
    ]);
  return withoutNoiseBelowZero(total);
}

/** House load on AC, W ≥ 0, our own loads included; without the system service, the output of the inverters. */
export function mapLoadW(values: GxValues): MaybeMeasured {
  const total =
    sumOfKnown(systemPhases(values, 'Consumption')) ??
    sumOfKnown([
      ...systemPhases(values, 'ConsumptionOnOutput'),
      ...systemPhases(values, 'ConsumptionOnInput'),
    ]) ??
    sumOfAll(
      values
        .instances('vebus')
        .map(
          (i) =>
            values.measure('vebus', i, 'Ac/Out/P') ??
            sumOfKnown(PHASES.map((phase) => values.measure('vebus', i, `Ac/Out/${phase}/P`))),
        ),
    );
  return withoutNoiseBelowZero(total);
}

/** Grid plus generator, W, + = import; null when the site has neither. */
export function mapGridW(values: GxValues): MaybeMeasured {
  return (
    sumOfKnown([...systemPhases(values, 'Grid'), ...systemPhases(values, 'Genset')]) ??
    sumOfAll([
      ...values.instances('grid').map((i) => acPower(values, 'grid', i)),
      ...values.instances('genset').map((i) => acPower(values, 'genset', i)),
    ])
  );
}

function systemPhases(values: GxValues, place: string): MaybeMeasured[] {
  return PHASES.map((phase) => values.measure('system', 0, `Ac/${place}/${phase}/Power`));
}

function acPower(values: GxValues, service: string, instance: number): MaybeMeasured {
  return (
    values.measure(service, instance, 'Ac/Power') ??
    sumOfKnown(PHASES.map((phase) => values.measure(service, instance, `Ac/${phase}/Power`)))
  );
}

/** As old as its oldest part; null when nothing is known. */
function sumOfKnown(parts: readonly MaybeMeasured[]): MaybeMeasured {
  const known = parts.filter((part): part is Measured => part !== null);
  if (known.length === 0) return null;
  return {
    value: known.reduce((sum, part) => sum + part.value, 0),
    sampleAt: Math.min(...known.map((part) => part.sampleAt)),
  };
}

function sumOfAll(parts: readonly MaybeMeasured[]): MaybeMeasured {
  return parts.some((part) => part === null) ? null : sumOfKnown(parts);
}

/** A meter at rest shows a few watts below zero; more than this is another quantity, e.g. PV feeding an output. */
const NOISE_W = 100;

function withoutNoiseBelowZero(power: MaybeMeasured): MaybeMeasured {
  if (power === null || power.value >= 0) return power;
  return power.value >= -NOISE_W ? { ...power, value: 0 } : null;
}

// ───────────────────────────────────────────────────────────── temperature

/** `temperature/<i>/TemperatureType`. */
const SENSOR_TYPE = { battery: 0, generic: 2, room: 3 } as const;
const SENSOR_OK = 0;

/** °C of the sensor the owner named, else of the only room or generic sensor; null when there is no such reading. */
export function mapTemperatureC(values: GxValues, choice: Choice): MaybeMeasured {
  return choice.temperatureInstance !== null
    ? readSensor(values, choice.temperatureInstance)
    : onlySensorOfType(values, [SENSOR_TYPE.room, SENSOR_TYPE.generic]);
}

function readSensor(values: GxValues, instance: number): MaybeMeasured {
  if (values.value('temperature', instance, 'Status') !== SENSOR_OK) return null;
  return values.measure('temperature', instance, 'Temperature');
}

function onlySensorOfType(values: GxValues, types: readonly number[]): MaybeMeasured {
  const [only, ...others] = values.instances('temperature').filter((instance) => {
    const type = values.value('temperature', instance, 'TemperatureType');
    return typeof type === 'number' && types.includes(type);
  });
  return only === undefined || others.length > 0 ? null : readSensor(values, only);
}
