import { NONE } from './memory';
import { youngTemperature } from './sanitise';
import { reached, remaining, since, type Tick, type ZoneView } from './tick';
import type { ChargePermission } from './types';

/** A block ends this far above its limit, °C. */
const RELEASE_MARGIN_C = 2;
/** LiFePO4 must not be charged below freezing, °C. */
const CHEMISTRY_LIMIT_C = 0;

/** Reads the zones' temperatures and decides where charging would harm the bank (control.md §5, step 1). */
export function assessChargeBlock(tick: Tick): void {
  for (const zone of tick.zones) {
    const reading = zone.observation?.temperatureC ?? null;
    zone.temperatureC = youngTemperature(tick, reading, zone.plan.thermometer);
    zone.temperatureAgeMs = reading?.ageMs ?? null;
    assessZone(tick, zone);
    if (zone.blocked) tick.chargingBlocked = true;
  }
  const { memory, batteryTemperatureC } = tick;
  if (!tick.plan.coldChemistryRule) memory.coldBlocked = false;
  else if (batteryTemperatureC !== null) {
    memory.coldBlocked =
      batteryTemperatureC < CHEMISTRY_LIMIT_C + (memory.coldBlocked ? RELEASE_MARGIN_C : 0);
  }
  if (memory.coldBlocked) tick.chargingBlocked = true;
  const missing = memory.coldBlocked && batteryTemperatureC === null;
  memory.coldMissingSince = since(tick, memory.coldMissingSince, missing);
}

/** Whether charging has been blocked past the fail-safe time by a temperature that nobody sees. */
export function isBlockedUnseen(tick: Tick): boolean {
  const { coldMissingSince } = tick.memory;
  const failSafeMs = tick.config.failSafeSeconds * 1000;
  if (coldMissingSince !== NONE && remaining(tick, coldMissingSince, failSafeMs) === 0) return true;
  return tick.zones.some((zone) => zone.memory.blockedUnknown);
}

function assessZone(tick: Tick, zone: ZoneView): void {
  const { memory } = zone;
  const limit = zone.plan.zone.enabled ? zone.plan.zone.blockChargingBelowTemp : null;
  if (limit === null) {
    zone.blocked = false;
    memory.chargeBlocked = false;
    memory.blockedUnknown = false;
    memory.zoneCold = false;
    memory.batteryCold = false;
    memory.temperatureMissingSince = NONE;
    return;
  }
  const { temperatureC } = zone;
  const { batteryTemperatureC } = tick;
  const lowest = lowerOf(temperatureC, batteryTemperatureC);
  // A block by chemistry alone goes on as the zone's once the zone has a limit.
  const blocking = memory.chargeBlocked || tick.memory.coldBlocked || (lowest !== null && lowest < limit);
  const needed = limit + (blocking ? RELEASE_MARGIN_C : 0);
  if (temperatureC !== null) memory.zoneCold = temperatureC < needed;
  if (batteryTemperatureC !== null) memory.batteryCold = batteryTemperatureC < needed;
  else if (tick.memory.coldBlocked) memory.batteryCold = true;

  // A block never ends because the reading that caused it is gone.
  const missing = missingFor(tick, zone) !== null;
  memory.temperatureMissingSince = since(tick, memory.temperatureMissingSince, missing);
  if (!missing) memory.blockedUnknown = false;
  else if (reached(tick, memory.temperatureMissingSince, tick.config.failSafeSeconds * 1000)) {
    memory.blockedUnknown = true;
  }
  const cold = memory.zoneCold || memory.batteryCold;
  // A block of which the cause was not remembered stays until something is known.
  memory.chargeBlocked = cold || memory.blockedUnknown || (memory.chargeBlocked && lowest === null);
  zone.blocked = memory.chargeBlocked;
}

/** What the block waits to know: every temperature, or the one that was cold; null while one known is cold or none was. */
function missingFor(tick: Tick, { memory, temperatureC }: ZoneView): 'any' | 'zone' | 'battery' | null {
  const batteryKnown = tick.batteryTemperatureC !== null;
  const zoneKnown = temperatureC !== null;
  if ((batteryKnown && memory.batteryCold) || (zoneKnown && memory.zoneCold)) return null;
  if (memory.batteryCold) return 'battery';
  if (memory.zoneCold) return 'zone';
  return batteryKnown || zoneKnown ? null : 'any';
}

function lowerOf(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}

/** What the charger may do, with the reason when it may not. */
export function chargePermissionOf(tick: Tick): ChargePermission {
  if (!tick.chargingBlocked) return PERMITTED;
  const zoneIds: string[] = [];
  let reason: string | null = null;
  for (const zone of tick.zones) {
    if (!zone.blocked) continue;
    reason ??= reasonOf(tick, zone);
    zoneIds.push(zone.plan.zone.id);
  }
  return {
    permitted: false,
    reason: reason ?? chemistryReason(tick),
    zoneIds,
    unenforceable: !tick.config.canBlockCharging,
  };
}

function chemistryReason({ batteryTemperatureC }: Tick): string {
  if (batteryTemperatureC === null) {
    return 'the battery’s temperature is missing; it was too cold for charging when last known';
  }
  return `the battery is at ${batteryTemperatureC} °C, charging is blocked below ${CHEMISTRY_LIMIT_C} °C and until ${CHEMISTRY_LIMIT_C + RELEASE_MARGIN_C} °C`;
}

function reasonOf(tick: Tick, zone: ZoneView): string {
  const { zoneName, blockChargingBelowTemp } = zone.plan.zone;
  const limit = blockChargingBelowTemp ?? 0;
  const missing = missingFor(tick, zone);
  if (missing === null) {
    return `${zoneName}: ${lowerOf(zone.temperatureC, tick.batteryTemperatureC)} °C, charging is blocked below ${limit} °C and until ${limit + RELEASE_MARGIN_C} °C`;
  }
  if (missing === 'any') {
    return `no temperature is known for ${zoneName}, which blocks charging below ${limit} °C`;
  }
  const which = missing === 'battery' ? 'battery' : 'zone’s own';
  return `${zoneName}: the ${which} temperature is missing; it was too cold for charging when last known, and must be ${limit + RELEASE_MARGIN_C} °C`;
}

const PERMITTED: ChargePermission = { permitted: true, reason: null, zoneIds: [], unenforceable: false };
