import { NONE } from './memory';
import { youngTemperature } from './sanitise';
import { reached, since, type Tick, type ZoneView } from './tick';
import type { ChargePermission } from './types';

/** A block ends this far above its limit, °C. */
const RELEASE_MARGIN_C = 2;
/** LiFePO4 must not be charged below freezing, °C. */
const CHEMISTRY_LIMIT_C = 0;

/** Reads the zones' temperatures and decides where charging would harm the bank (control.md §5, step 1). */
export function assessChargeBlock(tick: Tick): void {
  for (const zone of tick.zones) {
    const reading = tick.snapshot.zones[zone.plan.zone.id]?.temperatureC ?? null;
    zone.temperatureC = youngTemperature(tick, reading, `${zone.plan.zone.zoneName} temperature`);
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
}

function assessZone(tick: Tick, zone: ZoneView): void {
  const { memory } = zone;
  const limit = zone.plan.zone.enabled ? zone.plan.zone.blockChargingBelowTemp : null;
  if (limit === null) {
    memory.chargeBlocked = false;
    memory.blockedUnknown = false;
    memory.temperatureMissingSince = NONE;
    return;
  }
  const lowest = lowerOf(zone.temperatureC, tick.batteryTemperatureC);
  memory.temperatureMissingSince = since(tick, memory.temperatureMissingSince, lowest === null);
  if (lowest === null) {
    if (reached(tick, memory.temperatureMissingSince, tick.config.failSafeSeconds * 1000)) {
      memory.chargeBlocked = true;
      memory.blockedUnknown = true;
    }
  } else {
    memory.chargeBlocked = lowest < limit + (memory.chargeBlocked ? RELEASE_MARGIN_C : 0);
    memory.blockedUnknown = false;
  }
  zone.blocked = memory.chargeBlocked;
}

function lowerOf(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}

/** What the charger may do, with the reason when it may not. */
export function chargePermissionOf(tick: Tick): ChargePermission {
  if (!tick.chargingBlocked) return PERMITTED;
  const zoneIds: string[] = [];
  let reason = 'the battery is below 0 °C';
  for (const { blocked, memory, plan, temperatureC } of tick.zones) {
    if (!blocked) continue;
    const { zone } = plan;
    if (zoneIds.length === 0) {
      const limit = zone.blockChargingBelowTemp;
      reason = memory.blockedUnknown
        ? `no temperature is known for ${zone.zoneName}, which blocks charging below ${limit} °C`
        : `${zone.zoneName}: ${lowerOf(temperatureC, tick.batteryTemperatureC)} °C, charging is blocked below ${limit} °C and until ${(limit ?? 0) + RELEASE_MARGIN_C} °C`;
    }
    zoneIds.push(zone.id);
  }
  return { permitted: false, reason, zoneIds, unenforceable: !tick.config.canBlockCharging };
}

const PERMITTED: ChargePermission = { permitted: true, reason: null, zoneIds: [], unenforceable: false };
