import { describe, expect, it } from 'vitest';
import {
  type Choice,
  chooseBattery,
  mapBattery,
  mapChargeStage,
  mapGridW,
  mapLoadW,
  mapPvW,
  mapTemperatureC,
} from './mapper';
import { ValueStore } from './value-store';
import { type GxScalar, parseTopic } from './wire';

const CHOICE: Choice = {
  batteryInstance: null,
  batteryTemperatureInstance: null,
  temperatureInstance: null,
  batteryNominalV: 51.2,
};

let clock = 1_000;
function store(values: Readonly<Record<string, GxScalar>>): ValueStore {
  const made = new ValueStore(() => clock);
  for (const [path, value] of Object.entries(values)) put(made, path, value);
  return made;
}
function put(values: ValueStore, path: string, value: GxScalar, retained = false) {
  const topic = parseTopic(`N/x/${path}`);
  if (topic?.kind !== 'value') throw new Error(path);
  return values.put(topic.path, value, retained);
}

describe('battery source', () => {
  const monitor = (instance: number, voltage: number) => ({ [`battery/${instance}/Dc/0/Voltage`]: voltage });

  it.each<[string, Readonly<Record<string, GxScalar>>, Partial<Choice>, object]>([
    ['system first', { 'system/0/Dc/Battery/Voltage': 52, ...monitor(512, 53) }, {}, { kind: 'system' }],
    [
      'a system without a battery gives way',
      { 'system/0/Dc/Battery/Voltage': null, ...monitor(512, 53) },
      {},
      { kind: 'monitor', instance: 512 },
    ],
    [
      'the monitor the owner named beats the system',
      { 'system/0/Dc/Battery/Voltage': 52, ...monitor(512, 53) },
      { batteryInstance: 512 },
      { kind: 'monitor', instance: 512 },
    ],
    [
      'a named monitor that is not there is replaced by nothing',
      { 'system/0/Dc/Battery/Voltage': 52, ...monitor(512, 53) },
      { batteryInstance: 513 },
      { kind: 'none' },
    ],
    [
      'the active monitor',
      {
        'system/0/ActiveBatteryService': 'com.victronenergy.battery/513',
        ...monitor(512, 53),
        ...monitor(513, 52),
      },
      {},
      { kind: 'monitor', instance: 513 },
    ],
    [
      'the house bank, not the starter battery',
      { ...monitor(289, 13.48), ...monitor(512, 53) },
      {},
      { kind: 'monitor', instance: 512 },
    ],
    ['the only one, whatever its voltage', monitor(289, 13.48), {}, { kind: 'monitor', instance: 289 }],
    [
      'two alike are for the owner to choose',
      { ...monitor(513, 52), ...monitor(512, 53) },
      {},
      { kind: 'ambiguous', instances: [512, 513] },
    ],
    [
      'terminals of the inverter, then of the charger',
      { 'solarcharger/256/Dc/0/Voltage': 53, 'vebus/274/Dc/0/Voltage': 52 },
      {},
      { kind: 'charger', service: 'vebus', instance: 274 },
    ],
    ['nothing', { 'system/0/Dc/Pv/Power': 5 }, {}, { kind: 'none' }],
  ])('%s', (_name, values, choice, expected) => {
    expect(chooseBattery(store(values), { ...CHOICE, ...choice })).toEqual(expected);
  });

  it('never mixes two sources', () => {
    const values = store({
      'system/0/Dc/Battery/Voltage': 52,
      'system/0/Dc/Battery/Soc': null,
      'battery/512/Dc/0/Voltage': 53,
      'battery/512/Dc/0/Current': 7,
      'battery/512/Soc': 99,
    });
    const seen = mapBattery(values, chooseBattery(values, CHOICE), CHOICE);
    expect(seen).toMatchObject({ packVoltageV: { value: 52 }, currentA: null, reportedSocPct: null });
  });

  it('takes a charger’s voltage but not its current, which is not the battery’s', () => {
    const values = store({ 'solarcharger/256/Dc/0/Voltage': 53, 'solarcharger/256/Dc/0/Current': 9 });
    const seen = mapBattery(values, chooseBattery(values, CHOICE), CHOICE);
    expect(seen).toMatchObject({ packVoltageV: { value: 53 }, currentA: null, powerW: null });
  });

  it('keeps what is not a number from being one', () => {
    const values = store({ 'system/0/Dc/Battery/Voltage': '52.4', 'system/0/Dc/Battery/Current': true });
    expect(chooseBattery(values, CHOICE)).toEqual({ kind: 'none' });
  });
});

