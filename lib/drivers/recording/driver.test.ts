import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ContractBench, describeDriverContract } from '../contract.case';
import { openDevice } from '../registry';
import type { Device, DriverContext } from '../types';
import { createWallClock } from '../wall-clock';
import { alignPlayback } from './alignment';
import { locateRecording, readRecording } from './file';
import { recordingConnection } from './schema';
import { valueAt } from './series';

let data = '';
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'recordings-test-'));
  vi.stubEnv('COMMANDCENTER_DATA', data);
  await mkdir(join(data, 'recordings', 'mine'), { recursive: true });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(data, { recursive: true });
});

async function put(name: string, lines: string[] | string) {
  const text = typeof lines === 'string' ? lines : `${lines.join('\n')}\n`;
  await writeFile(join(data, 'recordings', name), name.endsWith('.gz') ? gzipSync(text) : text);
}

interface Player extends ContractBench {
  at(iso: string): void;
  readonly context: DriverContext;
}
async function play(
  connection: object,
  options: { now?: string; timeZone?: string; shared?: Map<string, unknown> } = {},
): Promise<Player> {
  let now = Date.parse(options.now ?? '2026-06-01T12:00:00Z');
  const context: DriverContext = {
    now: () => now,
    log: { info() {}, warn() {} },
    site: {
      timeZone: options.timeZone ?? 'UTC',
      latitudeDeg: 37,
      longitudeDeg: 0,
      pvArrayW: 12_960,
      batteryCapacityAh: 900,
      batteryNominalV: 51.2,
    },
    savedState: null,
    shared: options.shared ?? new Map(),
  };
  const device = await openDevice({ key: 'recording', driver: 'recording', connection }, context);
  return {
    device,
    context,
    now: () => now,
    at: (iso) => {
      now = Date.parse(iso);
    },
    pass: async (ms) => {
      now += ms;
    },
    end: async () => {},
  };
}

const WHOLE = [
  'timestamp_utc,load_w,pv_w,grid_w,battery_voltage_v,battery_current_a,battery_power_w,soc_pct,battery_temp_c',
  '2025-06-01T12:00:00Z,1000,4000,0,52.0,57.69,3000,60,20',
  '2025-06-01T12:10:00Z,2000,3000,0,53.0,18.87,1000,62,22',
  '2025-06-01T12:20:00Z,,3000,0,53.2,,,62,',
  '2025-06-01T12:30:00Z,1500,-3,0,52.8,-28.6,-1510,61,21',
  '2025-06-01T13:30:00Z,1500,0,0,52.0,-28.8,-1500,58,21',
];
const values = async (device: Device) => {
  const battery = await device.capabilities.battery?.readBattery();
  return {
    pv: (await device.capabilities.pv?.readPvW())?.value ?? null,
    load: (await device.capabilities.load?.readLoadW())?.value ?? null,
    grid: (await device.capabilities.grid?.readGridW())?.value ?? null,
    volt: battery?.packVoltageV?.value ?? null,
    amps: battery?.currentA?.value ?? null,
    power: battery?.powerW?.value ?? null,
    soc: battery?.reportedSocPct?.value ?? null,
    degrees: battery?.temperatureC?.value ?? null,
  };
};

it('takes the zone of a wall clock, and no abbreviation, which others read differently', () => {
  expect(recordingConnection.safeParse({ time_zone: 'America/Los_Angeles' }).success).toBe(true);
  expect(recordingConnection.safeParse({ time_zone: 'PST' }).error?.issues[0]?.message).toMatch(/IANA/);
});

it('opens a recording stored with an abbreviation, when those were taken too', async () => {
  const { device } = await play({ time_zone: 'EST' });
  expect((await device.capabilities.pv?.readPvW())?.value).toBeGreaterThan(0);
  await device.close();
  await expect(play({ time_zone: 'Nowhere/At_All' })).rejects.toThrow('time_zone');
});

