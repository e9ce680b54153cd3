import { curveOf } from './curve';
import { fanLoadId, heaterLoadId, minerLoadId } from './loads';
import type { CurvePoint, HvacZone, KernelConfig, LoadKind, MinerProfile, Preferences } from './types';
import { HOUR_MS, MINUTE_MS } from './units';

/** What a configuration means for the kernel, worked out once: who is served in which order, and by what limits. */
export interface Plan {
  readonly curve: readonly CurvePoint[];
  /** Maximum age of a voltage, ms: three polls, at most 5 min. */
  readonly voltageMaxAgeMs: number;
  /** Maximum age of any other reading, ms: three polls, at most 15 min. */
  readonly otherMaxAgeMs: number;
  /** Age of the newest good voltage past which loads stop, ms. */
  readonly failSafeMs: number;
  /** What the bank holds, W·ms; null when the capacity is not known. */
  readonly bankWms: number | null;
  /** The owner's cap of what miners may take of it between two full charges, W·ms; null likewise. */
  readonly poolCapWms: number | null;
  /** Largest load the inverter may be given, W; null = no limit set. */
  readonly inverterLimitW: number | null;
  /** Compensation is switched on. */
  readonly compensating: boolean;
  /** R in use for the control voltage, Ω: the lower end of its interval; 0 when off or not known. */
  readonly controlOhm: number;
  /** Upper end of R's interval, Ω; null when not known. */
  readonly predictOhm: number | null;
  /** R by which a moving current must show in the voltage, Ω. */
  readonly frozenOhm: number;
  /** LiFePO4 without a configured limit: charging below 0 °C harms it. */
  readonly coldChemistryRule: boolean;
  readonly zones: readonly PlannedZone[];
  readonly heaters: readonly PlannedLoad[];
  /** By priority level, name, id. */
  readonly miners: readonly PlannedLoad[];
  readonly fans: readonly PlannedLoad[];
}

export interface PlannedZone {
  readonly zone: HvacZone;
  /** How its thermometer is called in a sentence. */
  readonly thermometer: string;
  readonly index: number;
  /** The heating source of each priority, where it exists. */
  readonly sources: readonly [PlannedLoad | null, PlannedLoad | null];
  readonly miners: readonly PlannedLoad[];
}

export interface PlannedLoad {
  readonly id: string;
  readonly kind: LoadKind;
  readonly name: string;
  /** Position in the order of service: heaters, miners, fans. */
  readonly index: number;
  readonly miner: MinerProfile | null;
  readonly zone: HvacZone | null;
  /** Position of that zone in `Plan.zones`; −1 for none. */
  readonly zoneIndex: number;
  /** Rated draw, W; 0 for a fan and for a heater of unknown draw. */
  readonly ratedW: number;
  readonly hasDevice: boolean;
  /** Switched on in the settings. */
  readonly enabled: boolean;
  readonly startHoldMs: number;
  readonly stopDelayMs: number;
  readonly minimumOnMs: number;
  readonly minimumOffMs: number;
  /** Control voltage from which it may take of the pool, V: to start, and while it runs; Infinity = never. */
  readonly poolStartV: number;
  readonly poolRunV: number;
}

/** A heater has no delays of its own; 5 min minimum on and off (control.md §5), a miner's default stop delay. */
const HEATER_STOP_DELAY_MS = 2 * MINUTE_MS;
const HEATER_MINIMUM_MS = 5 * MINUTE_MS;
/** Of the inverter's rating (control.md §3). */
const INVERTER_SHARE = 0.9;

/** Stands in for an unknown R when a frozen sensor is looked for (control.md §7). */
const UNKNOWN_OHM = 0.005;

const plans = new WeakMap<KernelConfig, Plan>();

/** The plan of a configuration, kept for as long as the same (never changed) object is used. */
export function planOf(config: KernelConfig): Plan {
  const known = plans.get(config);
  if (known !== undefined) return known;
  const plan = compile(config);
  plans.set(config, plan);
  return plan;
}

