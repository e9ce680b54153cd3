import type { BatteryMeasurement, MaybeMeasured } from '../types';
import type { LiveSite } from './live-site';

/** Deviation and step of each meter. A 48 V shunt monitor gives 10 mV and 0.1 A. */
const METERS = {
  packVoltageV: { stream: 501, deviation: 0.006, step: 0.01, absurd: 0 },
  currentA: { stream: 502, deviation: 0.15, step: 0.1, absurd: 0 },
  temperatureC: { stream: 503, deviation: 0.05, step: 0.1, absurd: -40 },
  reportedSocPct: { stream: 504, deviation: 0, step: 0.1, absurd: 999 },
  pvW: { stream: 505, deviation: 6, step: 1, absurd: 0 },
  loadW: { stream: 506, deviation: 6, step: 1, absurd: 65_535 },
  gridW: { stream: 507, deviation: 0, step: 1, absurd: 0 },
  roomC: { stream: 508, deviation: 0.05, step: 0.1, absurd: -40 },
} as const;
export type Meter = keyof typeof METERS;

/**
 * The meters of the simulated site: quantised, a little noisy, sampled at the site's newest step. With a
 * fault share, that part of the samples is missing, late or absurd, a third each.
 */
export class Monitor {
  private readonly previous = new Map<Meter, MaybeMeasured>();
  private readonly current = new Map<Meter, { readonly atMs: number; readonly measured: MaybeMeasured }>();

  constructor(
    private readonly site: LiveSite,
    private readonly faultShare: number,
    private readonly streamOffset = 0,
  ) {}

  /** The same sample again until the site has moved on. */
  read(meter: Meter, truth: number): MaybeMeasured {
    const known = this.current.get(meter);
    if (known && known.atMs === this.site.atMs) return known.measured;
    if (known?.measured) this.previous.set(meter, known.measured);
    const measured = this.sample(meter, truth);
    this.current.set(meter, { atMs: this.site.atMs, measured });
    return measured;
  }

  readBattery(): BatteryMeasurement {
    const { voltageV, currentA, temperatureC, countedSocPct } = this.site.battery;
    const volt = this.read('packVoltageV', voltageV);
    const ampere = this.read('currentA', currentA);
    return {
      packVoltageV: volt,
      currentA: ampere,
      powerW:
        volt && ampere
          ? {
              value: Math.round(volt.value * ampere.value),
              sampleAt: Math.min(volt.sampleAt, ampere.sampleAt),
            }
          : null,
      temperatureC: this.read('temperatureC', temperatureC),
      reportedSocPct: this.read('reportedSocPct', countedSocPct),
      chargeStage: this.site.stage,
    };
  }

  private sample(meter: Meter, truth: number): MaybeMeasured {
    const { stream, deviation, step, absurd } = METERS[meter];
    const fault =
      this.faultShare > 0 ? this.site.chance(stream + this.streamOffset + 1000) / this.faultShare : 1;
    if (fault < 1 / 3) return null;
    if (fault < 2 / 3) return this.previous.get(meter) ?? null;
    if (fault < 1) return { value: absurd, sampleAt: this.site.atMs };
    const noisy = truth + deviation * this.site.noise(stream + this.streamOffset);
    const floor = meter === 'pvW' || meter === 'loadW' ? 0 : Number.NEGATIVE_INFINITY;
    // Dark panels and an absent grid read a clean zero.
    const value = truth === 0 && deviation !== 0 && floor === 0 ? 0 : Math.max(floor, quantise(noisy, step));
    return { value, sampleAt: this.site.atMs };
  }
}

function quantise(value: number, step: number): number {
  // Through the count of steps, so that 0.01 V gives 52.3 and not 52.300000000000004.
  return Math.round(value / step) / Math.round(1 / step) || 0;
}
