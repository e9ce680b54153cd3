import { assessSunny } from '@/lib/core/sunny';
import type { MaybeReading, Sky, Snapshot } from '@/lib/core/types';
import { normal, uniform } from '@/lib/drivers/site-physics/random';
import { type Quantity, roundTo } from '@/lib/telemetry/rounding';
import type { Plant } from './plant';
import { type BenchSite, TICK_SECONDS } from './site';
import type { Conditions } from './weather';

const MINUTE_MS = 60_000;
/** PV over this long says whether it is sunny (control.md §4). */
const SUNNY_WINDOW_MS = 15 * MINUTE_MS;

/** What changes once a minute. */
interface Minute {
  readonly index: number;
  readonly localDate: string;
  readonly localMinute: number;
  readonly sky: Sky;
}
const NO_SKY: Sky = { clearSkyW: null, forecastW: null, sunElevationDeg: null, sunny: 'unknown' };

/** What a sensor does wrong for some minutes. */
export const FAULTS = ['quantised', 'noisy', 'late', 'frozen', 'missing', 'sentinel'] as const;
type Fault = (typeof FAULTS)[number];

interface Meter {
  readonly stream: number;
  readonly quantity: Quantity;
  /** Deviation of its noise, and its step, in good and in bad times. */
  readonly noise: number;
  readonly noisy: number;
  readonly step: number;
  readonly coarse: number;
  readonly sentinels: readonly number[];
  /** Never below 0, and a clean 0 where there is nothing. */
  readonly positive?: boolean;
}

const VOLTAGE: Meter = {
  stream: 901,
  quantity: 'packVoltageV',
  noise: 0.006,
  noisy: 0.02,
  step: 0.01,
  coarse: 0.1,
  sentinels: [0, 999],
};
const CURRENT: Meter = {
  stream: 902,
  quantity: 'currentA',
  noise: 0.15,
  noisy: 2,
  step: 0.1,
  coarse: 1,
  sentinels: [0, 655.35],
};
const POWER = { quantity: 'powerW', noise: 6, noisy: 120, step: 1, coarse: 50, positive: true } as const;
const PV: Meter = { ...POWER, stream: 903, sentinels: [0, 65_535] };
const LOAD: Meter = { ...POWER, stream: 904, sentinels: [0, 65_535] };
const TEMPERATURE: Meter = {
  stream: 905,
  quantity: 'temperatureC',
  noise: 0.05,
  noisy: 0.5,
  step: 0.1,
  coarse: 1,
  sentinels: [-127, 999],
};
const SOC: Meter = {
  stream: 906,
  quantity: 'percent',
  noise: 0,
  noisy: 1,
  step: 0.1,
  coarse: 1,
  sentinels: [102, 65_535],
};

/** In every half hour each sensor may have one fault. */
const SLOT_MS = 30 * 60_000;
const FAULT_CHANCE = 0.15;
const SHORTEST_FAULT_MS = 20_000;
const LONGEST_FAULT_MS = 14 * 60_000;
const LONGEST_LATENESS_TICKS = 9;
/** Where a snapshot looks no further back (as the worker's). */
const OLDEST_VOLTAGE_MS = 5 * 60_000;
const OLDEST_OTHER_MS = 15 * 60_000;

interface Sample {
  readonly value: number;
  readonly sampleAt: number;
}

/** One sensor: noise and steps always, faults now and then. A function of the seed and of what it is shown. */
class Sensor {
  private readonly recent: Sample[] = [];
  kept: Sample | null = null;

  constructor(
    private readonly meter: Meter,
    private readonly seed: number,
    private readonly faulty: boolean,
    private readonly offset = 0,
  ) {}