describeDriverContract('recording', {
  healthy: async () => {
    await put('whole.csv', WHOLE);
    return play({ file: 'whole.csv' });
  },
  unreachable: () => play({ file: 'nowhere.csv' }),
  malformed: async () => {
    await put('nonsense.csv', ['timestamp_utc,pv_w', 'soon,many', 'later,more']);
    return play({ file: 'nonsense.csv' });
  },
  balanceToleranceW: 10,
  timeoutMs: 2000,
});
describeDriverContract('recording with the simulated battery', {
  healthy: async () => {
    await put('two.csv', [
      'timestamp_utc,load_w,pv_w',
      '2025-06-01T00:00:00Z,900,2500',
      '2025-06-03T00:00:00Z,900,2500',
    ]);
    const player = await play({ file: 'two.csv' });
    await player.device.capabilities.battery?.readBattery();
    return player;
  },
  unreachable: { skip: 'a file that was read cannot go away' },
  malformed: { skip: 'covered by the case without the simulated battery' },
  balanceToleranceW: 400,
  timeoutMs: 2000,
});

describe('playing', () => {
  it.each(['whole.csv', 'mine/whole.csv.gz'])('reads between rows: %s', async (file) => {
    await put(file, WHOLE);
    const { device, at } = await play({ file });
    expect(device.simulated).toBe(false);
    expect(device.simulatedRoles).toEqual([]);
    expect(await values(device)).toEqual({
      pv: 4000,
      load: 1000,
      grid: 0,
      volt: 52,
      amps: 57.69,
      power: 3000,
      soc: 60,
      degrees: 20,
    });
    at('2026-06-01T12:05:00Z');
    const half = await values(device);
    expect(half).toMatchObject({ pv: 3500, load: 1500, volt: 52.5, power: 2000, soc: 61, degrees: 21 });
    expect(half.amps).toBeCloseTo(38.28, 9);
  });

  it('bridges one empty cell and leaves a gap over two steps empty', async () => {
    await put('whole.csv', WHOLE);
    const { device, at } = await play({ file: 'whole.csv' });
    at('2026-06-01T12:20:00Z');
    expect(await values(device)).toMatchObject({ load: 1750, pv: 3000, degrees: 21.5 });
    at('2026-06-01T12:30:00Z');
    expect(await values(device)).toMatchObject({ load: 1500, pv: 0 });
    at('2026-06-01T13:00:00Z');
    expect(await values(device)).toEqual({
      pv: null,
      load: null,
      grid: null,
      volt: null,
      amps: null,
      power: null,
      soc: null,
      degrees: null,
    });
    at('2026-06-01T13:31:00Z');
    expect((await values(device)).volt).toBeNull();
  });

  it('makes power of current and current of power', async () => {
    await put('amps.csv', [
      'time,pack_voltage_v,pack_current_a,soc_pct,battery_temp_c',
      '2025-06-01 12:00:00,50,-20,50,20',
      '2025-06-01 12:01:00,50,-20,50,20',
    ]);
    expect(await values((await play({ file: 'amps.csv' })).device)).toMatchObject({
      amps: -20,
      power: -1000,
    });
    await put('watts.csv', [
      'ts,battery_voltage_v,battery_power_w,soc_pct,battery_temp_c',
      '1748779200,50,1000,50,20',
      '1748779260,50,1000,50,20',
    ]);
    expect(await values((await play({ file: 'watts.csv' })).device)).toMatchObject({ amps: 20, power: 1000 });
  });

  it('scales sun and load', async () => {
    await put('whole.csv', WHOLE);
    const { device } = await play({ file: 'whole.csv', pv_scale: 3, load_scale: 0.5 });
    expect(await values(device)).toMatchObject({ pv: 12_000, load: 500 });
  });

  it('offers only what was recorded', async () => {
    await put('pv.csv', [
      'timestamp_utc,battery_voltage_v,battery_current_a,soc_pct,battery_temp_c',
      ...['00', '01'].map((m) => `2025-06-01T12:${m}:00Z,52,1,50,20`),
    ]);
    const { capabilities } = (await play({ file: 'pv.csv' })).device;
    expect(Object.keys(capabilities)).toEqual(['battery']);
  });
});

