import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DRILLS } from './drills';
import { readOptions } from './options';
import { pageOf } from './page';
import { recordedAt } from './recording';
import type { ScenarioResult } from './scenario';
import { lackingOf, recordedWeeks, SITE_WEEKS, seedHouse, setOf } from './set';
import { readSite } from './site-file';
import { recordingText } from './words';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-input-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const message = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'was not refused',
    (error: Error) => error.message,
  );

describe('--site', () => {
  const miner = {
    name: 'one',
    power_draw_watts: 1200,
    start_voltage: 53,
    stop_voltage: 51,
    emergency_stop_voltage: 48,
  };
  const site = (content: object): Promise<Awaited<ReturnType<typeof readSite>>> =>
    readSite(file('site.json', JSON.stringify({ miners: [miner], ...content })));

  test('a small house and a large one', async () => {
    const small = await site({ preferences: { battery_capacity_ah: 293, pv_array_watts: 4000 } });
    expect(small).toMatchObject({ capacityAh: 293, pvArrayW: 4000, inverterW: 15_000 });
    expect(small.config.preferences.inverterMaxWatts).toBe(15_000);
    expect(small.config.miners[0]).toMatchObject({ powerDrawWatts: 1200, deviceIdentifier: 'one' });
    const large = await site({
      preferences: { battery_capacity_ah: 1172, pv_array_watts: 20_000, inverter_max_watts: 20_000 },
      miners: Array.from({ length: 8 }, (_, i) => ({ ...miner, name: `miner ${i}`, power_draw_watts: 3250 })),
      zones: [{ zone_name: 'shed', exhaust_fan_enabled: true, heater_power_watts: 1000 }],
    });
    expect(large.config.miners).toHaveLength(8);
    expect(large.inverterW).toBe(20_000);
    expect(large.config.zones[0]).toMatchObject({ heaterDeviceId: 'heater-1', exhaustFanDeviceId: 'fan-1' });
  });

  test('of time zone and longitude one follows from the other', async () => {
    expect(await site({ preferences: { timezone: 'Europe/Berlin' } })).toMatchObject({ longitudeDeg: 15 });
    expect(await site({ preferences: { location_lon: 151 } })).toMatchObject({ timeZone: 'Etc/GMT-10' });
    expect(await site({})).toMatchObject({ timeZone: 'America/Los_Angeles', longitudeDeg: -121.8863 });
  });

  test.each([
    [{ preferences: { voltage_low: 30 } }, 'preferences.voltage_low: must be at least 36, not 30'],
    [{ preferences: { volts: 30 } }, 'preferences.volts: is not a field'],
    [{ preferences: { timezone: 'Mars' } }, 'not "Mars"'],
    [{ preferences: { voltage_low: 51 } }, 'voltage_low (51 V) must be below voltage_restart (50 V)'],
    [{ miners: [] }, 'miners: must be at least 1 entries'],
    [
      { miners: [{ ...miner, stop_voltage: 54 }] },
      'miners.0.stop_voltage: stop_voltage (54 V) must be below',
    ],
    [
      { miners: [{ ...miner, zone_id: 'a0000000-0000-4000-8000-000000000001' }] },
      'miners.0.zone_id: "a0000000-0000-4000-8000-000000000001" is the id of no zone',
    ],
    [
      { preferences: { timezone: 'Europe/Berlin', location_lon: -120 } },
      'preferences.location_lon: -120° and timezone Europe/Berlin do not belong together',
    ],
  ])('%j is refused by file, field, value and limit', async (content, part) => {
    const text = await message(site(content));
    expect(text).toContain('site.json: ');
    expect(text).toContain(part);
  });

  test('a file that is no JSON or not there', async () => {
    expect(await message(readSite(file('half.json', '{"miners": [')))).toContain('half.json: is no JSON');
    expect(await message(readSite(join(folder, 'none.json')))).toContain(
      'none.json: cannot be read (ENOENT)',
    );
  });
});

