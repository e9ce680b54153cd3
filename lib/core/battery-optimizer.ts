import { NONE } from './memory';
import { lookAgain, reached, since, type Tick } from './tick';
import type { BatteryBand } from './types';

/** Voltage and current must be of the same moment to be compared, ms. */
const SAME_MOMENT_MS = 5000;
/** A larger correction is a wrong current or a wrong R, V. */
const LARGEST_CORRECTION_V = 1.5;
const LOW_SAMPLES_APART_MS = 10_000;
const LATCH_RELEASE_MS = 2 * 60_000;
/** A bank that gives less than this is not discharging, W: the dither of a meter near zero. */
export const DISCHARGE_NOISE_W = 100;
/** How much lower running loads may pull a throttled bank, V. */
const THROTTLED_RUN_MARGIN_V = 0.5;

/** Control voltage, band and latch (control.md §1, §2). */
export function assessBattery(tick: Tick): void {
  const { rawV, memory } = tick;
  if (rawV === null) {
    memory.releaseSince = NONE;
    tick.latched = memory.latched !== false;
    return;
  }
  const { preferences } = tick.config;
  const controlV = controlVoltage(tick, rawV);
  tick.controlV = controlV;
  trackLow(tick, controlV);

  const shutdown = rawV <= preferences.voltageShutdown;
  const critical = rawV <= preferences.voltageCriticalLow;
  if (shutdown || critical) memory.low = true;
  trackLatch(tick, controlV);
  tick.latched = memory.latched !== false;

  let band: BatteryBand;
  if (shutdown) band = 'SHUTDOWN';
  else if (critical) band = 'CRITICAL';
  else if (memory.low && controlV <= preferences.voltageLow) band = 'LOW';
  else if (tick.latched || controlV < preferences.voltageOptimalMin) band = 'RECOVERING';
  else if (controlV <= preferences.voltageOptimalMax) band = 'OPTIMAL';
  else band = 'HIGH';
  tick.band = band;
}

/**
 * Takes the sag of a load and the lift of charging out of the raw voltage, where a current of the same moment allows it.
 * While R is not known there is nothing to take out; it is learned from loads that switch, so they may.
 */
function controlVoltage(tick: Tick, rawV: number): number {
  if (!tick.plan.compensating) return rawV;
  const voltageAt = tick.snapshot.battery.packVoltageV?.sampleAt ?? 0;
  const currentAt = tick.snapshot.battery.currentA?.sampleAt ?? 0;
  if (tick.currentA === null || Math.abs(voltageAt - currentAt) > SAME_MOMENT_MS) {
    tick.currentMissing = true;
    return rawV;
  }
  const correctionV = tick.currentA * tick.plan.controlOhm;
  if (Math.abs(correctionV) > LARGEST_CORRECTION_V) {
    tick.currentMissing = true;
    return rawV;
  }
  tick.compensated = tick.plan.controlOhm > 0;
  // A tenth of a millivolt: a product that is 50 on paper must compare as 50.
  return Math.round((rawV - correctionV) * 10_000) / 10_000;
}

/** LOW needs two samples at least ten seconds apart, with none above in between. */
function trackLow(tick: Tick, controlV: number): void {
  const { memory } = tick;
  if (!tick.newVoltage) return;
  if (controlV > tick.config.preferences.voltageLow) {
    memory.low = false;
    memory.lowFirstSampleAt = NONE;
    return;
  }
  const sampleAt = memory.voltageSampleAt;
  if (memory.lowFirstSampleAt === NONE || sampleAt < memory.lowFirstSampleAt) {
    memory.lowFirstSampleAt = sampleAt;
  } else if (sampleAt - memory.lowFirstSampleAt >= LOW_SAMPLES_APART_MS) {
    memory.low = true;
  }
  if (!memory.low) lookAgain(tick);
}

/** After LOW or worse nothing starts until the bank has been back for two minutes by its own means. */
function trackLatch(tick: Tick, controlV: number): void {
  const { memory } = tick;
  const { preferences } = tick.config;
  const back = controlV >= preferences.voltageRestart && !tick.currentMissing;
  const importing = memory.importSince !== NONE;
  const recovered = back && !importing;
  if (memory.low) memory.latched = true;
  // A site that may always import must not wait for ever to learn that its bank was never low.
  else if (memory.latched === null && back && (!importing || preferences.gridImportAllowed)) {
    memory.latched = false;
  }
  if (!memory.latched) {
    memory.releaseSince = NONE;
    return;
  }
  memory.releaseSince = since(tick, memory.releaseSince, recovered);
  if (memory.releaseSince !== NONE && reached(tick, memory.releaseSince, LATCH_RELEASE_MS)) {
    memory.latched = false;
    memory.releaseSince = NONE;
  }
}

/** Whether PV follows the load because the bank is full, so that measured PV is only a floor (control.md §3). */
export function assessThrottling(tick: Tick): void {
  const { preferences } = tick.config;
  const { rawV, controlV, pvW, dischargeW } = tick;
  const { clearSkyW } = tick.snapshot.sky;
  tick.sunIsUp = pvW !== null && pvW > 0 && (clearSkyW === null || clearSkyW > SUN_UP_W);
  if (rawV === null || controlV === null || pvW === null || tick.chargingBlocked) return;
  const stage = tick.snapshot.battery.chargeStage;
  // Gone down to float, a charger gives nothing until the bank has: what flows meanwhile is surface charge, not lack.
  tick.throttledToRun = stage === 'float' && rawV >= preferences.voltageFloat;
  if (pvW <= 0 || dischargeW === null || dischargeW > DISCHARGE_NOISE_W) return;
  if (!isHeld(tick)) return;
  tick.throttledToStart = controlV > preferences.voltageOptimalMax;
  tick.throttledToRun ||= controlV > preferences.voltageOptimalMax - THROTTLED_RUN_MARGIN_V;
}

/** The charger holds a voltage instead of giving all it can; where it does not say, the voltage tells. */
export function isHeld({ snapshot, rawV, config }: Tick): boolean {
  const { chargeStage } = snapshot.battery;
  if (chargeStage !== 'unknown') return chargeStage !== 'bulk';
  return rawV !== null && rawV >= config.preferences.voltageFloat;
}

/** Clear-sky power from which the sun counts as up, W. */
const SUN_UP_W = 200;

export function importBlocks(tick: Tick): boolean {
  return tick.importing && !tick.config.preferences.gridImportAllowed;
}