  read(truth: number, now: number, oldestMs: number): MaybeReading {
    if (!this.faulty) return { value: this.measure(truth, now, null), sampleAt: now, ageMs: 0 };
    const fault = this.faultAt(now);
    const honest = { value: this.measure(truth, now, fault), sampleAt: now };
    this.recent.push(honest);
    if (this.recent.length > LONGEST_LATENESS_TICKS + 1) this.recent.shift();
    switch (fault) {
      case 'missing':
        break;
      case 'frozen':
        this.kept = { value: this.kept?.value ?? honest.value, sampleAt: now };
        break;
      case 'late': {
        const first = this.recent[0] ?? honest;
        if (this.kept === null || first.sampleAt > this.kept.sampleAt) this.kept = first;
        break;
      }
      case 'sentinel': {
        const which = uniform(this.seed, this.meter.stream + 40 + this.offset, Math.floor(now / SLOT_MS));
        const { sentinels } = this.meter;
        this.kept = { value: sentinels[Math.floor(which * sentinels.length)] ?? 0, sampleAt: now };
        break;
      }
      default:
        this.kept = honest;
    }
    if (this.kept === null) return null;
    const ageMs = now - this.kept.sampleAt;
    const { value, sampleAt } = this.kept;
    return ageMs > oldestMs ? null : { value, sampleAt, ageMs };
  }

  private measure(truth: number, now: number, fault: Fault | null): number {
    const { meter } = this;
    const index = Math.floor(now / 1000);
    if (meter.positive && truth === 0) return 0;
    const deviation = fault === 'noisy' ? meter.noisy : meter.noise;
    const step = fault === 'quantised' ? meter.coarse : meter.step;
    const noisy = truth + deviation * normal(this.seed, meter.stream + this.offset, index);
    const value = roundTo(meter.quantity, Math.round(noisy / step) * step);
    return meter.positive ? Math.max(0, value) : value;
  }

  private faultAt(now: number): Fault | null {
    const slot = Math.floor(now / SLOT_MS);
    const stream = this.meter.stream + this.offset;
    if (uniform(this.seed, stream + 10, slot) >= FAULT_CHANCE) return null;
    const longMs =
      SHORTEST_FAULT_MS + (LONGEST_FAULT_MS - SHORTEST_FAULT_MS) * uniform(this.seed, stream + 20, slot);
    const beginsMs = slot * SLOT_MS + uniform(this.seed, stream + 30, slot) * (SLOT_MS - longMs);
    if (now < beginsMs || now >= beginsMs + longMs) return null;
    return FAULTS[Math.floor(uniform(this.seed, stream + 50, slot) * FAULTS.length)] ?? null;
  }
}

/** The meters of a house, and what a controller gets to see through them. */
export class Sensors {
  private readonly voltage: Sensor;
  private readonly current: Sensor;
  private readonly pv: Sensor;
  private readonly load: Sensor;
  private readonly bankC: Sensor;
  private readonly soc: Sensor;
  private readonly rooms: ReadonlyMap<string, Sensor>;
  private readonly pvSamples: { at: number; pvW: number }[] = [];
  private minute: Minute = { index: -1, localDate: '', localMinute: 0, sky: NO_SKY };

  constructor(
    private readonly site: BenchSite,
    seed: number,
    faulty: boolean,
  ) {
    this.voltage = new Sensor(VOLTAGE, seed, faulty);
    this.current = new Sensor(CURRENT, seed, faulty);
    this.pv = new Sensor(PV, seed, faulty);
    this.load = new Sensor(LOAD, seed, faulty);
    this.bankC = new Sensor(TEMPERATURE, seed, faulty);
    this.soc = new Sensor(SOC, seed, faulty);
    this.rooms = new Map(
      site.config.zones.map(({ id }, i) => [id, new Sensor(TEMPERATURE, seed, faulty, 1000 * (i + 1))]),
    );
  }

