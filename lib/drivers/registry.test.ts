import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SEED_MINERS, SEED_ZONES } from '@/lib/core/defaults';
import { DRIVER_CATALOG, DRIVER_KEYS, isSameSwitch, switchOf } from './catalog';
import { DRIVERS, openDevice } from './registry';
import { SIMULATED_SITE_DEVICES } from './simulated/devices';
import { DriverError } from './types';

const context = {
  now: () => 0,
  log: { info() {}, warn() {} },
  site: {
    timeZone: 'UTC',
    latitudeDeg: 0,
    longitudeDeg: 0,
    pvArrayW: 1000,
    batteryCapacityAh: 300,
    batteryNominalV: 51.2,
  },
  savedState: null,
  shared: new Map(),
};

it('knows the same relay by where it is, and by nothing else of its connection', () => {
  const relay = (more: object) =>
    switchOf({ driver: 'victron-mqtt', connection: { host: 'gx', relay: 1, ...more } });
  expect(relay({})).not.toBeNull();
  for (const same of [{ host: 'GX' }, { port: 1883 }, { port: 8883, tls: true }, { password: 'new' }])
    expect(isSameSwitch(relay(same), relay({}))).toBe(true);
  for (const other of [{ host: 'gx-b' }, { port: 1884 }, { relay: 2 }])
    expect(isSameSwitch(relay(other), relay({}))).toBe(false);
  // One that is found by its name later is the same; two names are two devices.
  expect(isSameSwitch(relay({ portal_id: 'p' }), relay({}))).toBe(true);
  expect(isSameSwitch(relay({ portal_id: 'p' }), relay({ portal_id: 'q' }))).toBe(false);
  expect(relay({ relay: null })).toBeNull();
  expect(isSameSwitch(relay({ relay: null }), relay({ relay: null }))).toBe(false);
  expect(switchOf({ driver: 'simulated', connection: { part: 'miner' } })).toBeNull();
  expect(switchOf({ driver: 'unknown', connection: {} })).toBeNull();
});

describe('registry', () => {
  it('can create every driver of the catalog', () => {
    expect(Object.keys(DRIVERS).sort()).toEqual([...DRIVER_KEYS].sort());
    expect(Object.keys(DRIVER_CATALOG).sort()).toEqual([...DRIVER_KEYS].sort());
  });

  it('names the fields at fault and none of their values', async () => {
    const failure = await openDevice(
      { key: 'plug', driver: 'simulated', connection: { part: 'heater', rated_w: -31_415, zone: 'Room' } },
      context,
    ).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DriverError);
    expect(String(failure)).toContain('rated_w');
    expect(String(failure)).not.toContain('31');
  });

  it('refuses a driver it does not know', async () => {
    await expect(openDevice({ key: 'x', driver: 'toString', connection: {} }, context)).rejects.toThrow(
      'no driver "toString"',
    );
  });

  it.each(DRIVER_KEYS)('can draw a form for %s', (key) => {
    expect(z.toJSONSchema(DRIVER_CATALOG[key].connectionSchema, { io: 'input' })).toBeTypeOf('object');
  });
});

describe('the abilities of a device', () => {
  const HOUSE = { part: 'inverter' } as const;
  it.each([
    ['simulated', HOUSE],
    ['simulated', { part: 'miner', rated_w: 3000 }],
    ['simulated', { part: 'plug', rated_w: 3000 }],
    ['simulated', { part: 'heater', rated_w: 1500, zone: 'Room' }],
    ['simulated', { part: 'fan', zone: 'Room' }],
    ['simulated', { part: 'thermometer', zone: 'Room' }],
    ['victron-mqtt', { host: '127.0.0.1' }],
    ['victron-mqtt', { host: '127.0.0.1', relay: 1 }],
  ] as const)('of %s %j are those it is opened with', async (driver, connection) => {
    const shared = new Map();
    await openDevice({ key: 'house', driver: 'simulated', connection: HOUSE }, { ...context, shared });
    const device = await openDevice({ key: 'device', driver, connection }, { ...context, shared });
    const { thermometer, switch: plug, fan } = device.capabilities;
    const found = [thermometer && 'temperature', plug && 'switch', fan && 'fan'].filter(Boolean);
    expect(DRIVER_CATALOG[driver].abilities(connection)).toEqual(found);
    await device.close();
  });
});

describe('simulated site devices', () => {
  it('have valid connections and unique keys', () => {
    for (const { connection } of SIMULATED_SITE_DEVICES) {
      expect(DRIVER_CATALOG.simulated.connectionSchema.safeParse(connection).success).toBe(true);
    }
    expect(new Set(SIMULATED_SITE_DEVICES.map(({ key }) => key)).size).toBe(SIMULATED_SITE_DEVICES.length);
  });

  it('are the ones the seeded miners and zones name', () => {
    const keys = SIMULATED_SITE_DEVICES.map(({ key }) => key);
    const named = [
      ...SEED_MINERS.map(({ deviceIdentifier }) => deviceIdentifier),
      ...SEED_ZONES.flatMap((zone) => [
        zone.exhaustFanDeviceId,
        zone.heaterDeviceId,
        zone.temperatureSensorId,
      ]),
    ].filter((key) => key !== null && key !== undefined);
    expect(named.length).toBeGreaterThan(5);
    for (const key of named) expect(keys).toContain(key);
  });
});
