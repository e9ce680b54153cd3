import { isLifepo4, RestCurve } from './replay/rest-curve';
import { type SharedDevice, sharedDevices } from './shared-devices';
import type { HvacZone, MinerProfile, Preferences, Resistance } from './types';
import { amount, shortName } from './words';

/** Settings that are allowed and cannot work as they stand (control.md §11). Warned of, never refused. */

export interface SettingsWarning {
  /** Which rule, and of what: equal while the same thing is wrong. */
  readonly key: string;
  /** Where it is changed. */
  readonly about:
    | { readonly kind: 'site'; readonly field: keyof Preferences }
    | { readonly kind: 'miner'; readonly id: string; readonly field: keyof MinerProfile }
    | { readonly kind: 'zone'; readonly id: string; readonly field: keyof HvacZone };
  /** `fault`: it does not do what it says. `reserve`: it does, with little left in the bank. */
  readonly weight: 'fault' | 'reserve';
  /** What is wrong with which values, why, and what to do. */
  readonly text: string;
}

export interface SettingsToJudge {
  readonly preferences: Preferences;
  readonly miners: readonly MinerProfile[];
  readonly zones: readonly HvacZone[];
  /** As estimated; null: not known. What the owner typed is in the preferences. */
  readonly resistance: Resistance | null;
}

/** Below this state of charge a rest curve is steep and a bank nearly empty, 0–1. */
const NEARLY_EMPTY = 0.1;
/** Charging is permitted again this far above its limit (control.md §5). */
const CHARGE_RELEASE_MARGIN_C = 2;
/** The share of its rating that an inverter may be asked for (control.md §3). */
const INVERTER_SHARE = 0.9;
/** Of the inverter, between bank and load (control.md §4). */
const EFFICIENCY = 0.95;

/**
 * Every warning, the site's first, then miners and zones as given; disabled ones decide nothing and are not judged, but
 * for a miner's device: a disabled miner is switched off.
 */
export function settingsWarnings(settings: SettingsToJudge): readonly SettingsWarning[] {
  const { preferences } = settings;
  const miners = settings.miners.filter(({ enabled }) => enabled);
  const zones = settings.zones.filter(({ enabled }) => enabled);
  const emptyV = nearlyEmptyV(preferences);
  return [
    ...siteNearlyEmpty(preferences, emptyV),
    ...miners.flatMap((miner) => [
      ...startAboveCharger(miner, preferences),
      ...stopNeverActs(miner, preferences),
      ...minerNearlyEmpty(miner, preferences, emptyV),
      ...tooLarge(miner, preferences),
      ...narrowerThanSag(miner, settings),
    ]),
    ...zones.flatMap(heatingEndsTooSoon),
    ...sharedDevices(settings.miners, zones).map(deviceShared),
  ];
}

type FaultOfMiner = 'start-above-charger' | 'stop-never-acts' | 'too-large' | 'narrower-than-sag';

/** Where an owner looks first to mend it. */
const FIELD_OF = {
  'start-above-charger': 'startVoltage',
  'stop-never-acts': 'stopVoltage',
  'too-large': 'powerDrawWatts',
  'narrower-than-sag': 'stopVoltage',
} as const satisfies Record<FaultOfMiner, keyof MinerProfile>;

function ofMiner(
  { id }: MinerProfile,
  rule: FaultOfMiner,
  text: string,
  field: keyof MinerProfile = FIELD_OF[rule],
): SettingsWarning[] {
  return [{ key: `${rule}:${id}`, about: { kind: 'miner', id, field }, weight: 'fault', text }];
}

const volts = (value: number) => amount(value, 'V');
const watts = (value: number) => amount(value, 'W');

/** Takes nothing from the battery (control.md §3). */
const isSunOnly = (miner: MinerProfile, preferences: Preferences) =>
  preferences.operatingMode === 'conservative' || miner.operatingMode === 'opportunistic';

/** Takes what is left of the sun: above the float voltage it may still start as a probe while the array is throttled. */
const isDumpLoad = (miner: MinerProfile) =>
  miner.operatingMode === 'opportunistic' || miner.requireExcessSolar;

function startAboveCharger(miner: MinerProfile, preferences: Preferences): SettingsWarning[] {
  const { voltageFloat, voltageAbsorption } = preferences;
  const name = shortName(miner.name);
  const start = `${name}: start voltage ${volts(miner.startVoltage)}`;
  if (miner.startVoltage > voltageAbsorption) {
    return ofMiner(
      miner,
      'start-above-charger',
      `${start} lies above the ${volts(voltageAbsorption)} of absorption, the most that the charger gives: it never starts. Set it to ${volts(voltageFloat)} or less.`,
    );
  }
  if (miner.startVoltage <= voltageFloat || isDumpLoad(miner)) return [];
  return ofMiner(
    miner,
    'start-above-charger',
    `${start} lies above the ${volts(voltageFloat)} of float that the charger holds once the bank is full: it starts during absorption only. Set it to ${volts(voltageFloat)} or less.`,
  );
}

