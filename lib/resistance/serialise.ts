import type { BandEstimate } from '@/lib/core/resistance/estimate';
import type { BatteryResistance } from './current';

/** In mΩ, as an owner knows them from data sheets. */
export function serialiseResistance(known: BatteryResistance) {
  return {
    sag_compensation: known.mode,
    manual_mohm: known.manualMohm,
    in_use_mohm: known.inUse && { low: milli(known.inUse.lowOhm), high: milli(known.inUse.highOhm) },
    battery_temperature_c: known.temperatureC,
    simulated: known.simulated,
    steps: known.steps,
    newest_step_at: known.newestStepAt === null ? null : new Date(known.newestStepAt).toISOString(),
    bands: known.bands.map(serialiseBand),
  };
}

function serialiseBand({ temperatureC, ohm, lowOhm, highOhm, steps }: BandEstimate) {
  return {
    temperature_c: temperatureC,
    mohm: milli(ohm),
    low_mohm: milli(lowOhm),
    high_mohm: milli(highOhm),
    steps,
  };
}

function milli(ohm: number): number {
  return Math.round(ohm * 1e5) / 100;
}
