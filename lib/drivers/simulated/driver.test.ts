import { describe, expect, it } from 'vitest';
import { type ContractBench, describeDriverContract } from '../contract.case';
import { openDevice } from '../registry';
import { type LiveSite, sharedSite } from '../site-physics/live-site';
import type { Device, DriverContext, SiteFacts } from '../types';
import { SIMULATED_SITE_DEVICES } from './devices';
import type { SimulatedConnection } from './schema';

const facts: SiteFacts = {
  timeZone: 'America/Los_Angeles',
  latitudeDeg: 37.3382,
  longitudeDeg: -121.8863,
  pvArrayW: 12_960,
  batteryCapacityAh: 900,
  batteryNominalV: 51.2,
};

/** A house on a clock that the test moves. */
function createHouse(startAt = '2026-05-04T17:00:00Z') {
  let now = Date.parse(startAt);
  const shared = new Map<string, unknown>();
  const context = (savedState: unknown = null): DriverContext => ({
    now: () => now,
    log: { info() {}, warn() {} },
    site: facts,
    savedState,
    shared,
  });
  return {
    open: (key: string, connection: SimulatedConnection, savedState?: unknown) =>
      openDevice({ key, driver: 'simulated', connection }, context(savedState)),
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
    site: (): LiveSite => sharedSite(shared, facts, now),
  };
}

async function benchOf(connection: SimulatedConnection): Promise<ContractBench> {
  const house = createHouse();
  const device = await house.open('device', connection);
  return { device, now: house.now, pass: async (ms) => house.pass(ms), end: async () => {} };
}

/** Keeps the mains off for as long as the test runs. */
async function darkBench(): Promise<ContractBench> {
  const house = createHouse();
  const site = house.site();
  const saved = structuredClone(site.saveCore());
  saved.site.mains.on = false;
  saved.site.mains.offS = -1e9;
  site.configure({ saved });
  const device = await house.open('device', { part: 'miner', rated_w: 3250 });
  return { device, now: house.now, pass: async (ms) => house.pass(ms), end: async () => {} };
}

describeDriverContract('simulated', {
  healthy: () => benchOf({ part: 'inverter' }),
  switchable: () => benchOf({ part: 'miner', rated_w: 3250, zone: 'Heat Room' }),
  unreachable: darkBench,
  malformed: { skip: 'a model has no wire on which an answer could be garbled' },
  balanceToleranceW: 600,
  timeoutMs: 1000,
});
describeDriverContract('simulated thermometer', {
  healthy: () => benchOf({ part: 'thermometer', zone: 'Main Room' }),
  unreachable: { skip: 'the thermometer runs on its own battery' },
  malformed: { skip: 'a model has no wire on which an answer could be garbled' },
  balanceToleranceW: 0,
  timeoutMs: 1000,
});

const fixed = (device: Device) => {
  const { battery, pv, load } = device.capabilities;
  if (!battery || !pv || !load) throw new Error('the inverter measures battery, PV and load');
  return { battery, pv, load };
};

