import type { HvacZone, MinerProfile, Preferences } from './types';

/** What the kernel reads of the settings rows, which hold more. */

export const kernelPreferences = (row: Preferences): Preferences => pick(row, PREFERENCES);
export const kernelMiner = (row: MinerProfile): MinerProfile => pick(row, MINER);
export const kernelZone = (row: HvacZone): HvacZone => pick(row, ZONE);

type Fields<T> = Readonly<Record<keyof T, true>>;

function pick<T extends object>(row: T, fields: Fields<T>): T {
  return Object.fromEntries((Object.keys(fields) as (keyof T)[]).map((name) => [name, row[name]])) as T;
}

const PREFERENCES: Fields<Preferences> = {
  voltageAt0Percent: true,
  voltageAt100Percent: true,
  voltageCurve: true,
  useCustomSocMapping: true,
  batteryNominalVoltage: true,
  batteryAbsoluteMin: true,
  batteryAbsoluteMax: true,
  batteryCapacityAh: true,
  batteryChemistry: true,
  voltageShutdown: true,
  voltageCriticalLow: true,
  voltageLow: true,
  voltageRestart: true,
  voltageOptimalMin: true,
  voltageOptimalMax: true,
  voltageFloat: true,
  voltageAbsorption: true,
  voltageFull: true,
  operatingMode: true,
  gridImportAllowed: true,
  maxBatteryDischargeWatts: true,
  maxBatteryDischargePercent: true,
  pvArrayWatts: true,
  inverterMaxWatts: true,
  internalResistanceMohm: true,
  sagCompensation: true,
};

const MINER: Fields<MinerProfile> = {
  id: true,
  name: true,
  powerDrawWatts: true,
  priorityLevel: true,
  operatingMode: true,
  startVoltage: true,
  stopVoltage: true,
  emergencyStopVoltage: true,
  startHysteresisMinutes: true,
  stopHysteresisMinutes: true,
  minimumOnMinutes: true,
  minimumOffMinutes: true,
  requireExcessSolar: true,
  minimumExcessWatts: true,
  maximumRuntimeHours: true,
  preferTimeStart: true,
  preferTimeEnd: true,
  allowOutsideSchedule: true,
  requireSunnyWeather: true,
  minimumSolarProductionWatts: true,
  enabled: true,
  zoneId: true,
  deviceIdentifier: true,
};

const ZONE: Fields<HvacZone> = {
  id: true,
  zoneName: true,
  tempTooHot: true,
  tempHotOk: true,
  tempTooCold: true,
  tempColdOk: true,
  exhaustFanEnabled: true,
  exhaustFanDeviceId: true,
  exhaustFanSpeedAuto: true,
  exhaustFanMaxSpeed: true,
  heatingEnabled: true,
  heatingPriority1: true,
  heatingPriority2: true,
  heatingMinerId: true,
  heaterDeviceId: true,
  heaterPowerWatts: true,
  onlyHeatWhenSolar: true,
  minimumSolarForHeatingWatts: true,
  blockChargingBelowTemp: true,
  enabled: true,
  temperatureSensorId: true,
};
