import { isLifepo4, RestCurve } from './replay/rest-curve';
import type { HvacZone, MinerProfile, Preferences, Resistance } from './types';
import { amount, shortName } from './words';

/** Settings that are allowed and cannot work as they stand (control.md §11). Warned of, never refused. */

export interface SettingsWarning {
  /** Which rule, and of what: equal while the same thing is wrong. */
  readonly key: string;
  readonly about: { readonly kind: 'site' } | { readonly kind: 'miner' | 'zone'; readonly id: string };
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

/** Every warning, the site's first, then miners and zones as given; disabled ones decide nothing and are not judged. */
export function settingsWarnings(settings: SettingsToJudge): readonly SettingsWarning[] {
  const { preferences } = settings;
  const miners = settings.miners.filter(({ enabled }) => enabled);
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
    ...settings.zones.filter(({ enabled }) => enabled).flatMap(heatingEndsTooSoon),
  ];
}

function ofMiner(miner: MinerProfile, rule: string, text: string): SettingsWarning[] {
  return [{ key: `${rule}:${miner.id}`, about: { kind: 'miner', id: miner.id }, text }];
}

const volts = (value: number) => amount(value, 'V');
const watts = (value: number) => amount(value, 'W');

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

function below(
  limitV: number,
  thresholds: readonly (readonly [name: string, value: number])[],
): string | null {
  const low = thresholds
    .filter(([, value]) => value < limitV)
    .map(([name, value]) => `${name} ${volts(value)}`);
  if (low.length === 0) return null;
  const last = low.pop();
  const list = low.length === 0 ? last : `${low.join(', ')} and ${last}`;
  return `${list} ${low.length === 0 ? 'lies' : 'lie'} below ${volts(limitV)}, where a rested LiFePO4 bank holds 10 %`;
}

function siteNearlyEmpty(preferences: Preferences, limitV: number | null): SettingsWarning[] {
  if (limitV === null) return [];
  const found = below(limitV, [
    ['Shutdown', preferences.voltageShutdown],
    ['Critical', preferences.voltageCriticalLow],
    ['Low', preferences.voltageLow],
    ['Restart', preferences.voltageRestart],
    ['Optimal from', preferences.voltageOptimalMin],
  ]);
  if (found === null) return [];
  const text = `${found}: at rest, they act when little is left. Under load the voltage is lower than at rest; with sag compensation they can stand higher.`;
  return [{ key: 'nearly-empty:site', about: { kind: 'site' }, text }];
}

function minerNearlyEmpty(
  miner: MinerProfile,
  preferences: Preferences,
  limitV: number | null,
): SettingsWarning[] {
  if (limitV === null) return [];
  const found = below(limitV, [
    ['emergency stop', miner.emergencyStopVoltage],
    ['stop', miner.stopVoltage],
    ['start', miner.startVoltage],
  ]);
  if (found === null) return [];
  const cap = preferences.maxBatteryDischargePercent;
  const text = `${shortName(miner.name)}: ${found}. What keeps it from emptying the bank is the ${cap} % that miners may take between two full charges.`;
  return ofMiner(miner, 'nearly-empty', text);
}

function tooLarge(miner: MinerProfile, preferences: Preferences): SettingsWarning[] {
  const { pvArrayWatts, inverterMaxWatts, maxBatteryDischargeWatts, operatingMode } = preferences;
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
  const isSurplusOnly =
    operatingMode === 'conservative' || miner.operatingMode === 'opportunistic' || miner.requireExcessSolar;
  const mostW = pvArrayWatts + (isSurplusOnly ? 0 : maxBatteryDischargeWatts);
  if (miner.powerDrawWatts > mostW) {
    const source = isSurplusOnly ? 'the whole array gives' : 'array and battery together give';
    return ofMiner(
      miner,
      'too-large',
      `${draw}, more than the ${watts(mostW)} that ${source}: it never starts. ${isSurplusOnly ? 'Let it take from the battery, or correct' : 'Correct'} its draw or the array's size.`,
    );
  }
  const asked = Math.max(
    miner.requireExcessSolar ? (miner.minimumExcessWatts ?? 0) : 0,
    miner.requireExcessSolar ? (miner.minimumSolarProductionWatts ?? 0) : 0,
  );
  if (asked <= pvArrayWatts) return [];
  return ofMiner(
    miner,
    'too-large',
    `${shortName(miner.name)} waits for ${watts(asked)} of sun, more than the array's ${watts(pvArrayWatts)}: it never starts. Lower its limit.`,
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
  );
}

function heatingEndsTooSoon(zone: HvacZone): SettingsWarning[] {
  const { tempColdOk, blockChargingBelowTemp: limit } = zone;
  if (tempColdOk === null || limit === null || tempColdOk >= limit + CHARGE_RELEASE_MARGIN_C) return [];
  const needed = amount(limit + CHARGE_RELEASE_MARGIN_C, '°C');
  return [
    {
      key: `heating-ends-too-soon:${zone.id}`,
      about: { kind: 'zone', id: zone.id },
      text: `${zone.zoneName}: heating ends at ${amount(tempColdOk, '°C')}, but charging stays blocked until ${needed}. Let it heat to ${needed} or more.`,
    },
  ];
}