describe('--recording', () => {
  const HALF_HOUR_MS = 1_800_000;
  interface Shape {
    readonly from: string;
    readonly days: number;
    /** UTC hour at which the sun is highest. */
    readonly noonH?: number;
    readonly titles?: string;
    readonly cells?: (pvW: number, row: number) => string | null;
  }
  /** Half-hourly sun of up to 5 kW over a steady household. */
  function csv({ from, days, noonH = 12, titles = 'pv_w,load_w', cells = (pvW) => `${pvW},300` }: Shape) {
    const lines = Array.from({ length: days * 48 }, (_, row) => {
      const atMs = Date.parse(from) + row * HALF_HOUR_MS;
      const hourAngle = (((atMs % 86_400_000) / 3_600_000 - noonH) / 12) * Math.PI;
      const text = cells(Math.round(Math.max(0, Math.cos(hourAngle)) * 5000), row);
      return text === null ? [] : [`${new Date(atMs).toISOString()},${text}`];
    });
    return [`timestamp_utc,${titles}`, ...lines.flat()].join('\n');
  }
  const utc = { ...seedHouse(), timeZone: 'UTC', pvArrayW: 10_000 };
  const choice = { timeZone: null, pvScale: null };
  const at = (name: string, content: string | Buffer, more: object = {}) =>
    recordedAt(utc, { file: file(name, content), ...choice, ...more });
  const played = { seed: 1, site: utc, solveSeconds: 0 };

  test('whole weeks are played, gzipped or not, and the array becomes the site’s', async () => {
    const text = csv({ from: '2025-06-01T12:00:00Z', days: 17 });
    const plain = await at('weeks.csv', text);
    expect(plain).toMatchObject({ name: 'weeks', timeZone: 'UTC', days: 16, playedDays: 14, pvShare: 1 });
    expect(plain.pvScale).toBeCloseTo(2, 2);
    expect(plain.firstDay).toBe(Date.parse('2025-06-02'));
    expect(await at('weeks.csv.gz', gzipSync(text))).toMatchObject({ name: 'weeks', days: 16 });
    expect(recordedWeeks(plain, played).map(({ weeks, daysPerWeek }) => [weeks, daysPerWeek])).toEqual([
      [2, 7],
      [2, 7],
    ]);
    expect(recordingText(plain, utc)).toContain('14 of 16 whole days from 2025-06-02, by the clock of UTC');
    expect((await at('weeks.csv', text, { pvScale: 1 })).pvScale).toBe(1);
  });

  test('under a week is one short week, under a whole day is refused', async () => {
    const short = await at('short.csv', csv({ from: '2025-06-01T12:00:00Z', days: 4 }));
    expect(short).toMatchObject({ days: 3, playedDays: 3 });
    expect(recordedWeeks(short, played)[0]).toMatchObject({ weeks: 1, daysPerWeek: 3 });
    const tiny = await message(at('tiny.csv', csv({ from: '2025-06-01T12:00:00Z', days: 1 })));
    expect(tiny).toContain('tiny.csv: holds 24.0 h from 2025-06-01 12:00 (UTC); at least one whole day');
  });

  test('its sun tells the clock where the site’s does not fit', async () => {
    const sydney = csv({ from: '2025-01-01T00:00:00Z', days: 9, noonH: 2 });
    expect(await at('sydney.csv', sydney)).toMatchObject({ timeZone: 'Etc/GMT-10', days: 8 });
    expect(await at('sydney.csv', sydney, { timeZone: 'Australia/Perth' })).toMatchObject({
      timeZone: 'Australia/Perth',
    });
  });

  test('the model stands in for gaps and for a column that is missing, and it is said', async () => {
    const gaps = await at(
      'gaps.csv',
      csv({
        from: '2025-06-01T00:00:00Z',
        days: 8,
        cells: (pvW, row) => (row >= 48 && row < 96 ? null : `${pvW},${row < 192 ? '' : 300}`),
      }),
    );
    expect(gaps.pvShare).toBeCloseTo(6 / 7, 1);
    expect(recordingText(gaps, utc)).toMatch(/fills what was not recorded: 1\d\.\d % of the PV and 5\d/);
    const load = await at(
      'load.csv',
      csv({ from: '2025-06-01T00:00:00Z', days: 8, titles: 'load_w', cells: () => '300' }),
    );
    expect(load).toMatchObject({ pvShare: 0, loadShare: 1, pvScale: 1 });
    expect(recordingText(load, utc)).toContain('It has no PV: the modelled sky over 10 kW stands in.');
    const neither = csv({ from: '2025-06-01T00:00:00Z', days: 2, titles: 'soc_pct', cells: () => '50' });
    expect(await message(at('soc.csv', neither))).toContain(
      'soc.csv: has no values in a column pv_w or load_w',
    );
  });

  test('a page of another run names its house and its recording, and no reason of ours', async () => {
    const recorded = await at('mine.csv', csv({ from: '2025-06-01T00:00:00Z', days: 8 }));
    const page = pageOf({
      seed: 7,
      tuningSeeds: [11],
      date: '2026-01-01',
      machine: 'a machine',
      processSeconds: 1,
      command: 'npm run bench:control -- --seed 7',
      published: false,
      own: { ...utc, name: 'my house' },
      recorded,
      groups: [],
      problems: [],
    });
    expect(page).toContain('my house: a bank of 900 Ah');
    expect(page).toContain('mine: 7 of 8 whole days');
    expect(page).not.toContain('home A');
    expect(page).toContain('**Not in this run:** runs with faulty sensors and the recorded year');
  });
});