describe('missing battery columns', () => {
  const hours = (pv: number, load: number) => [
    'timestamp_utc,load_w,pv_w',
    ...Array.from(
      { length: 49 },
      (_, i) => `${new Date(Date.UTC(2025, 5, 1) + i * 1_800_000).toISOString()},${load},${pv}`,
    ),
  ];

  it('come from the simulated battery, are labelled, and follow the recorded power', async () => {
    await put('sun.csv', hours(6000, 1000));
    const { device, at } = await play({ file: 'sun.csv', grid: false }, { now: '2026-06-01T00:00:00Z' });
    expect(device.simulatedRoles).toEqual(['battery', 'grid']);
    await values(device);
    at('2026-06-01T01:00:00Z');
    const first = await values(device);
    expect(first).toMatchObject({ pv: 6000, load: 1000, grid: 0 });
    expect(first.power).toBeGreaterThan(4500);
    at('2026-06-01T20:00:00Z');
    const full = await values(device);
    expect(full.soc).toBeGreaterThan(95);
    expect(full.power).toBeLessThan(500);
    expect(await device.capabilities.battery?.readBattery()).toMatchObject({ chargeStage: 'float' });
  });

  it('export to the grid what the full bank leaves over, so that the recorded sun still balances', async () => {
    await put('sun.csv', hours(6000, 1000));
    const { device, at } = await play({ file: 'sun.csv' }, { now: '2026-06-01T00:00:00Z' });
    await values(device);
    at('2026-06-01T20:00:00Z');
    const { pv, load, grid, power } = await values(device);
    expect(grid).toBeLessThan(-3000);
    expect(Math.abs((pv ?? 0) + (grid ?? 0) - (load ?? 0) - (power ?? 0))).toBeLessThan(500);
  });

  it('are drained by simulated miners, which then stand outside the recorded load', async () => {
    await put('night.csv', hours(0, 500));
    const shared = new Map<string, unknown>();
    const { device, at, context } = await play(
      { file: 'night.csv', grid: false },
      { now: '2026-06-01T00:00:00Z', shared },
    );
    await openDevice({ key: 'inverter', driver: 'simulated', connection: { part: 'inverter' } }, context);
    const miner = await openDevice(
      { key: 'miner', driver: 'simulated', connection: { part: 'miner', rated_w: 3000 } },
      context,
    );
    await values(device);
    await miner.capabilities.switch?.setSwitch('on');
    at('2026-06-01T00:05:00Z');
    expect((await values(device)).load).toBe(500);
    expect((await values(device)).power).toBeLessThan(-3400);
    expect((await miner.capabilities.switch?.readSwitch())?.insideMeasuredLoad).toBe(false);
  });
});