function stopNeverActs(miner: MinerProfile, { voltageLow }: Preferences): SettingsWarning[] {
  if (miner.stopVoltage > voltageLow) return [];
  return ofMiner(
    miner,
    'stop-never-acts',
    `${shortName(miner.name)}: stop voltage ${volts(miner.stopVoltage)} never acts, because at Low (${volts(voltageLow)}) every miner stops. Set it above ${volts(voltageLow)}.`,
  );
}

/** Rest voltage of the bank at 10 %, V; null for a chemistry whose curve is not known here. */
function nearlyEmptyV(preferences: Preferences): number | null {
  return isLifepo4(preferences.batteryChemistry) ? new RestCurve(preferences).voltageV(NEARLY_EMPTY) : null;
}

type Threshold<Field extends string> = readonly [field: Field, name: string, value: number];

/** What lies below the limit, in words; null where nothing does. */
function below<Field extends string>(limitV: number, thresholds: readonly Threshold<Field>[]) {
  const low = thresholds.filter(([, , value]) => value < limitV);
  if (low.length === 0) return null;
  const named = low.map(([, name, value]) => `${name} ${volts(value)}`);
  const last = named.pop();
  const list = named.length === 0 ? last : `${named.join(', ')} and ${last}`;
  return {
    fields: low.map(([field]) => field),
    words: `${list} ${low.length === 1 ? 'lies' : 'lie'} below ${volts(limitV)}, where a rested LiFePO4 bank holds 10 %`,
  };
}

function siteNearlyEmpty(preferences: Preferences, limitV: number | null): SettingsWarning[] {
  if (limitV === null) return [];
  const found = below(limitV, [
    ['voltageShutdown', 'Shutdown', preferences.voltageShutdown],
    ['voltageCriticalLow', 'Critical', preferences.voltageCriticalLow],
    ['voltageLow', 'Low', preferences.voltageLow],
    ['voltageRestart', 'Restart', preferences.voltageRestart],
    ['voltageOptimalMin', 'Optimal from', preferences.voltageOptimalMin],
  ]);
  if (found === null) return [];
  const keepsReserve = preferences.voltageLow >= limitV;
  const sag =
    preferences.sagCompensation === 'off'
      ? ', with sag compensation on, because a load pulls the voltage below what the bank has at rest'
      : '';
  const remedy = keepsReserve
    ? `As a last resort they may stay there: Low (${volts(preferences.voltageLow)}) stops miners and heaters before.`
    : `To keep more for the house, raise Low and Restart above ${volts(limitV)}${sag}.`;
  const field = keepsReserve ? (found.fields[0] ?? 'voltageLow') : 'voltageLow';
  const text = `${found.words}. ${remedy}`;
  return [{ key: 'nearly-empty:site', about: { kind: 'site', field }, weight: 'reserve', text }];
}

/** What keeps a miner from emptying the bank, whatever its voltages are. */
function whatEndsItsRun(miner: MinerProfile, preferences: Preferences): string {
  const share = preferences.maxBatteryDischargePercent;
  if (isSunOnly(miner, preferences)) return 'It runs on spare sun alone and takes nothing from the bank';
  if (share > 100 * (1 - NEARLY_EMPTY)) return 'Nothing ends its run earlier';
  return `The ${share} % of the bank that miners may take between two full charges ends its run earlier`;
}

function minerNearlyEmpty(
  miner: MinerProfile,
  preferences: Preferences,
  limitV: number | null,
): SettingsWarning[] {
  if (limitV === null) return [];
  const found = below(limitV, [
    ['emergencyStopVoltage', 'emergency stop', miner.emergencyStopVoltage],
    ['stopVoltage', 'stop', miner.stopVoltage],
    ['startVoltage', 'start', miner.startVoltage],
  ]);
  if (found === null) return [];
  const isLastResort = miner.stopVoltage >= limitV;
  const raised = miner.startVoltage < limitV ? 'its start and stop' : 'its stop';
  const remedy = isLastResort
    ? `As a last resort it may stay there: its stop (${volts(miner.stopVoltage)}) acts before.`
    : `${whatEndsItsRun(miner, preferences)}; to stop by voltage with more left, raise ${raised} above ${volts(limitV)}.`;
  const field = isLastResort ? 'emergencyStopVoltage' : 'stopVoltage';
  const text = `${shortName(miner.name)}: ${found.words}. ${remedy}`;
  return [
    {
      key: `nearly-empty:${miner.id}`,
      about: { kind: 'miner', id: miner.id, field },
      weight: 'reserve',
      text,
    },
  ];
}