  /** `throttled`: the controller thought so at its last tick, which is how it tells a dull sky from a full bank. */
  look(plant: Plant, conditions: Conditions, now: number, throttled: boolean): Snapshot {
    const { battery } = plant.state;
    const { flow } = plant;
    const voltage = this.voltage.read(battery.voltageV, now, OLDEST_VOLTAGE_MS);
    const current = this.current.read(battery.currentA, now, OLDEST_OTHER_MS);
    const pvW = this.pv.read(flow.pvW, now, OLDEST_OTHER_MS);
    const index = Math.floor(now / MINUTE_MS);
    if (index !== this.minute.index) this.minute = this.lookAtClock(index, conditions, pvW, throttled);
    const { localDate, localMinute, sky } = this.minute;
    return {
      now,
      localDate,
      localMinute,
      tickSeconds: TICK_SECONDS,
      battery: {
        packVoltageV: voltage,
        currentA: current,
        powerW:
          voltage && current
            ? {
                value: roundTo('powerW', voltage.value * current.value),
                sampleAt: Math.min(voltage.sampleAt, current.sampleAt),
                ageMs: Math.max(voltage.ageMs, current.ageMs),
              }
            : null,
        temperatureC: this.bankC.read(battery.temperatureC, now, OLDEST_OTHER_MS),
        reportedSocPct: this.soc.read(100 * battery.soc, now, OLDEST_OTHER_MS),
        chargeStage: plant.stage,
      },
      power: {
        pvW,
        loadW: this.load.read(flow.loadW, now, OLDEST_OTHER_MS),
        gridW: { value: 0, sampleAt: now, ageMs: 0 },
      },
      sky,
      loads: this.seenLoads(plant, now),
      zones: Object.fromEntries(
        this.site.config.zones.map(({ id }) => {
          const sensor = this.rooms.get(id);
          const truth = plant.zones.get(id)?.state.airC;
          const temperatureC =
            sensor && truth !== undefined ? sensor.read(truth, now, OLDEST_OTHER_MS) : null;
          return [id, { temperatureC }];
        }),
      ),
    };
  }

  /** Wall clock and sun, once a minute. */
  private lookAtClock(index: number, conditions: Conditions, pvW: MaybeReading, throttled: boolean): Minute {
    const at = index * MINUTE_MS;
    if (pvW) this.pvSamples.push({ at: pvW.sampleAt, pvW: pvW.value });
    while ((this.pvSamples[0]?.at ?? at) <= at - SUNNY_WINDOW_MS) this.pvSamples.shift();
    const local = new Date(at + conditions.utcOffsetMs);
    const since = index - Math.floor(conditions.startMs / MINUTE_MS);
    const clearSkyW = conditions.clearSkyW[since] ?? 0;
    const sunElevationDeg = conditions.elevationDeg[since] ?? 0;
    const sunny = assessSunny({
      samples: this.pvSamples,
      clearSkyW,
      sunElevationDeg,
      forecastW: null,
      throttled,
    });
    return {
      index,
      localDate: local.toISOString().slice(0, 10),
      localMinute: local.getUTCHours() * 60 + local.getUTCMinutes(),
      sky: { clearSkyW, forecastW: null, sunElevationDeg, sunny },
    };
  }

  private seenLoads(plant: Plant, now: number): Snapshot['loads'] {
    const seen: Record<string, Snapshot['loads'][string]> = {};
    for (const each of plant.loads) {
      const state = plant.seenState(each);
      const known = state !== 'unknown';
      seen[each.id] = {
        kind: each.kind,
        state,
        sinceMs: each.sinceMs,
        powerW: known ? { value: Math.round(each.load.state.powerW), sampleAt: now, ageMs: 0 } : null,
        insideMeasuredLoad: true,
        reachable: known,
      };
    }
    for (const [zoneId, { speed }] of plant.fans) {
      const known = plant.hasMains;
      seen[plant.fanId(zoneId)] = {
        kind: 'fan',
        state: !known ? 'unknown' : speed > 0 ? 'on' : 'off',
        sinceMs: null,
        powerW: null,
        insideMeasuredLoad: true,
        reachable: known,
        fanSpeed: known ? speed : null,
      };
    }
    return seen;
  }
}
