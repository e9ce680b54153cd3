import type { LoadReport, ReplayReport, WhatIf } from './types';

/** A month of one miner, today and changed, for tests of what is told about it. */

export const loadReport = (changes: Partial<LoadReport> = {}): LoadReport => ({
  loadId: 'miner:a',
  kind: 'miner',
  name: 'A',
  switches: 30,
  starts: 15,
  emergencyStops: 0,
  runHours: 100,
  kwh: 300,
  onSpans: new Float64Array(),
  ...changes,
});
export const replayReport = (changes: Partial<ReplayReport> = {}): ReplayReport => ({
  from: 0,
  to: 30 * 86_400_000,
  ticks: 43_200,
  hours: 720,
  loads: [loadReport()],
  switchesPerDay: 1,
  minedKwh: 300,
  bandMinutes: { SHUTDOWN: 0, CRITICAL: 0, LOW: 0, RECOVERING: 0, OPTIMAL: 43_200, HIGH: 0, UNKNOWN: 0 },
  lowestVoltageV: 50,
  lowestVoltageAt: 0,
  pvKwh: 900,
  importKwh: 0,
  chargedKwh: 300,
  dischargedKwh: 280,
  invariants: null,
  voltage: { at: new Float64Array(), minV: new Float64Array(), maxV: new Float64Array() },
  ...changes,
});
export function whatIfOf(changed: Partial<ReplayReport>): WhatIf {
  const today = replayReport();
  const next = replayReport(changed);
  const difference = {
    switchesPerDay: next.switchesPerDay - today.switchesPerDay,
    minedKwh: next.minedKwh - today.minedKwh,
    lowestVoltageV:
      next.lowestVoltageV === null || today.lowestVoltageV === null
        ? null
        : next.lowestVoltageV - today.lowestVoltageV,
    pvKwh: 0,
    importKwh: next.importKwh - today.importKwh,
    bandMinutes: next.bandMinutes,
    loads: {},
  };
  return { today, changed: next, difference, error: null };
}
