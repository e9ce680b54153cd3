import { planOf } from '../plan';
import type { LoadView, Tick } from '../tick';
import { BATTERY_BANDS, type KernelConfig, type LoadKind } from '../types';
import { HOUR_MS, WMS_PER_KWH } from '../units';
import type { LoadReport, ReplayBand, ReplayReport, VoltageTimeline } from './types';

/** A chart needs no more (issue: at most 2 000 points, two per bin). */
const TIMELINE_BINS = 900;

interface LoadCount {
  readonly id: string;
  readonly kind: LoadKind;
  readonly name: string;
  /** Null before it was first seen on or off. */
  on: boolean | null;
  switches: number;
  starts: number;
  emergencyStops: number;
  stopping: boolean;
  runMs: number;
  energyWms: number;
  readonly spans: number[];
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Adds up what a replay shows, tick by tick. */
export class Tally {
  private readonly loads: readonly LoadCount[];
  private readonly bandMs: Record<ReplayBand, number>;
  private readonly voltage: VoltageBins;
  private ticks = 0;
  private totalMs = 0;
  private lowestV = Number.POSITIVE_INFINITY;
  private lowestAt = 0;
  private pvWms = 0;
  private importWms = 0;
  private chargedWms = 0;
  private dischargedWms = 0;

  constructor(
    config: KernelConfig,
    private readonly range: Range,
  ) {
    const { heaters, miners, fans } = planOf(config);
    this.loads = [...heaters, ...miners, ...fans].map(({ id, kind, name }) => ({
      id,
      kind,
      name,
      on: null,
      switches: 0,
      starts: 0,
      emergencyStops: 0,
      stopping: false,
      runMs: 0,
      energyWms: 0,
      spans: [],
    }));
    this.bandMs = { SHUTDOWN: 0, CRITICAL: 0, LOW: 0, RECOVERING: 0, OPTIMAL: 0, HIGH: 0, UNKNOWN: 0 };
    this.voltage = new VoltageBins(range);
  }

  /** A decided tick that stands for `ms`. */
  add(tick: Tick, ms: number): void {
    const { now, rawV } = tick;
    this.ticks++;
    this.totalMs += ms;
    this.bandMs[tick.band] += ms;
    if (rawV !== null) {
      if (rawV < this.lowestV) {
        this.lowestV = rawV;
        this.lowestAt = now;
      }
      this.voltage.add(now, rawV);
    }
    if (tick.pvW !== null) this.pvWms += tick.pvW * ms;
    if (tick.gridW !== null && tick.gridW > 0) this.importWms += tick.gridW * ms;
    if (tick.dischargeW !== null) {
      if (tick.dischargeW > 0) this.dischargedWms += tick.dischargeW * ms;
      else this.chargedWms -= tick.dischargeW * ms;
    }
    const { loads } = tick;
    for (let i = 0; i < loads.length; i++) {
      const load = loads[i];
      if (load === undefined) continue;
      const there = this.loads[i];
      // Other settings may have had other loads.
      const count = there?.id === load.id ? there : this.loads.find(({ id }) => id === load.id);
      if (count !== undefined) addLoad(count, load, now, ms);
    }
  }

  report(invariants: Readonly<Record<string, number>> | null): ReplayReport {
    const { from, to } = this.range;
    const days = this.totalMs / (24 * HOUR_MS);
    let switches = 0;
    let minedWms = 0;
    for (const load of this.loads) {
      if (load.kind !== 'fan') switches += load.switches;
      if (load.kind === 'miner') minedWms += load.energyWms;
    }
    const bandMinutes = { ...this.bandMs };
    for (const band of [...BATTERY_BANDS, 'UNKNOWN'] as const) bandMinutes[band] /= 60_000;
    const seen = Number.isFinite(this.lowestV);
    return {
      from,
      to,
      ticks: this.ticks,
      hours: this.totalMs / HOUR_MS,
      loads: this.loads.map((load) => reportOf(load, to)),
      switchesPerDay: days === 0 ? 0 : switches / days,
      minedKwh: minedWms / WMS_PER_KWH,
      bandMinutes,
      lowestVoltageV: seen ? this.lowestV : null,
      lowestVoltageAt: seen ? this.lowestAt : null,
      pvKwh: this.pvWms / WMS_PER_KWH,
      importKwh: this.importWms / WMS_PER_KWH,
      chargedKwh: this.chargedWms / WMS_PER_KWH,
      dischargedKwh: this.dischargedWms / WMS_PER_KWH,
      invariants,
      voltage: this.voltage.timeline(),
    };
  }
}

function addLoad(count: LoadCount, load: LoadView, now: number, ms: number): void {
  if (load.on) {
    if (count.on !== true) {
      if (count.on === false) {
        count.switches++;
        count.starts++;
      }
      count.on = true;
      count.spans.push(now);
    }
    count.runMs += ms;
    count.energyWms += (load.measuredW ?? load.plan.ratedW) * ms;
  } else if (!load.unknown && !load.absent && count.on !== false) {
    if (count.on === true) {
      count.switches++;
      count.spans.push(now);
    }
    count.on = false;
  }
  const stopping = load.verdict === 'EMERGENCY_STOP';
  if (stopping && !count.stopping) count.emergencyStops++;
  count.stopping = stopping;
}

function reportOf(load: LoadCount, to: number): LoadReport {
  const spans = load.spans.length % 2 === 0 ? load.spans : [...load.spans, to];
  return {
    loadId: load.id,
    kind: load.kind,
    name: load.name,
    switches: load.switches,
    starts: load.starts,
    emergencyStops: load.emergencyStops,
    runHours: load.runMs / HOUR_MS,
    kwh: load.energyWms / WMS_PER_KWH,
    onSpans: Float64Array.from(spans),
  };
}

class VoltageBins {
  private readonly widthMs: number;
  private readonly minV = new Float64Array(TIMELINE_BINS).fill(Number.POSITIVE_INFINITY);
  private readonly maxV = new Float64Array(TIMELINE_BINS).fill(Number.NEGATIVE_INFINITY);

  constructor(private readonly range: Range) {
    this.widthMs = Math.max(1, (range.to - range.from) / TIMELINE_BINS);
  }

  add(at: number, voltageV: number): void {
    const bin = Math.min(TIMELINE_BINS - 1, Math.max(0, Math.floor((at - this.range.from) / this.widthMs)));
    if (voltageV < (this.minV[bin] ?? 0)) this.minV[bin] = voltageV;
    if (voltageV > (this.maxV[bin] ?? 0)) this.maxV[bin] = voltageV;
  }

  timeline(): VoltageTimeline {
    const filled = [...this.minV.keys()].filter((bin) => Number.isFinite(this.minV[bin]));
    return {
      at: Float64Array.from(filled, (bin) => this.range.from + bin * this.widthMs),
      minV: Float64Array.from(filled, (bin) => this.minV[bin] ?? Number.NaN),
      maxV: Float64Array.from(filled, (bin) => this.maxV[bin] ?? Number.NaN),
    };
  }
}