describe('files', () => {
  it.each(['../secret.csv', '../../etc/passwd.csv', '/etc/hosts.csv', 'mine/../../secret.csv'])(
    'outside the recordings folder are refused: %s',
    async (file) => {
      await writeFile(join(data, 'secret.csv'), WHOLE.join('\n'));
      await expect(play({ file })).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringContaining('outside'),
      });
    },
  );

  it('reached by a link out of the folder are refused', async () => {
    await writeFile(join(data, 'secret.csv'), WHOLE.join('\n'));
    await rm(join(data, 'recordings', 'link.csv'), { force: true });
    await symlink(join(data, 'secret.csv'), join(data, 'recordings', 'link.csv'));
    await expect(play({ file: 'link.csv' })).rejects.toMatchObject({ code: 'refused' });
  });

  it('that are not CSV are not a connection', async () => {
    await expect(play({ file: 'postgres.conf' })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('file'),
    });
  });

  it.each([
    ['no time column', ['pv_w', '1', '2'], 'no column timestamp_utc'],
    [
      'no known column',
      ['timestamp_utc,humidity', '2025-06-01T12:00:00Z,1', '2025-06-01T12:01:00Z,1'],
      'docs/recording.md',
    ],
    [
      'a word for a number',
      ['timestamp_utc,pv_w', '2025-06-01T12:00:00Z,1', '2025-06-01T12:01:00Z,lots'],
      'line 3: pv_w is "lots"',
    ],
    [
      'time going back',
      ['timestamp_utc,pv_w', '2025-06-01T12:00:00Z,1', '2025-06-01T11:59:00Z,2'],
      'line 3: 2025-06-01T11:59:00Z is not later',
    ],
    [
      'a short line',
      ['timestamp_utc,pv_w', '2025-06-01T12:00:00Z,1', '2025-06-01T12:01:00Z'],
      'number of cells',
    ],
    ['one row', ['timestamp_utc,pv_w', '2025-06-01T12:00:00Z,1'], 'fewer than two rows'],
    ['nothing', [''], 'fewer than two rows'],
  ])('with %s say so', async (_, lines, words) => {
    await put('bad.csv', lines);
    await expect(play({ file: 'bad.csv' })).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringContaining(words),
    });
  });

  it('that only claim to be gzip, or end half-way, say so', async () => {
    await writeFile(join(data, 'recordings', 'plain.csv.gz'), 'timestamp_utc,pv_w\n');
    await expect(play({ file: 'plain.csv.gz' })).rejects.toMatchObject({
      message: expect.stringContaining('gzip'),
    });
    const whole = gzipSync(WHOLE.join('\n'));
    await writeFile(join(data, 'recordings', 'half.csv.gz'), whole.subarray(0, whole.length / 2));
    await expect(play({ file: 'half.csv.gz' })).rejects.toMatchObject({ code: 'malformed' });
  });
});

describe('home A', () => {
  it('is the default, lives by its own clock, and has sun at noon and none at night', async () => {
    const { device, at } = await play({}, { now: '2026-07-15T20:00:00Z', timeZone: 'America/Los_Angeles' });
    const noon = await values(device);
    const series = await readRecording(await locateRecording('home-a'), 'home-a');
    // 13:00 by the clock in California is what was recorded at 13:00 by the clock in Paris.
    expect(noon.pv).toBe(valueAt(series, 'pvW', Date.parse('2024-07-15T11:00:00Z')));
    expect(noon.pv).toBeGreaterThan(1500);
    expect(noon.volt).toBeGreaterThan(48);
    at('2026-07-16T08:00:00Z');
    expect((await values(device)).pv).toBe(0);
    expect(device.simulatedRoles).toEqual(['battery', 'grid']);
  });

  it('has a value for nearly every hour of a year', async () => {
    const series = await readRecording(await locateRecording('home-a'), 'home-a');
    const paris = createWallClock('Europe/Paris');
    const playback = alignPlayback(series, paris, paris);
    let gaps = 0;
    for (let hour = 0; hour < 8760; hour += 1) {
      const atMs = Date.UTC(2026, 0, 1) + hour * 3_600_000;
      if (playback.read('pvW', atMs) === null || playback.read('loadW', atMs) === null) gaps += 1;
    }
    // 893 of 17 524 half-hours have no PV, 336 no load; single ones are bridged.
    expect(gaps).toBeGreaterThan(100);
    expect(gaps).toBeLessThan(620);
  });

  const trace = join(
    import.meta.dirname,
    '../../../../shared/traces/offgrid48v_nmc14s_5min_2023-08_09.csv.gz',
  );
  it.skipIf(!existsSync(trace))(
    'is not the only one: an off-grid log plays too (needs the shared traces)',
    async () => {
      await copyFile(trace, join(data, 'recordings', 'off-grid.csv.gz'));
      const { device } = await play({ file: 'off-grid.csv.gz' }, { now: '2026-08-27T00:00:00Z' });
      expect(await values(device)).toMatchObject({
        volt: 52.655,
        power: -1851.3,
        amps: -35.16,
        soc: 78.19,
        load: 1526,
      });
    },
  );
});