function compile(config: KernelConfig): Plan {
  const { preferences, polls } = config;
  const voltageMaxAgeMs = Math.min(3 * polls.voltageSeconds * 1000, 5 * MINUTE_MS);
  const compensating = preferences.sagCompensation !== 'off';
  const typedOhm =
    preferences.internalResistanceMohm === null ? null : preferences.internalResistanceMohm / 1000;
  const manual = preferences.sagCompensation === 'manual';
  const lowOhm = manual ? (typedOhm ?? config.resistance?.lowOhm) : config.resistance?.lowOhm;
  const highOhm = manual
    ? (typedOhm ?? config.resistance?.highOhm)
    : (config.resistance?.highOhm ?? typedOhm);

  const byName = (a: { name: string; id: string }, b: { name: string; id: string }): number =>
    compare(a.name, b.name) || compare(a.id, b.id);
  const zones = [...config.zones].sort((a, b) => compare(a.zoneName, b.zoneName) || compare(a.id, b.id));
  const minerProfiles = [...config.miners].sort((a, b) => a.priorityLevel - b.priorityLevel || byName(a, b));

  let index = 0;
  const heaters = zones
    .filter((z) => z.heaterDeviceId !== null)
    .map((z) => plannedHeater(z, preferences, { zoneIndex: zones.indexOf(z), index: index++ }));
  const miners = minerProfiles.map((m) => {
    const zoneIndex = zones.findIndex((z) => z.id === m.zoneId && z.enabled);
    return plannedMiner(m, preferences, { zone: zones[zoneIndex] ?? null, zoneIndex, index: index++ });
  });
  const fans = zones
    .filter((z) => z.exhaustFanDeviceId !== null)
    .map((z) => plannedFan(z, zones.indexOf(z), index++));

  const bankWms =
    preferences.batteryCapacityAh === null
      ? null
      : preferences.batteryCapacityAh * preferences.batteryNominalVoltage * HOUR_MS;

  return {
    curve: curveOf(preferences),
    voltageMaxAgeMs,
    otherMaxAgeMs: Math.min(3 * polls.otherSeconds * 1000, 15 * MINUTE_MS),
    failSafeMs: Math.max(voltageMaxAgeMs, config.failSafeSeconds * 1000),
    bankWms,
    poolCapWms: bankWms === null ? null : (preferences.maxBatteryDischargePercent / 100) * bankWms,
    inverterLimitW:
      preferences.inverterMaxWatts === null ? null : preferences.inverterMaxWatts * INVERTER_SHARE,
    compensating,
    controlOhm: compensating ? (lowOhm ?? 0) : 0,
    predictOhm: highOhm ?? null,
    frozenOhm: highOhm ?? UNKNOWN_OHM,
    coldChemistryRule:
      /lifepo4|lfp/i.test(preferences.batteryChemistry) &&
      !zones.some((z) => z.enabled && z.blockChargingBelowTemp !== null),
    zones: zones.map((zone, i) => plannedZone(zone, i, heaters, miners)),
    heaters,
    miners,
    fans,
  };
}

function plannedZone(
  zone: HvacZone,
  index: number,
  heaters: readonly PlannedLoad[],
  miners: readonly PlannedLoad[],
): PlannedZone {
  const sourceOf = (priority: HvacZone['heatingPriority1']): PlannedLoad | null => {
    if (!zone.enabled || !zone.heatingEnabled || priority === 'none') return null;
    if (priority === 'heater') return heaters.find((h) => h.zone?.id === zone.id) ?? null;
    return miners.find((m) => m.miner?.id === zone.heatingMinerId) ?? null;
  };
  return {
    zone,
    thermometer: `${zone.zoneName} temperature`,
    index,
    sources: [sourceOf(zone.heatingPriority1), sourceOf(zone.heatingPriority2)],
    miners: miners.filter((m) => m.miner?.zoneId === zone.id),
  };
}

function plannedMiner(
  miner: MinerProfile,
  preferences: Preferences,
  { zone, zoneIndex, index }: Pick<PlannedLoad, 'zone' | 'zoneIndex' | 'index'>,
): PlannedLoad {
  const never = preferences.operatingMode === 'conservative' || miner.operatingMode === 'opportunistic';
  const aggressive = preferences.operatingMode === 'aggressive' || miner.operatingMode === 'aggressive';
  const poolRunV = never ? Number.POSITIVE_INFINITY : miner.stopVoltage;
  return {
    id: minerLoadId(miner.id),
    kind: 'miner',
    name: miner.name,
    index,
    miner,
    zone,
    zoneIndex,
    ratedW: miner.powerDrawWatts,
    hasDevice: miner.deviceIdentifier !== null,
    enabled: miner.enabled,
    startHoldMs: miner.startHysteresisMinutes * MINUTE_MS,
    stopDelayMs: miner.stopHysteresisMinutes * MINUTE_MS,
    minimumOnMs: miner.minimumOnMinutes * MINUTE_MS,
    minimumOffMs: miner.minimumOffMinutes * MINUTE_MS,
    poolStartV: never || aggressive ? poolRunV : preferences.voltageOptimalMin,
    poolRunV,
  };
}

function plannedHeater(
  zone: HvacZone,
  preferences: Preferences,
  { zoneIndex, index }: Pick<PlannedLoad, 'zoneIndex' | 'index'>,
): PlannedLoad {
  const poolV = zone.onlyHeatWhenSolar ? Number.POSITIVE_INFINITY : preferences.voltageOptimalMin;
  return {
    id: heaterLoadId(zone.id),
    kind: 'heater',
    name: `${zone.zoneName} heater`,
    index,
    miner: null,
    zone,
    zoneIndex,
    ratedW: zone.heaterPowerWatts ?? 0,
    hasDevice: true,
    enabled:
      zone.enabled &&
      zone.heatingEnabled &&
      (zone.heatingPriority1 === 'heater' || zone.heatingPriority2 === 'heater'),
    startHoldMs: 0,
    stopDelayMs: HEATER_STOP_DELAY_MS,
    minimumOnMs: HEATER_MINIMUM_MS,
    minimumOffMs: HEATER_MINIMUM_MS,
    poolStartV: poolV,
    poolRunV: poolV,
  };
}

function plannedFan(zone: HvacZone, zoneIndex: number, index: number): PlannedLoad {
  return {
    id: fanLoadId(zone.id),
    kind: 'fan',
    name: `${zone.zoneName} fan`,
    index,
    miner: null,
    zone,
    zoneIndex,
    ratedW: 0,
    hasDevice: true,
    enabled: zone.enabled && zone.exhaustFanEnabled,
    startHoldMs: 0,
    stopDelayMs: 0,
    minimumOnMs: 0,
    minimumOffMs: 0,
    poolStartV: Number.POSITIVE_INFINITY,
    poolRunV: Number.POSITIVE_INFINITY,
  };
}

/** Code-unit order: the same in every locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
