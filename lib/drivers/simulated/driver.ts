import type { LoadState } from '@/lib/core/types';
import { type LiveLoad, type LiveSite, sharedSite } from '../site-physics/live-site';
import { isRamping, switchLoad } from '../site-physics/miner';
import { Monitor } from '../site-physics/monitor';
import { savedCore, savedFanSpeed, savedLoad, savedZone } from '../site-physics/saved-state';
import {
  type Capabilities,
  type Device,
  type DriverContext,
  DriverError,
  type SwitchObservation,
} from '../types';
import { withFaults } from './faults';
import type { SimulatedConnection } from './schema';

const POLL_SECONDS = 5;
const MAX_FAN_SPEED = 10;

interface Part {
  readonly capabilities: Capabilities;
  saveState(): unknown;
  detach(): void;
}
type Of<K extends SimulatedConnection['part']> = Extract<SimulatedConnection, { part: K }>;

/** Opens one device of the simulated house; all devices of one `context.shared` are parts of the same house. */
export async function createSimulated(
  key: string,
  connection: SimulatedConnection,
  context: DriverContext,
): Promise<Device> {
  const site = sharedSite(context.shared, context.site, context.now());
  let closed = false;
  const advance = () => {
    if (closed) throw new DriverError('unreachable', `${key} is closed.`, false);
    site.advanceTo(context.now());
  };
  const part = createPart(key, connection, { site, advance, context });
  const device: Device = {
    key,
    capabilities: part.capabilities,
    simulated: true,
    simulatedRoles: rolesOf(connection),
    pollSeconds: POLL_SECONDS,
    saveState: () => part.saveState(),
    async close() {
      if (closed) return;
      closed = true;
      part.detach();
    },
  };
  return withFaults(device, 'faults' in connection ? connection.faults : undefined, context.now);
}

interface Within {
  readonly site: LiveSite;
  /** Lets the house catch up with the clock; throws once the device is closed. */
  readonly advance: () => void;
  readonly context: DriverContext;
}

function createPart(key: string, connection: SimulatedConnection, within: Within): Part {
  switch (connection.part) {
    case 'inverter':
      return createInverter(connection, within);
    case 'miner':
      return createLoad(
        key,
        { ratedW: connection.rated_w, ramps: true, zone: connection.zone ?? null },
        within,
      );
    case 'plug':
    case 'heater':
      return createLoad(
        key,
        { ratedW: connection.rated_w, ramps: false, zone: connection.zone ?? null },
        within,
      );
    case 'fan':
      return createFan(key, connection, within);
    case 'thermometer':
      return createThermometer(connection, within);
  }
}

function createInverter(connection: Of<'inverter'>, { site, advance, context }: Within): Part {
  site.configure({
    seed: connection.seed,
    weather: connection.weather,
    grid: connection.grid ? 'import' : 'none',
    saved: savedCore(context.savedState),
  });
  site.metered = true;
  const monitor = new Monitor(site, connection.fault_share ?? 0);
  const read = async <T>(measure: () => T): Promise<T> => {
    advance();
    return measure();
  };
  return {
    capabilities: {
      battery: { readBattery: () => read(() => monitor.readBattery()) },
      pv: { readPvW: () => read(() => monitor.read('pvW', site.flow.pvW)) },
      load: { readLoadW: () => read(() => monitor.read('loadW', site.flow.loadW)) },
      grid: { readGridW: () => read(() => monitor.read('gridW', site.flow.gridW)) },
      chargeControl: {
        readChargePermission: () => read(() => ({ permitted: site.chargingPermitted, sampleAt: site.atMs })),
        setChargePermission: (permitted) => read(() => site.permitCharging(permitted)),
      },
    },
    saveState: () => site.saveCore(),
    detach() {
      site.metered = false;
    },
  };
}

function createLoad(
  key: string,
  spec: { ratedW: number; ramps: boolean; zone: string | null },
  { site, advance, context }: Within,
): Part {
  const live = site.addLoad(key, spec, savedLoad(context.savedState));
  const reach = () => {
    advance();
    if (!site.hasMains) {
      throw new DriverError('unreachable', `${key} does not answer: the simulated inverter is off.`, true);
    }
    live.contactMs = site.atMs;
  };
  const timerEnd = (seconds: number | undefined) =>
    seconds === undefined ? null : context.now() + 1000 * seconds;
  return {
    capabilities: {
      switch: {
        async readSwitch() {
          reach();
          return observe(live, site);
        },
        async setSwitch(state, { autoOffSeconds } = {}) {
          reach();
          switchLoad(live.load.state, state === 'on');
          live.autoOffAtMs = state === 'on' ? timerEnd(autoOffSeconds) : null;
        },
        async renewAutoOff(autoOffSeconds) {
          reach();
          if (live.load.state.on) live.autoOffAtMs = timerEnd(autoOffSeconds);
        },
      },
    },
    saveState: () => ({
      contactMs: live.contactMs,
      autoOffAtMs: live.autoOffAtMs,
      load: { ...live.load.state },
    }),
    detach: () => site.removeLoad(key),
  };
}

function observe({ load }: LiveLoad, site: LiveSite): SwitchObservation {
  const state: LoadState = !load.state.on ? 'off' : isRamping(load.state, load.parameters) ? 'ramping' : 'on';
  return {
    state,
    sampleAt: site.atMs,
    powerW: { value: Math.round(load.state.on ? load.state.powerW : 0), sampleAt: site.atMs },
    insideMeasuredLoad: site.loadsAreMetered,
  };
}

function createFan(key: string, connection: Of<'fan'>, { site, advance, context }: Within): Part {
  const fan = site.addFan(connection.zone, savedFanSpeed(context.savedState));
  const reach = () => {
    advance();
    if (!site.hasMains) {
      throw new DriverError('unreachable', `${key} does not answer: the simulated inverter is off.`, true);
    }
  };
  return {
    capabilities: {
      fan: {
        async readFanSpeed() {
          reach();
          return { value: fan.speed, sampleAt: site.atMs };
        },
        async setFanSpeed(step) {
          reach();
          if (!Number.isInteger(step) || step < 0 || step > MAX_FAN_SPEED) {
            throw new DriverError(
              'refused',
              `${key}: speed ${step} is not a step from 0 to ${MAX_FAN_SPEED}.`,
              false,
            );
          }
          fan.speed = step;
        },
      },
    },
    saveState: () => ({ speed: fan.speed }),
    detach: () => site.removeFan(fan),
  };
}

function createThermometer(connection: Of<'thermometer'>, { site, advance, context }: Within): Part {
  const zone = site.describeZone(connection.zone, {
    floorM2: connection.floor_m2,
    holdsBattery: connection.holds_battery,
    saved: savedZone(context.savedState),
  });
  const monitor = new Monitor(site, 0, connection.zone.length);
  return {
    capabilities: {
      thermometer: {
        async readTemperatureC() {
          advance();
          return monitor.read('roomC', zone.state.airC);
        },
      },
    },
    saveState: () => ({ atMs: site.atMs, zone: { ...zone.state } }),
    detach() {},
  };
}

function rolesOf({ part }: SimulatedConnection): Device['simulatedRoles'] {
  if (part === 'inverter') return ['battery', 'pv', 'load', 'grid'];
  return part === 'thermometer' ? ['temperature'] : [];
}
