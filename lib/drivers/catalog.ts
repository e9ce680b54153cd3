import type { z } from 'zod';
import type { MeasuringRole } from '@/lib/core/types';
import { recordingConnection } from './recording/schema';
import { simulatedConnection } from './simulated/schema';
import type { SiteFacts } from './types';
import { victronMqttConnection } from './victron-mqtt/schema';

/** What a device can do for a load or a zone. */
export type Ability = 'switch' | 'fan' | 'temperature';

/** What is known about a driver without opening anything: for forms, validation and labels. */
export interface DriverEntry {
  readonly label: string;
  /** One line for the list an owner picks from. */
  readonly description: string;
  readonly connectionSchema: z.ZodType;
  /** Connection fields that are secrets: encrypted at rest, never returned. */
  readonly secretFields: readonly string[];
  /** The measuring roles a device of this driver can serve; which of them one device has, its connection says. */
  readonly roles: readonly MeasuringRole[];
  /** What the device of one connection can do; none for one that is not understood. */
  readonly abilities: (connection: Readonly<Record<string, unknown>>) => readonly Ability[];
  /** What the device of one connection switches in the field, the same however else it is reached; null = nothing that lasts. */
  readonly switches: (connection: Readonly<Record<string, unknown>>) => SwitchPlace | null;
  /** Whether some device of this driver can be switched. */
  readonly controllable: boolean;
  /** Everything it measures comes from a model. */
  readonly simulated: boolean;
  /** Talks to real hardware: adding one makes the site advisory. */
  readonly hardware: boolean;
  /** What of the site a device of this driver goes by: when it changes, the device is opened anew. */
  readonly siteFacts: readonly (keyof SiteFacts)[];
}

const SIMULATED_ABILITIES: Readonly<Record<string, readonly Ability[]>> = {
  miner: ['switch'],
  plug: ['switch'],
  heater: ['switch'],
  fan: ['fan'],
  thermometer: ['temperature'],
};

const WHOLE_SITE = [
  'timeZone',
  'latitudeDeg',
  'longitudeDeg',
  'pvArrayW',
  'batteryCapacityAh',
  'batteryNominalV',
] as const satisfies readonly (keyof SiteFacts)[];

/** A switch in the field. */
export interface SwitchPlace {
  readonly address: string;
  /** Which of the switches of one device. */
  readonly outlet: string;
  /** Which of the devices at one address; null = the only one there. */
  readonly unit: string | null;
}

/** Without and with TLS: the same GX device answers on both. */
const GX_PORTS: readonly unknown[] = [1883, 8883];

export const DRIVER_KEYS = ['simulated', 'recording', 'victron-mqtt'] as const;
export type DriverKey = (typeof DRIVER_KEYS)[number];

export const DRIVER_CATALOG: Readonly<Record<DriverKey, DriverEntry>> = {
  simulated: {
    label: 'Simulated site',
    description: 'A modelled off-grid house: battery, sun and clouds, household, miners, rooms.',
    connectionSchema: simulatedConnection,
    secretFields: [],
    roles: ['battery', 'pv', 'load', 'grid', 'temperature'],
    abilities: ({ part }) => SIMULATED_ABILITIES[String(part)] ?? [],
    switches: () => null,
    controllable: true,
    simulated: true,
    hardware: false,
    siteFacts: WHOLE_SITE,
  },
  recording: {
    label: 'Recording',
    description: 'Plays a CSV of a real house at the same local time of year; ships one.',
    connectionSchema: recordingConnection,
    secretFields: [],
    roles: ['battery', 'pv', 'load', 'grid'],
    abilities: () => [],
    switches: () => null,
    controllable: false,
    simulated: false,
    hardware: false,
    siteFacts: WHOLE_SITE,
  },
  'victron-mqtt': {
    label: 'Victron GX (MQTT)',
    description: 'A Cerbo GX, Ekrano GX or Venus GX in the home network, over its local MQTT.',
    connectionSchema: victronMqttConnection,
    secretFields: ['password'],
    roles: ['battery', 'pv', 'load', 'grid', 'temperature'],
    abilities: ({ relay }) => (relay ? ['temperature', 'switch'] : ['temperature']),
    switches: ({ host, port, relay, portal_id: portal }) =>
      relay
        ? {
            address: JSON.stringify([String(host).toLowerCase(), GX_PORTS.includes(port) ? null : port]),
            outlet: String(relay),
            unit: typeof portal === 'string' ? portal : null,
          }
        : null,
    controllable: true,
    simulated: false,
    hardware: true,
    siteFacts: ['batteryNominalV'],
  },
};

/** What a device switches in the field, whatever it is called and whatever its secrets are. */
export function switchOf(device: {
  readonly driver: string;
  readonly connection: Readonly<Record<string, unknown>>;
}): SwitchPlace | null {
  if (!isDriverKey(device.driver)) return null;
  const place = DRIVER_CATALOG[device.driver].switches(device.connection);
  return place && { ...place, address: `${device.driver} ${place.address}` };
}

/** Whether both are the same switch; one that names no unit is whichever is there. */
export function isSameSwitch(a: SwitchPlace | null, b: SwitchPlace | null): boolean {
  if (a === null || b === null || a.address !== b.address || a.outlet !== b.outlet) return false;
  return a.unit === b.unit || a.unit === null || b.unit === null;
}

export function isDriverKey(key: string): key is DriverKey {
  return (DRIVER_KEYS as readonly string[]).includes(key);
}
