import { BATTERY_BANDS, type KernelConfig } from '../types';
import { DAY_MS, HOUR_MS, WMS_PER_KWH } from '../units';
import { type Past, pastOf } from './past';
import { Resimulation } from './resimulate';
import { spanMs, wasOn } from './scene';
import type { ReplayBand, ReplayDifference, ReplayError, ReplayHistory, ReplayReport, WhatIf } from './types';

/** What today's settings would have made of a history, and how far that is from what was logged. */
export interface Baseline {
  readonly past: Past;
  readonly report: ReplayReport;
  readonly error: ReplayError | null;
}

/** A replay asks what the rules would do: as if they had acted all along. */
function acting(config: KernelConfig): KernelConfig {
  return config.controlMode === 'automatic' ? config : { ...config, controlMode: 'automatic' };
}

/** A run over a history, in pieces, so that whoever has other things to do can do them in between. */
export class BaselineRun {
  private readonly past: Past;
  private readonly voltageV: Float64Array;
  private readonly resimulation: Resimulation;

  constructor(history: ReplayHistory, today: KernelConfig) {
    const config = acting(today);
    this.past = pastOf(history, config);
    this.voltageV = new Float64Array(history.at.length);
    this.resimulation = new Resimulation(this.past, config, { voltageV: this.voltageV });
  }

  get progress(): number {
    return this.resimulation.progress;
  }

  /** As `Resimulation.run`. */
  run(rows: number): boolean {
    return this.resimulation.run(rows);
  }

  result(): Baseline {
    const report = this.resimulation.report();
    return { past: this.past, report, error: errorOf(this.past, report, this.voltageV) };
  }
}

/** The same for settings that are tried. */
export class ChangedRun {
  private readonly resimulation: Resimulation;

  constructor(
    private readonly baseline: Baseline,
    changed: KernelConfig,
    options: { readonly invariants?: boolean } = {},
  ) {
    this.resimulation = new Resimulation(baseline.past, acting(changed), options);
  }

  get progress(): number {
    return this.resimulation.progress;
  }

  run(rows: number): boolean {
    return this.resimulation.run(rows);
  }

  result(): WhatIf {
    const today = this.baseline.report;
    const changed = this.resimulation.report();
    return { today, changed, difference: differenceOf(today, changed), error: this.baseline.error };
  }
}

/** What would have been different: `changed` against `today` over the same history, each re-simulated. */
export function whatIf(history: ReplayHistory, today: KernelConfig, changed: KernelConfig): WhatIf {
  const baseline = new BaselineRun(history, today);
  baseline.run(history.at.length);
  const run = new ChangedRun(baseline.result(), changed);
  run.run(history.at.length);
  return run.result();
}

function differenceOf(today: ReplayReport, changed: ReplayReport): ReplayDifference {
  const loads: Record<string, { switches: number; runHours: number; kwh: number }> = {};
  for (const [report, sign] of [
    [today, -1],
    [changed, 1],
  ] as const) {
    for (const { loadId, switches, runHours, kwh } of report.loads) {
      const before = loads[loadId] ?? { switches: 0, runHours: 0, kwh: 0 };
      loads[loadId] = {
        switches: before.switches + sign * switches,
        runHours: before.runHours + sign * runHours,
        kwh: before.kwh + sign * kwh,
      };
    }
  }
  const bandMinutes = { ...changed.bandMinutes } as Record<ReplayBand, number>;
  for (const band of [...BATTERY_BANDS, 'UNKNOWN'] as const) bandMinutes[band] -= today.bandMinutes[band];
  return {
    switchesPerDay: changed.switchesPerDay - today.switchesPerDay,
    minedKwh: changed.minedKwh - today.minedKwh,
    lowestVoltageV:
      changed.lowestVoltageV === null || today.lowestVoltageV === null
        ? null
        : changed.lowestVoltageV - today.lowestVoltageV,
    pvKwh: changed.pvKwh - today.pvKwh,
    importKwh: changed.importKwh - today.importKwh,
    bandMinutes,
    loads,
  };
}

/** Holds what was re-simulated with today's settings against the rows that these really decided. */
function errorOf(
  { history, usualW }: Past,
  report: ReplayReport,
  voltageV: Float64Array,
): ReplayError | null {
  const { at, comparableFrom, packVoltageV } = history;
  if (comparableFrom === null) return null;
  const first = at.findIndex((moment) => moment >= comparableFrom);
  if (first < 0) return null;
  const errors: number[] = [];
  let ms = 0;
  let loggedSwitches = 0;
  let loggedWms = 0;
  for (let row = first; row < at.length; row++) {
    const error = Math.abs((voltageV[row] ?? Number.NaN) - (packVoltageV[row] ?? Number.NaN));
    if (!Number.isNaN(error)) errors.push(error);
    ms += spanMs(history, row);
  }
  if (ms < DAY_MS || errors.length === 0) return null;
  const from = at[first] ?? comparableFrom;
  let switches = 0;
  let kwh = 0;
  for (const load of report.loads) {
    const past = history.loads[load.loadId];
    if (past === undefined || load.kind === 'fan') continue;
    let before: boolean | null = null;
    for (let row = first; row < at.length; row++) {
      const on = wasOn(past, row);
      if (on === null) continue;
      if (before !== null && on !== before) loggedSwitches++;
      before = on;
      const watts = past.powerW[row] ?? Number.NaN;
      if (on) loggedWms += (Number.isNaN(watts) ? (usualW[load.loadId] ?? 0) : watts) * spanMs(history, row);
    }
    switches += load.onSpans.filter((edge) => edge > from && edge < report.to).length;
    kwh += onHoursFrom(load.onSpans, from) * (load.runHours === 0 ? 0 : load.kwh / load.runHours);
  }
  errors.sort((a, b) => a - b);
  const days = ms / DAY_MS;
  return {
    from,
    hours: ms / HOUR_MS,
    voltageMeanAbsV: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    voltageP95AbsV: errors[Math.floor(0.95 * (errors.length - 1))] ?? 0,
    switchesPerDay: (switches - loggedSwitches) / days,
    loggedSwitchesPerDay: loggedSwitches / days,
    kwh: kwh - loggedWms / WMS_PER_KWH,
    loggedKwh: loggedWms / WMS_PER_KWH,
  };
}

function onHoursFrom(spans: Float64Array, from: number): number {
  let hours = 0;
  for (let i = 0; i + 1 < spans.length; i += 2) {
    hours += Math.max(0, (spans[i + 1] ?? 0) - Math.max(from, spans[i] ?? 0)) / HOUR_MS;
  }
  return hours;
}