describe('battery temperature', () => {
  const sensor = (instance: number, celsius: number, type: number, status: number | null = 0) => ({
    [`temperature/${instance}/Temperature`]: celsius,
    [`temperature/${instance}/TemperatureType`]: type,
    [`temperature/${instance}/Status`]: status,
  });
  const read = (extra: Readonly<Record<string, GxScalar>>, choice: Partial<Choice> = {}) => {
    const values = store({ 'system/0/Dc/Battery/Voltage': 52, ...extra });
    const chosen = { ...CHOICE, ...choice };
    return mapBattery(values, chooseBattery(values, chosen), chosen).temperatureC?.value ?? null;
  };

  it('is the battery’s own, else the only battery sensor, else unknown', () => {
    expect(read({ 'system/0/Dc/Battery/Temperature': 25, ...sensor(24, 31, 0) })).toBe(25);
    expect(read({ 'system/0/Dc/Battery/Temperature': null, ...sensor(24, 31, 0), ...sensor(25, 5, 4) })).toBe(
      31,
    );
    expect(read({ ...sensor(24, 31, 0), ...sensor(25, 29, 0) })).toBeNull();
    expect(read(sensor(25, 5, 4))).toBeNull();
  });

  it('is the sensor the owner named and no other', () => {
    const named = { batteryTemperatureInstance: 25 };
    expect(read({ 'system/0/Dc/Battery/Temperature': 25, ...sensor(25, 5, 2) }, named)).toBe(5);
    expect(read({ 'system/0/Dc/Battery/Temperature': 25 }, named)).toBeNull();
  });

  it.each([1, 2, 3, 4, null])('is unknown from a sensor with status %s', (status) => {
    expect(read(sensor(24, 31, 0, status))).toBeNull();
  });

  it('of a room is the named sensor, else the only room or generic one', () => {
    const room = (values: Readonly<Record<string, GxScalar>>, temperatureInstance: number | null = null) =>
      mapTemperatureC(store(values), { ...CHOICE, temperatureInstance })?.value ?? null;
    expect(room({ ...sensor(24, 31, 0), ...sensor(25, 21, 3), ...sensor(26, -3, 4) })).toBe(21);
    expect(room({ ...sensor(25, 21, 3), ...sensor(26, 19, 2) })).toBeNull();
    expect(room({ ...sensor(25, 21, 3), ...sensor(26, 19, 2) }, 26)).toBe(19);
    expect(room({ ...sensor(26, 19, 2, 1) }, 26)).toBeNull();
  });
});

describe('charge stage', () => {
  const charger = (instance: number, state: number | null, mode: number | null = null) => ({
    [`solarcharger/${instance}/State`]: state,
    [`solarcharger/${instance}/MppOperationMode`]: mode,
  });
  it.each<[string, Readonly<Record<string, GxScalar>>, string]>([
    ['bulk at full power', charger(1, 3, 2), 'bulk'],
    ['absorption, limited as it must be', charger(1, 4, 1), 'absorption'],
    ['float', charger(1, 5, 1), 'float'],
    ['storage holds like float', charger(1, 6, 1), 'float'],
    ['equalize holds a high voltage', charger(1, 247, 1), 'absorption'],
    ['limited in bulk', charger(1, 3, 1), 'throttled'],
    ['limited under external control', charger(1, 252, 1), 'throttled'],
    ['tracking under external control', charger(1, 252, 2), 'unknown'],
    ['off at night', charger(1, 0, 0), 'unknown'],
    ['a fault', charger(1, 2, 0), 'unknown'],
    ['the least advanced of two', { ...charger(1, 5, 1), ...charger(2, 3, 2) }, 'bulk'],
    ['one asleep does not count', { ...charger(1, 5, 1), ...charger(2, 0, 0) }, 'float'],
    [
      'the inverter/charger when no solar charger works',
      { 'vebus/274/State': 4, ...charger(1, 0, 0) },
      'absorption',
    ],
    [
      'a working solar charger before the inverter/charger',
      { 'vebus/274/State': 3, ...charger(1, 5, 1) },
      'float',
    ],
    ['an inverting inverter is no charger', { 'vebus/274/State': 9 }, 'unknown'],
    ['nothing known', {}, 'unknown'],
  ])('%s', (_name, values, expected) => {
    expect(mapChargeStage(store(values))).toBe(expected);
  });
});