describe('the options', () => {
  const refused = (...args: string[]): string => {
    try {
      readOptions(args);
      return 'was not refused';
    } catch (error) {
      return (error as Error).message;
    }
  };

  test('--write is for the whole published set only', () => {
    expect(readOptions(['--write']).write).toBe(true);
    for (const [option, ...rest] of [
      ['--quick'],
      ['--only', 'drills'],
      ['--site', 'a.json'],
      ['--recording', 'a.csv'],
      ['--seed', '7'],
      ['--good-sensors'],
      ['--milp', '5'],
    ] as const)
      expect(refused('--write', option, ...rest)).toContain(`not a run with ${option}`);
  });

  test('a value that cannot be is named with its limits', () => {
    expect(refused('--seed', 'x')).toBe('--seed: "x" is no whole number from 0 to 20000000');
    expect(refused('--processes', '0')).toContain('--processes: "0" is no whole number from 1');
    expect(refused('--recording', 'a.csv', '--pv-scale', '0')).toContain(
      '--pv-scale: "0" is no number above 0',
    );
    expect(refused('--time-zone', 'UTC')).toContain('give --recording too');
    expect(refused('--seeds', '1')).toContain("Unknown option '--seeds'");
    expect(refused('--from', 'a', '--seed', '1')).toContain('leave out --seed');
  });
});

describe('the set', () => {
  const choice = { seed: 3, own: null, recorded: null, solveSeconds: 0, quick: false, only: null };

  test('has weeks and drills; one group may be asked for, and another name is refused', () => {
    const groups = (only: string | null) =>
      new Set(setOf({ ...choice, goodSensors: false, only }).map(({ group }) => group));
    expect(groups(null)).toEqual(new Set([DRILLS, SITE_WEEKS]));
    expect(groups(DRILLS)).toEqual(new Set([DRILLS]));
    expect(() => groups('home B')).toThrow('there is no group "home B" in this run, only drills, site-weeks');
  });

  test('a part of it is not the whole', () => {
    const set = setOf({ ...choice, goodSensors: false });
    const results = set.map(
      ({ name, group, faults, policies }): ScenarioResult => ({
        name,
        group,
        seconds: 0,
        linearKwh: null,
        results: policies.flatMap((policy) =>
          faults.map((faulty) => ({ policy, faulty, netKwh: 0, figures: {} as never })),
        ),
      }),
    );
    expect(lackingOf(set, results)).toEqual([]);
    expect(lackingOf(set, results.slice(1))).toEqual([set[0]?.name]);
    const good = results.map((each) => ({ ...each, results: each.results.filter(({ faulty }) => !faulty) }));
    expect(lackingOf(set, good)).toHaveLength(set.length);
  });
});