function tooLarge(miner: MinerProfile, preferences: Preferences): SettingsWarning[] {
  const { pvArrayWatts, inverterMaxWatts, maxBatteryDischargeWatts } = preferences;
  const draw = `${shortName(miner.name)} draws ${watts(miner.powerDrawWatts)}`;
  if (inverterMaxWatts !== null && miner.powerDrawWatts > INVERTER_SHARE * inverterMaxWatts) {
    const most = watts(INVERTER_SHARE * inverterMaxWatts);
    return ofMiner(
      miner,
      'too-large',
      `${draw}, more than the ${most} that 90 % of the inverter allow: it never starts. Correct its draw or the inverter's maximum.`,
    );
  }
  if (pvArrayWatts === null) return [];
  const isSurplusOnly = isSunOnly(miner, preferences) || miner.requireExcessSolar;
  const mostW = pvArrayWatts + (isSurplusOnly ? 0 : maxBatteryDischargeWatts);
  if (miner.powerDrawWatts > mostW) {
    const source = isSurplusOnly ? 'the whole array gives' : 'array and battery together give';
    return ofMiner(
      miner,
      'too-large',
      `${draw}, more than the ${watts(mostW)} that ${source}: it never starts. ${isSurplusOnly ? 'Let it take from the battery, or correct' : 'Correct'} its draw or the array's size.`,
    );
  }
  if (!miner.requireExcessSolar) return [];
  const limits = ['minimumExcessWatts', 'minimumSolarProductionWatts'] as const;
  const field = limits.find((name) => (miner[name] ?? 0) > pvArrayWatts);
  if (field === undefined) return [];
  const asked = miner[field] ?? 0;
  return ofMiner(
    miner,
    'too-large',
    `${shortName(miner.name)} waits for ${watts(asked)} of sun, more than the array's ${watts(pvArrayWatts)}: it never starts. Lower its limit.`,
    field,
  );
}

/** R as the kernel takes it for a prediction, Ω: the cautious end. */
function resistanceOhm({ preferences, resistance }: SettingsToJudge): number | null {
  const { internalResistanceMohm: typed, sagCompensation } = preferences;
  const typedOhm = typed === null ? null : typed / 1000;
  return sagCompensation === 'manual'
    ? (typedOhm ?? resistance?.highOhm ?? null)
    : (resistance?.highOhm ?? typedOhm);
}

/** By how much a load lets the bank's voltage sag, V. */
export function sagOf(load: {
  readonly watts: number;
  readonly packVoltageV: number;
  readonly ohm: number;
}): number {
  return (load.watts / (EFFICIENCY * load.packVoltageV)) * load.ohm;
}

function narrowerThanSag(miner: MinerProfile, settings: SettingsToJudge): SettingsWarning[] {
  const ohm = resistanceOhm(settings);
  if (ohm === null) return [];
  const sagV = sagOf({ watts: miner.powerDrawWatts, packVoltageV: miner.startVoltage, ohm });
  // Compensated, the stop voltage no longer sees the sag; the emergency stop always does.
  const isCompensated = settings.preferences.sagCompensation !== 'off';
  const lowerV = isCompensated ? miner.emergencyStopVoltage : miner.stopVoltage;
  const gapV = miner.startVoltage - lowerV;
  if (gapV >= sagV) return [];
  const lower = isCompensated ? 'emergency stop' : 'stop';
  const remedy = isCompensated ? 'Lower the emergency stop' : 'Widen the gap, or turn sag compensation on';
  return ofMiner(
    miner,
    'narrower-than-sag',
    `${shortName(miner.name)}: its own draw lets the voltage sag by about ${volts(sagV)}, more than the ${volts(gapV)} between start (${volts(miner.startVoltage)}) and ${lower} (${volts(lowerV)}): it would stop itself. ${remedy}.`,
    isCompensated ? 'emergencyStopVoltage' : 'stopVoltage',
  );
}

function heatingEndsTooSoon(zone: HvacZone): SettingsWarning[] {
  const { tempColdOk, blockChargingBelowTemp: limit } = zone;
  if (tempColdOk === null || limit === null || tempColdOk >= limit + CHARGE_RELEASE_MARGIN_C) return [];
  const needed = amount(limit + CHARGE_RELEASE_MARGIN_C, '°C');
  return [
    {
      key: `heating-ends-too-soon:${zone.id}`,
      about: { kind: 'zone', id: zone.id, field: 'tempColdOk' },
      weight: 'fault',
      text: `${zone.zoneName}: heating ends at ${amount(tempColdOk, '°C')}, but charging stays blocked until ${needed}. Let it heat to ${needed} or more.`,
    },
  ];
}

function deviceShared({ device, uses, about }: SharedDevice): SettingsWarning {
  const all = `${uses.slice(0, -1).join(', ')} and ${uses.at(-1)}`;
  return {
    key: `shared-device:${device}`,
    about,
    weight: 'fault',
    text: `The device ${device} switches ${all}: what one switches on the other switches off, and its draw counts twice. Give each a device of its own.`,
  };
}
