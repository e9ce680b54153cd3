/** JSON that a path can hold; settings as `{ value, min, max }`. */
export type FakeValue = number | string | boolean | null | readonly unknown[];
export interface FakeSetting {
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

/** A 48 V house by day: 1500 W of sun, 2450 W of load, the battery helps out; 98 W are lost in the inverter. */
export const SAMPLE_SITE: Readonly<Record<string, FakeValue | FakeSetting>> = {
  'system/0/Dc/Battery/Voltage': 52.4,
  'system/0/Dc/Battery/Current': -20,
  'system/0/Dc/Battery/Power': -1048,
  'system/0/Dc/Battery/Soc': 71.5,
  'system/0/Dc/Battery/State': 2,
  'system/0/Dc/Battery/Temperature': 18.5,
  'system/0/Dc/Battery/TimeToGo': null,
  'system/0/Dc/Pv/Power': 1500,
  'system/0/Ac/Consumption/L1/Power': 1300,
  'system/0/Ac/Consumption/L2/Power': 1150,
  'system/0/Ac/Consumption/L3/Power': null,
  'system/0/Ac/Grid/L1/Power': null,
  'system/0/Ac/ActiveIn/Source': 240,
  'system/0/ActiveBatteryService': 'com.victronenergy.battery/512',
  'system/0/Batteries': [{ instance: 512, voltage: 52.4 }],
  'system/0/Relay/0/State': 0,
  'system/0/Relay/1/State': 0,
  'battery/512/Dc/0/Voltage': 52.4,
  'battery/512/Dc/0/Current': -20,
  'battery/512/Dc/0/Power': -1048,
  'battery/512/Soc': 71.5,
  'solarcharger/279/State': 3,
  'solarcharger/279/MppOperationMode': 2,
  'solarcharger/279/Yield/Power': 1500,
  'temperature/24/Temperature': 21.3,
  'temperature/24/Status': 0,
  'temperature/24/TemperatureType': 3,
  'temperature/24/CustomName': 'Miner room',
  'settings/0/Settings/Relay/Function': 2,
  'settings/0/Settings/Relay/1/Function': 4,
  'settings/0/Settings/SystemSetup/MaxChargeCurrent': { value: -1, min: -1, max: 0 },
};

export function isSetting(value: FakeValue | FakeSetting): value is FakeSetting {
  return typeof value === 'object' && value !== null && 'min' in value;
}

/** `topic payload` lines as a terminal client prints them. */
export function parseDump(text: string) {
  const values: Record<string, FakeValue | FakeSetting> = {};
  let portalId: string | undefined;
  for (const line of text.split('\n')) {
    const match = /^N\/([^/]+)\/(\S+) (.+)$/.exec(line.trim());
    if (!match) continue;
    const [, portal, path, payload] = match;
    const { value, min, max } = JSON.parse(payload ?? '') as FakeSetting;
    portalId ??= portal;
    if (path) values[path] = typeof min === 'number' ? { value, min, max } : value;
  }
  return { values, portalId };
}
