import type { CurvePoint, HvacZone, MinerProfile, Preferences } from './types';

/** Defaults and the "Solar Shack" seed of the data model: the numbers that the database, the forms and the tests share. */

export const OWNER_ID = 'a0000000-0000-0000-0000-000000000001';

/** LiFePO4 16S, volts to percent. */
export const DEFAULT_VOLTAGE_CURVE: readonly CurvePoint[] = [
  { soc: 0, voltage: 45 },
  { soc: 15, voltage: 47 },
  { soc: 40, voltage: 50 },
  { soc: 60, voltage: 52 },
  { soc: 80, voltage: 54.5 },
  { soc: 100, voltage: 56 },
];

export const DEFAULT_PREFERENCES = {
  voltageAt0Percent: 45,
  voltageAt100Percent: 56,
  voltageCurve: DEFAULT_VOLTAGE_CURVE,
  batteryChemistry: 'LiFePO4',
  batteryNominalVoltage: 51.2,
  batteryAbsoluteMin: 43,
  batteryAbsoluteMax: 58.8,
  userPrefersSocDisplay: true,
  useCustomSocMapping: true,
  displayUnits: 'metric',
  timezone: 'America/Los_Angeles',
  locationLat: 37.3382,
  locationLon: -121.8863,
  maxBatteryDischargeWatts: 5000,
  maxBatteryDischargePercent: 15,
  voltageShutdown: 44,
  voltageCriticalLow: 45,
  voltageLow: 47,
  voltageRestart: 50,
  voltageOptimalMin: 50,
  voltageOptimalMax: 54.5,
  voltageFloat: 55,
  voltageAbsorption: 57.6,
  voltageFull: 58,
  operatingMode: 'balanced',
  gridImportAllowed: false,
  batteryCapacityAh: 900,
  pvArrayWatts: 12960,
  internalResistanceMohm: null,
  sagCompensation: 'off',
  inverterMaxWatts: null,
} as const satisfies Preferences & {
  userPrefersSocDisplay: boolean;
  displayUnits: string;
  timezone: string;
  locationLat: number;
  locationLon: number;
};

/** Column defaults of a new miner; name, draw and voltages are the owner's to give. */
export const DEFAULT_MINER = {
  priorityLevel: 5,
  operatingMode: 'balanced',
  startHysteresisMinutes: 5,
  stopHysteresisMinutes: 2,
  minimumOnMinutes: 10,
  minimumOffMinutes: 5,
  requireExcessSolar: false,
  minimumExcessWatts: null,
  maximumRuntimeHours: null,
  preferTimeStart: null,
  preferTimeEnd: null,
  allowOutsideSchedule: true,
  requireSunnyWeather: false,
  minimumSolarProductionWatts: null,
  enabled: true,
  zoneId: null,
  deviceIdentifier: null,
} as const satisfies Partial<MinerProfile>;

/** Column defaults of a new zone; its name and temperatures are the owner's to give. */
export const DEFAULT_ZONE = {
  tempTooHot: null,
  tempHotOk: null,
  tempTooCold: null,
  tempColdOk: null,
  exhaustFanEnabled: false,
  exhaustFanDeviceId: null,
  exhaustFanSpeedAuto: true,
  exhaustFanMaxSpeed: 10,
  heatingEnabled: false,
  heatingPriority1: 'none',
  heatingPriority2: 'none',
  heatingMinerId: null,
  heaterDeviceId: null,
  heaterPowerWatts: null,
  onlyHeatWhenSolar: true,
  minimumSolarForHeatingWatts: null,
  blockChargingBelowTemp: null,
  enabled: true,
  temperatureSensorId: null,
} as const satisfies Partial<HvacZone>;

interface SeedMiner extends Omit<MinerProfile, 'id' | 'zoneId'> {
  readonly model: string;
  readonly hashrateThs: number;
  readonly controlMethod: string;
  readonly zoneName: string;
}

export const SEED_MINERS: readonly SeedMiner[] = [
  {
    ...DEFAULT_MINER,
    name: 'Primary S21+ (Revenue)',
    model: 'Antminer S21+ 235TH',
    hashrateThs: 235,
    powerDrawWatts: 3878,
    priorityLevel: 1,
    operatingMode: 'aggressive',
    startVoltage: 50,
    stopVoltage: 47,
    emergencyStopVoltage: 45,
    preferTimeStart: 18,
    preferTimeEnd: 10,
    allowOutsideSchedule: true,
    controlMethod: 'smartload',
    deviceIdentifier: 'smartload_1',
    zoneName: 'Heat Room',
  },
  {
    ...DEFAULT_MINER,
    name: 'Dump Load S19 #1',
    model: 'Antminer S19 95TH',
    hashrateThs: 95,
    powerDrawWatts: 3250,
    priorityLevel: 3,
    operatingMode: 'opportunistic',
    startVoltage: 54.5,
    stopVoltage: 53,
    emergencyStopVoltage: 50,
    requireExcessSolar: true,
    minimumExcessWatts: 3500,
    minimumSolarProductionWatts: 8000,
    requireSunnyWeather: true,
    preferTimeStart: 10,
    preferTimeEnd: 16,
    allowOutsideSchedule: false,
    controlMethod: 'shelly',
    deviceIdentifier: 'shelly_s19_1',
    zoneName: 'Heat Room',
  },
];

interface SeedZone extends Omit<HvacZone, 'id' | 'heatingMinerId'> {
  readonly zoneType: string;
  readonly heatingMinerName: string | null;
}

export const SEED_ZONES: readonly SeedZone[] = [
  {
    ...DEFAULT_ZONE,
    zoneName: 'Heat Room',
    zoneType: 'equipment',
    tempTooHot: 40,
    tempHotOk: 35,
    tempTooCold: 0,
    tempColdOk: 5,
    exhaustFanEnabled: true,
    exhaustFanDeviceId: 'ac_infinity_1',
    exhaustFanMaxSpeed: 10,
    heatingEnabled: true,
    heatingPriority1: 'miner',
    heatingPriority2: 'heater',
    heatingMinerName: 'Primary S21+ (Revenue)',
    heaterDeviceId: 'shelly_heater_1',
    heaterPowerWatts: 1500,
    minimumSolarForHeatingWatts: 4000,
    blockChargingBelowTemp: 0,
    temperatureSensorId: 'sim_temp_heat_room',
  },
  {
    ...DEFAULT_ZONE,
    zoneName: 'Main Room',
    zoneType: 'equipment',
    tempTooHot: 35,
    tempHotOk: 30,
    tempTooCold: -5,
    tempColdOk: 0,
    exhaustFanEnabled: true,
    exhaustFanDeviceId: 'ac_infinity_2',
    exhaustFanMaxSpeed: 8,
    heatingEnabled: true,
    heatingPriority1: 'heater',
    heatingPriority2: 'none',
    heatingMinerName: null,
    heaterDeviceId: 'shelly_heater_2',
    heaterPowerWatts: 1500,
    minimumSolarForHeatingWatts: 2000,
    temperatureSensorId: 'sim_temp_main_room',
  },
];
