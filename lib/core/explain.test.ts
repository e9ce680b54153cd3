import { describe, expect, it } from 'vitest';
import { decide } from './decide';
import { explain, explainable } from './explain';
import { minerLoadId } from './loads';
import {
  type ConfigChanges,
  HEAT_ROOM_HEATER,
  type Loads,
  PRIMARY,
  type Readings,
  S19,
  Site,
  seedMiner,
  siteSnapshot,
} from './scenario.case';
import type { DecideInput, Explanation } from './types';

const day: Readings = { v: 52.3, pv: 8450, load: 1850, minute: 9 * 60 + 20 };

function input(
  seconds: number,
  readings: Readings,
  loads: Loads = {},
  changes: ConfigChanges = {},
): DecideInput {
  const site = new Site(changes);
  if (seconds > 0) site.hold(seconds - 10, readings, loads);
  return { snapshot: siteSnapshot(site.now, readings, loads), config: site.config, memory: site.memory };
}

describe('explanation', () => {
  it('says the reference sentence', () => {
    const situation = input(300, day);
    expect(explain(situation, PRIMARY).sentence).toBe('Start Primary S21+ (battery at 62 %)');
    expect(explain(situation, S19).sentence).toBe('Dump Load S19 #1 waits: 52.3 V < 54.5 V');
    expect(explain(situation, PRIMARY).gates.find((gate) => gate.name === 'available')).toMatchObject({
      value: 11_600,
      limit: 3878,
      unit: 'W',
      pass: true,
    });
  });

  it.each([
    [{ ...day, v: 54.6, minute: 720 }, S19, 'excess 2722 W < 3500 W'],
    [{ ...day, v: 55, pv: 12_000, load: 1000, minute: 720 }, S19, 'Primary S21+ starts first'],
    [{ ...day, v: 56, pv: 7000, load: 500, minute: 720 }, S19, 'sun 7000 W < 8000 W'],
    [{ ...day, v: 48, pv: 8000, load: 1000, minute: 720 }, PRIMARY, '48 V < 50 V'],
  ] as const)('names the binding gate with value and limit', (readings, loadId, words) => {
    expect(explain(input(300, readings), loadId).sentence).toContain(words);
  });

  it('writes a deficit with a true minus sign', () => {
    const dark = input(
      300,
      { ...day, pv: 0, load: 652 },
      {},
      { preferences: { maxBatteryDischargeWatts: 0 } },
    );
    expect(explain(dark, PRIMARY).sentence).toBe('Primary S21+ waits: available −652 W < 3878 W');
  });

  it('counts as excess what higher priorities leave, whichever gate binds', () => {
    const gates = explain(input(300, { ...day, v: 55, pv: 12_000, load: 1000, minute: 720 }), S19).gates;
    expect(gates.find((gate) => gate.name === 'excess')).toMatchObject({
      value: 7122,
      limit: 3500,
      pass: true,
    });
  });

  it('gives every gate of control.md in its order, for a miner that is off', () => {
    const names = explain(input(300, day), S19).gates.map((gate) => gate.name);
    const order = [
      'voltage-fresh',
      'band',
      'emergency-voltage',
      'start-voltage',
      'schedule',
      'sun',
      'excess',
      'available',
      'hold',
      'reachable',
      'state-known',
      'lock-out',
      'zone-temperature',
      'runtime',
      'predicted-voltage',
      'minimum-off',
      'starts-per-day',
      'stagger',
    ];
    expect(names.filter((name, i) => order.includes(name) && names.indexOf(name) === i)).toEqual(order);
  });

  it('comes from the code that decides: verdict and binding agree for every load', () => {
    for (const situation of [
      input(300, day),
      input(60, { ...day, v: 44 }, { [PRIMARY]: 'on' }),
      input(600, { ...day, v: null }, { [PRIMARY]: 'on', [S19]: 'unknown' }),
      input(100, { ...day, heatRoomC: -2, pv: 2000 }),
    ]) {
      const decided = decide(situation).decisions;
      const tick = explainable(situation);
      const explained = decided.map(({ loadId }) => tick.explain(loadId));
      expect(explained.map(({ loadId, verdict, binding }) => ({ loadId, verdict, binding }))).toEqual(
        decided.map(({ loadId, verdict, binding }) => ({ loadId, verdict, binding })),
      );
      for (const one of explained) expect(explain(situation, one.loadId)).toEqual(one);
    }
  });

  it('reports age with each reading it rests on', () => {
    const gates = explain(input(100, { ...day, ageMs: 4000 }), PRIMARY).gates;
    const voltage = gates.find((gate) => gate.name === 'start-voltage');
    expect(voltage?.ageMs).toBe(4000);
    expect(gates.find((gate) => gate.name === 'available')?.ageMs).toBe(4000);
  });

  it.each<[string, DecideInput, string, string]>([
    ['no voltage', input(100, { ...day, v: null }), PRIMARY, 'cannot decide, no good battery voltage for'],
    [
      'a critical bank',
      input(0, { ...day, v: 44.5 }, { [PRIMARY]: 'on' }),
      PRIMARY,
      'Emergency stop of Primary S21+: battery critical',
    ],
    [
      'a critical bank where nothing is sent',
      input(0, { ...day, v: 44.5 }, { [PRIMARY]: 'on' }, { controlMode: 'advisory' }),
      PRIMARY,
      'Stop Primary S21+ at once: battery critical',
    ],
    ['not by us', input(10, day, { [PRIMARY]: 'on' }), PRIMARY, 'is on, but not by CommandCenter'],
    [
      'paused',
      input(10, day, { [PRIMARY]: 'on' }, { controlMode: 'paused' }),
      PRIMARY,
      'Stop Primary S21+: paused by the owner',
    ],
    [
      'a miner without a device, whose hold would pass by itself',
      input(10, day, {}, { miners: [seedMiner(0, { id: 'new', deviceIdentifier: null })] }),
      minerLoadId('new'),
      'Primary S21+: cannot decide, no device is linked',
    ],
    ['a heater alone', input(10, day, {}, { miners: [] }), HEAT_ROOM_HEATER, 'waits: 20 °C > 0 °C'],
  ])('has words for %s', (_what, situation, loadId, words) => {
    expect(explain(situation, loadId).sentence).toContain(words);
  });

  it('refuses a load it does not know', () => {
    const unknown = (): Explanation => explain(input(0, day), 'miner:nobody');
    expect(unknown).toThrow('no load miner:nobody in the configuration');
  });
});
