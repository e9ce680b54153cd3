import type { Capabilities, Device, DriverContext } from '../types';
import { DriverError } from '../types';
import { GX_TIMING, GxClient, type GxTiming } from './client';
import {
  type Choice,
  chooseBattery,
  mapBattery,
  mapGridW,
  mapLoadW,
  mapPvW,
  mapTemperatureC,
} from './mapper';
import { createRelay } from './relay';
import type { VictronMqttConnection } from './schema';
import type { GxValues } from './value-store';

/** The device pushes; this is how often a changed value is worth collecting. */
const POLL_SECONDS = 5;
/** Characters. */
const MOST_OF_A_NAME = 40;

/** For tests: faster timers, jitter without chance. */
export interface VictronMqttTuning {
  readonly timing?: Partial<GxTiming>;
  readonly random?: () => number;
}

/**
 * Opens a GX device by its local MQTT. Returns at once, whether the device answers or not; it keeps trying.
 * Reads reject with a DriverError: `unreachable` or `auth` without a connection, `stale` once the device has been
 * silent for 20 s, `refused` when the owner has to choose among several batteries or GX devices.
 */
export async function createVictronMqtt(
  key: string,
  connection: VictronMqttConnection,
  context: DriverContext,
  tuning: VictronMqttTuning = {},
): Promise<Device> {
  const timing = { ...GX_TIMING, ...tuning.timing };
  const client = new GxClient({ key, connection, context, timing, random: tuning.random ?? Math.random });
  const choice: Choice = {
    batteryInstance: connection.battery_instance ?? null,
    batteryTemperatureInstance: connection.battery_temperature_instance ?? null,
    temperatureInstance: connection.temperature_instance ?? null,
    batteryNominalV: context.site.batteryNominalV,
  };
  const read = async <T>(map: (values: GxValues) => T): Promise<T> => {
    await client.firstAnswer;
    const failure = client.failure();
    if (failure) throw failure;
    return map(client.values);
  };
  const capabilities: Capabilities = {
    battery: { readBattery: () => read((values) => readBattery(values, choice)) },
    pv: { readPvW: () => read(mapPvW) },
    load: { readLoadW: () => read(mapLoadW) },
    grid: { readGridW: () => read(mapGridW) },
    thermometer: { readTemperatureC: () => read((values) => mapTemperatureC(values, choice)) },
    ...(connection.relay ? { switch: createRelay(client, connection.relay, timing.write) } : {}),
  };
  return {
    key,
    capabilities,
    simulated: false,
    simulatedRoles: [],
    pollSeconds: POLL_SECONDS,
    saveState: () => null,
    async close() {
      client.close();
    },
  };
}

function readBattery(values: GxValues, choice: Choice) {
  const source = chooseBattery(values, choice);
  const monitors = values.instances('battery');
  const { batteryInstance } = choice;
  // One that is there and says no voltage is not known; one that is not there is off, or a wrong number.
  if (batteryInstance !== null && !monitors.includes(batteryInstance)) {
    const [others, instead] =
      monitors.length === 0
        ? ['nor any other battery monitor', 'leave battery_instance empty']
        : [`only ${listed(values, monitors)}`, 'correct battery_instance'];
    throw new DriverError(
      'refused',
      `The GX device has no battery ${batteryInstance} now, ${others}. Is it connected? Otherwise ${instead}.`,
      true,
    );
  }
  if (source.kind !== 'ambiguous') return mapBattery(values, source, choice);
  throw new DriverError(
    'refused',
    `The GX device has several batteries: ${listed(values, source.instances)}. Say which one with battery_instance.`,
    false,
  );
}

/** "512 (House bank, 52.4 V), 513 (unnamed, ? V)": names as long as a line bears. */
function listed(values: GxValues, instances: readonly number[]): string {
  return instances
    .map((instance) => {
      const name =
        values.value('battery', instance, 'CustomName') || values.value('battery', instance, 'ProductName');
      const voltage = values.measure('battery', instance, 'Dc/0/Voltage');
      const short = String(name || 'unnamed').slice(0, MOST_OF_A_NAME);
      return `${instance} (${short}, ${voltage ? voltage.value.toFixed(1) : '?'} V)`;
    })
    .join(', ');
}