describe('simulated site', () => {
  it('quantises as a shunt monitor does and repeats a sample until there is a newer one', async () => {
    const house = createHouse();
    const { battery } = fixed(await house.open('inverter', { part: 'inverter' }));
    const first = await battery.readBattery();
    house.pass(1000);
    const second = await battery.readBattery();
    expect(second.packVoltageV).toEqual(first.packVoltageV);
    house.pass(60_000);
    const third = await battery.readBattery();
    expect(third.packVoltageV?.sampleAt).toBeGreaterThan(first.packVoltageV?.sampleAt ?? 0);
    for (const { packVoltageV, currentA } of [first, third]) {
      expect(String(packVoltageV?.value)).toMatch(/^\d\d(\.\d{1,2})?$/);
      expect(String(currentA?.value)).toMatch(/^-?\d+(\.\d)?$/);
    }
  });

  it('ramps a miner that is switched on, inside the measured load, and shows it in the battery', async () => {
    const house = createHouse('2026-05-04T09:00:00Z');
    const { battery, load } = fixed(await house.open('inverter', { part: 'inverter' }));
    const plug = (await house.open('miner', { part: 'miner', rated_w: 3878, zone: 'Heat Room' })).capabilities
      .switch;
    if (!plug) throw new Error('a miner has a switch');
    const before = {
      load: await load.readLoadW(),
      battery: await battery.readBattery(),
      plug: await plug.readSwitch(),
    };
    expect(before.plug).toMatchObject({ state: 'off', insideMeasuredLoad: true, powerW: { value: 0 } });
    await plug.setSwitch('on');
    expect((await plug.readSwitch()).state).toBe('ramping');
    house.pass(150_000);
    const after = {
      load: await load.readLoadW(),
      battery: await battery.readBattery(),
      plug: await plug.readSwitch(),
    };
    expect(after.plug.state).toBe('on');
    expect((after.load?.value ?? 0) - (before.load?.value ?? 0)).toBeGreaterThan(2500);
    expect(after.battery.powerW?.value).toBeLessThan(-3500);
    expect(after.battery.packVoltageV?.value).toBeLessThan(before.battery.packVoltageV?.value ?? 0);
  });

  it('refuses a fan speed that does not exist and keeps the one it has', async () => {
    const house = createHouse();
    const fan = (await house.open('fan', { part: 'fan', zone: 'Heat Room' })).capabilities.fan;
    if (!fan) throw new Error('a fan has speeds');
    await fan.setFanSpeed(4);
    await expect(fan.setFanSpeed(11)).rejects.toThrow('speed 11');
    await expect(fan.setFanSpeed(1.5)).rejects.toThrow('speed 1.5');
    expect((await fan.readFanSpeed()).value).toBe(4);
  });

  it('loses, delays and garbles the share of samples it is asked to, and none otherwise', async () => {
    const count = async (faultShare?: number) => {
      const house = createHouse();
      const { battery } = fixed(
        await house.open('inverter', { part: 'inverter', ...(faultShare && { fault_share: faultShare }) }),
      );
      let bad = 0;
      for (let i = 0; i < 1000; i += 1) {
        house.pass(5000);
        const { packVoltageV } = await battery.readBattery();
        if (!packVoltageV || packVoltageV.value === 0 || house.now() - packVoltageV.sampleAt >= 5000)
          bad += 1;
      }
      return bad;
    };
    expect(await count()).toBe(0);
    const bad = await count(0.3);
    expect(bad).toBeGreaterThan(230);
    expect(bad).toBeLessThan(370);
  });

  it('picks up where its saved states left it', async () => {
    const before = createHouse();
    const inverter = await before.open('inverter', { part: 'inverter' });
    const miner = await before.open('miner', { part: 'miner', rated_w: 3878 });
    await fixed(inverter).battery.readBattery();
    await miner.capabilities.switch?.setSwitch('on');
    before.pass(600_000);
    await miner.capabilities.switch?.readSwitch();
    const states = JSON.parse(JSON.stringify([inverter.saveState(), miner.saveState()]));
    before.pass(10_000);
    const wanted = await fixed(inverter).battery.readBattery();

    const after = createHouse();
    after.pass(610_000);
    const resumed = await after.open('inverter', { part: 'inverter' }, states[0]);
    const still = await after.open('miner', { part: 'miner', rated_w: 3878 }, states[1]);
    expect(await fixed(resumed).battery.readBattery()).toEqual(wanted);
    expect((await still.capabilities.switch?.readSwitch())?.state).toBe('on');
  });

  it('steps seven days in at most three seconds, read every minute', async () => {
    const house = createHouse();
    const devices = await Promise.all(
      SIMULATED_SITE_DEVICES.map(({ key, connection }) => house.open(key, connection)),
    );
    const site = house.site();
    const began = performance.now();
    for (let minute = 0; minute < 7 * 1440; minute += 1) {
      house.pass(60_000);
      for (const { capabilities } of devices) {
        await capabilities.battery?.readBattery();
        await capabilities.pv?.readPvW();
        await capabilities.load?.readLoadW();
        await capabilities.thermometer?.readTemperatureC();
        if (site.hasMains) await capabilities.switch?.readSwitch();
      }
    }
    // Half a second on an idle machine; a busy one must not fail for it.
    expect(performance.now() - began).toBeLessThan(15_000);
  }, 20_000);
});
