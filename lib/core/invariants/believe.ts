import type { KernelConfig, MaybeReading, Snapshot } from '../types';
import { MINUTE_MS } from '../units';

/** What an outsider believes of a snapshot's readings (control.md §7), told apart from the kernel's own judgement. */
export interface Believed {
  readonly voltageV: number | null;
  readonly currentA: number | null;
  readonly batteryW: number | null;
  readonly pvW: number | null;
  readonly loadW: number | null;
  readonly gridW: number | null;
  readonly batteryC: number | null;
}

export function voltageMaxAgeMs({ polls }: KernelConfig): number {
  return Math.min(3 * polls.voltageSeconds * 1000, 5 * MINUTE_MS);
}

function otherMaxAgeMs({ polls }: KernelConfig): number {
  return Math.min(3 * polls.otherSeconds * 1000, 15 * MINUTE_MS);
}

export function believe(snapshot: Snapshot, config: KernelConfig): Believed {
  const { battery, power } = snapshot;
  const { preferences } = config;
  const maxAgeMs = otherMaxAgeMs(config);
  const batteryC = believedTemperature(battery.temperatureC, config);
  if (allZero(snapshot)) {
    return {
      voltageV: null,
      currentA: null,
      batteryW: null,
      pvW: null,
      loadW: null,
      gridW: null,
      batteryC,
    };
  }
  const voltageV = young(battery.packVoltageV, voltageMaxAgeMs(config));
  const low = preferences.batteryAbsoluteMin - 3;
  const high = preferences.batteryAbsoluteMax + 3;
  return {
    voltageV: voltageV !== null && voltageV >= low && voltageV <= high ? voltageV : null,
    currentA: young(battery.currentA, maxAgeMs),
    batteryW: young(battery.powerW, maxAgeMs),
    pvW: believedPower(power.pvW, maxAgeMs, preferences.pvArrayWatts),
    loadW: believedPower(power.loadW, maxAgeMs, preferences.inverterMaxWatts),
    gridW: young(power.gridW, maxAgeMs),
    batteryC,
  };
}

export function believedTemperature(reading: MaybeReading, config: KernelConfig): number | null {
  const value = young(reading, otherMaxAgeMs(config));
  return value !== null && value > -60 && value < 120 ? value : null;
}

/** A load's own meter; a negative draw is none. */
export function believedDrawW(reading: MaybeReading, config: KernelConfig): number | null {
  const value = young(reading, otherMaxAgeMs(config));
  return value !== null && value >= 0 ? value : null;
}

function believedPower(reading: MaybeReading, maxAgeMs: number, ratingW: number | null): number | null {
  const value = young(reading, maxAgeMs);
  if (value === null || value < -100 || (ratingW !== null && value > 2 * ratingW)) return null;
  return Math.max(value, 0);
}

function young(reading: MaybeReading, maxAgeMs: number): number | null {
  if (reading === null || !Number.isFinite(reading.value)) return null;
  return Math.abs(reading.ageMs) <= maxAgeMs ? reading.value : null;
}

function allZero({ battery, power }: Snapshot): boolean {
  const all = [battery.packVoltageV, battery.currentA, battery.powerW, power.pvW, power.loadW, power.gridW];
  const there = all.filter((reading) => reading !== null);
  return there.length >= 2 && there.every((reading) => reading.value === 0);
}
