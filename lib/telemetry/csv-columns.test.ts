import { describe, expect, it } from 'vitest';
import { csvCell, loadAndZoneColumns, type Recorded } from './csv-columns';

const load = (id: string, name: string, kind: 'miner' | 'heater' | 'fan' = 'miner') =>
  ({ id, name, kind, ratedW: null }) as const;

const recorded = (
  loads: readonly ReturnType<typeof load>[],
  zones: Record<string, string> = {},
): Recorded => ({
  names: { loads, zoneName: (id) => zones[id] ?? 'Deleted zone' },
  loadIds: loads.map(({ id }) => id),
  zoneIds: Object.keys(zones),
});
const namesOf = (of: Recorded, isRaw = true) => loadAndZoneColumns(of, { isRaw }).map(({ name }) => name);
const cellsOf = (of: Recorded, row: Record<string, unknown>, isRaw: boolean) =>
  loadAndZoneColumns(of, { isRaw }).map(({ cellOf }) => csvCell(cellOf(row)));

const SITE = recorded([load('miner:1', 'S21+ (Revenue)'), load('fan:z', 'Heat Room fan', 'fan')], {
  z: 'Heat Room',
});

describe('a row as it was recorded', () => {
  it('has state and watts of each load, speed of fans, and each temperature', () => {
    expect(namesOf(SITE)).toEqual([
      'state_s21_revenue',
      'watts_s21_revenue',
      'state_heat_room_fan',
      'watts_heat_room_fan',
      'speed_heat_room_fan',
      'temperature_c_heat_room',
    ]);
    const row = {
      loads: { 'miner:1': { state: 'on', w: 3878 }, 'fan:z': { state: 'off', speed: 3 } },
      zones: { z: { c: 21.4, age: 100 } },
    };
    expect(cellsOf(SITE, row, true)).toEqual(['on', '3878', 'off', '', '3', '21.4']);
  });

  it('says nothing about what it does not name', () => {
    expect(cellsOf(SITE, { loads: {}, zones: {} }, true)).toEqual(Array(6).fill(''));
  });
});

describe('a row of a roll-up', () => {
  const miner = recorded([load('miner:1', 'S19')]);

  it('has zeros where a load did nothing, and no energy where none was metered', () => {
    expect(namesOf(miner, false)).toEqual([
      'on_seconds_s19',
      'unknown_seconds_s19',
      'starts_s19',
      'stops_s19',
      'metered_seconds_s19',
      'energy_wh_s19',
    ]);
    expect(cellsOf(miner, { loads: {}, zones: {} }, false)).toEqual(['0', '0', '0', '0', '0', '']);
    const row = { loads: { 'miner:1': { on: 60, metered: 30, starts: 1 } }, zones: {} };
    expect(cellsOf(miner, row, false)).toEqual(['60', '0', '1', '0', '30', '0']);
  });
});

describe('names', () => {
  it('tell loads apart whose letters and digits are the same, and those that have none', () => {
    const loads = [
      load('miner:aaaaaaaa-1', 'S19 #1'),
      load('miner:bbbbbbbb-1', 's19-1'),
      load('miner:cccccccc-1', '⛏'),
      load('miner:dddddddd-1', 'Häuschen 2'),
    ];
    expect(namesOf(recorded(loads)).filter((name) => name.startsWith('state'))).toEqual([
      'state_s19_1_aaaaaaaa',
      'state_s19_1_bbbbbbbb',
      'state_cccccccc',
      'state_häuschen_2',
    ]);
  });

  it('stay what they are where the range holds one of them only', () => {
    const both = recorded([load('miner:aaaaaaaa-1', 'S19 #1'), load('miner:bbbbbbbb-1', 'S19-1')]);
    expect(namesOf({ ...both, loadIds: ['miner:bbbbbbbb-1'] })).toEqual([
      'state_s19_1_bbbbbbbb',
      'watts_s19_1_bbbbbbbb',
    ]);
  });
});

it.each([
  [null, ''],
  [0, '0'],
  [false, 'false'],
  ['a,"b"', '"a,""b"""'],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
])('writes %o as the cell %s', (value, cell) => expect(csvCell(value)).toBe(cell));
