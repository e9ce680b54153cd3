import { heaterLoadId } from '@/lib/core/loads';
import type { HvacZone, Snapshot } from '@/lib/core/types';

/**
 * Zones as a naive reading of the V1.9 rules has them: each threshold on its own. Heat comes from the zone's heater
 * alone. The policies that are not the kernel share it, and so does the run without miners.
 */
export class Thermostat {
  private readonly heating = new Map<string, boolean>();
  private readonly cooling = new Map<string, boolean>();
  private blocked = false;

  constructor(private readonly zones: readonly HvacZone[]) {}

  /** Adds the heaters and fans to what is ordered; returns whether charging is permitted. */
  order(snapshot: Snapshot, switches: Map<string, boolean>, fans: Map<string, number>): boolean {
    this.blocked = false;
    const pvW = snapshot.power.pvW?.value ?? 0;
    const bankC = snapshot.battery.temperatureC?.value ?? null;
    for (const zone of this.zones) {
      const roomC = snapshot.zones[zone.id]?.temperatureC?.value ?? null;
      const limitC = zone.blockChargingBelowTemp;
      if (limitC !== null && [roomC, bankC].some((c) => c !== null && c < limitC)) this.blocked = true;
      if (roomC === null) continue;
      if (zone.exhaustFanEnabled) fans.set(zone.id, this.fan(zone, roomC));
      if (zone.heaterDeviceId === null || zone.heaterPowerWatts === null) continue;
      const sun = !zone.onlyHeatWhenSolar || pvW >= (zone.minimumSolarForHeatingWatts ?? 0);
      switches.set(heaterLoadId(zone.id), zone.heatingEnabled && this.heats(zone, roomC) && sun);
    }
    return !this.blocked;
  }

  private heats(zone: HvacZone, roomC: number): boolean {
    const { tempTooCold, tempColdOk } = zone;
    if (tempTooCold === null || tempColdOk === null) return false;
    const heating = this.heating.get(zone.id) ? roomC < tempColdOk : roomC <= tempTooCold;
    this.heating.set(zone.id, heating);
    return heating;
  }

  private fan(zone: HvacZone, roomC: number): number {
    const { tempTooHot, tempHotOk } = zone;
    if (tempTooHot === null || tempHotOk === null) return 0;
    const cooling = this.cooling.get(zone.id) ? roomC > tempHotOk : roomC >= tempTooHot;
    this.cooling.set(zone.id, cooling);
    return cooling ? zone.exhaustFanMaxSpeed : 0;
  }
}