describe('power', () => {
  const phases = (place: string, ...powers: (number | null)[]) =>
    Object.fromEntries(powers.map((power, index) => [`system/0/Ac/${place}/L${index + 1}/Power`, power]));

  it('adds AC-coupled solar to DC-coupled', () => {
    const values = {
      'system/0/Dc/Pv/Power': 842,
      ...phases('PvOnGrid', 100, null, null),
      ...phases('PvOnOutput', 10, 20, null),
      ...phases('PvOnGenset', 1),
    };
    expect(mapPvW(store(values))?.value).toBe(973);
    expect(mapPvW(store({ 'system/0/Dc/Pv/Power': null, ...phases('PvOnOutput', 10) }))?.value).toBe(10);
    expect(mapPvW(store({ 'system/0/Dc/Pv/Power': 0 }))?.value).toBe(0);
    expect(mapPvW(store({ 'system/0/Dc/Pv/Power': null }))).toBeNull();
  });

  it('adds up chargers and inverters where the system tells nothing, if each is known', () => {
    const two = { 'solarcharger/1/Yield/Power': 300, 'pvinverter/20/Ac/Power': 700 };
    expect(mapPvW(store(two))?.value).toBe(1000);
    expect(mapPvW(store({ ...two, 'solarcharger/2/Yield/Power': null }))).toBeNull();
    expect(mapPvW(store({ 'pvinverter/20/Ac/L1/Power': 300, 'pvinverter/20/Ac/L2/Power': 200 }))?.value).toBe(
      500,
    );
  });

  it('reads the load from consumption, its two halves, or the inverter’s output', () => {
    expect(mapLoadW(store(phases('Consumption', 1320, 961, null)))?.value).toBe(2281);
    expect(
      mapLoadW(store({ ...phases('ConsumptionOnOutput', 500), ...phases('ConsumptionOnInput', 200) }))?.value,
    ).toBe(700);
    expect(mapLoadW(store({ 'vebus/1/Ac/Out/L1/P': 300, 'vebus/1/Ac/Out/L2/P': 200 }))?.value).toBe(500);
    expect(mapLoadW(store({ 'vebus/1/Ac/Out/P': 900, 'vebus/1/Ac/Out/L1/P': 300 }))?.value).toBe(900);
    expect(mapLoadW(store(phases('Consumption', null, null)))).toBeNull();
  });

  it('takes a few watts below zero for nothing, and more for another quantity', () => {
    expect(mapLoadW(store(phases('Consumption', -40, 20)))?.value).toBe(0);
    expect(mapLoadW(store({ 'vebus/1/Ac/Out/L1/P': -1514 }))).toBeNull();
    expect(mapPvW(store({ 'pvinverter/20/Ac/Power': -6 }))?.value).toBe(0);
  });

  it('counts grid and generator as import, and keeps export negative', () => {
    expect(mapGridW(store({ ...phases('Grid', -500, 100), ...phases('Genset', null) }))?.value).toBe(-400);
    expect(mapGridW(store(phases('Genset', 3000)))?.value).toBe(3000);
    expect(mapGridW(store(phases('Grid', null, null, null)))).toBeNull();
    expect(mapGridW(store({ 'grid/1/Ac/Power': 4642, 'grid/1/Ac/L1/Power': 1962 }))?.value).toBe(4642);
  });

  it('is as old as its oldest part', () => {
    clock = 1_000;
    const values = store({ 'solarcharger/1/Yield/Power': 300 });
    clock = 9_000;
    put(values, 'solarcharger/2/Yield/Power', 200);
    expect(mapPvW(values)).toEqual({ value: 500, sampleAt: 1_000 });
  });
});

describe('value store', () => {
  const voltage = 'battery/1/Dc/0/Voltage';
  const sampled = (values: ValueStore) => values.measure('battery', 1, 'Dc/0/Voltage')?.sampleAt;

  it('takes a retained copy of the same value for no news', () => {
    clock = 1_000;
    const values = store({ [voltage]: 52 });
    clock = 60_000;
    values.beginRound();
    expect(put(values, voltage, 52, true)).toBe('copy');
    expect(sampled(values)).toBe(1_000);
    values.completeRound();
    expect(values.value('battery', 1, 'Dc/0/Voltage')).toBe(52);
    expect(put(values, voltage, 52.1, true)).toBe('update');
    expect(sampled(values)).toBe(60_000);
  });

  it('vouches only for what was told since everything was asked for', () => {
    clock = 1_000;
    const values = store({ [voltage]: 52, 'battery/1/Dc/0/Current': 5 });
    values.beginRound();
    clock = 5_000;
    put(values, 'battery/1/Dc/0/Current', 6);
    expect(sampled(values)).toBe(1_000);
    put(values, voltage, 52);
    clock = 7_000;
    put(values, 'battery/1/Dc/0/Current', 7);
    expect(sampled(values)).toBe(7_000);
    values.beginRound();
    put(values, 'battery/1/Dc/0/Current', 7);
    values.completeRound();
    expect(values.value('battery', 1, 'Dc/0/Voltage')).toBeUndefined();
    expect(values.instances('battery')).toEqual([1]);
  });

  it('is never sampled later than now', () => {
    clock = 9_000;
    const values = store({ [voltage]: 52 });
    clock = 2_000;
    expect(sampled(values)).toBe(2_000);
  });
});
