import type { RolledLoad } from '@/db/schema/telemetry-rollups';

/** One raw row as the reference reads it. */
export interface Sample {
  readonly at: number;
  readonly stepSeconds: number;
  readonly packVoltageV: number | null;
  readonly pvW: number | null;
  readonly batteryPowerW: number | null;
  readonly gridW: number | null;
  readonly loads: Readonly<Record<string, { readonly state: string; readonly w?: number }>>;
  readonly simulated: boolean;
}

export interface ExpectedBucket {
  coveredSeconds: number;
  samples: number;
  packVoltageMinV: number | null;
  packVoltageMaxV: number | null;
  packVoltageAvgV: number | null;
  pvSeconds: number;
  pvEnergyWh: number | null;
  batteryInEnergyWh: number | null;
  batteryOutEnergyWh: number | null;
  importEnergyWh: number | null;
  exportEnergyWh: number | null;
  loads: Record<string, Required<RolledLoad>>;
}

const LONGEST_S = 900;
/** Fine enough for every edge of a bucket in the tests, whose rows stand on whole seconds. */
const STEP_MS = 1000;

const isOn = (state: string | undefined) => state === 'on' || state === 'ramping';

/**
 * The roll-up in plain words, second by second: what a row says holds until the next row, or for one step where that
 * is further away than three steps (at least 30 s, at most 15 min). `bucketOf` names the bucket of an instant.
 */
export function expectedBuckets(
  samples: readonly Sample[],
  bucketOf: (at: number) => string,
): Map<string, ExpectedBucket> {
  const sorted = [...samples].sort((a, b) => a.at - b.at);
  const known = new Map<string, ExpectedBucket & { voltageSum: number; voltageSeconds: number }>();
  const bucketAt = (at: number, simulated: boolean) => {
    const key = `${bucketOf(at)} ${simulated}`;
    const bucket = known.get(key) ?? emptyBucket();
    known.set(key, bucket);
    return bucket;
  };
  const reach = (sample: Sample) => Math.min(Math.max(3 * sample.stepSeconds, 30), LONGEST_S) * 1000;
  for (const [i, sample] of sorted.entries()) {
    const next = sorted[i + 1];
    const before = sorted[i - 1];
    const until =
      next && next.at - sample.at <= reach(sample) ? next.at : sample.at + sample.stepSeconds * 1000;
    const own = bucketAt(sample.at, sample.simulated);
    own.samples += 1;
    if (before && sample.at - before.at <= reach(before)) {
      for (const [id, { state }] of Object.entries(sample.loads)) {
        const was = before.loads[id]?.state;
        if (isOn(state) && was === 'off') loadOf(own, id).starts += 1;
        if (state === 'off' && isOn(was)) loadOf(own, id).stops += 1;
      }
    }
    for (let at = sample.at; at < until; at += STEP_MS) addSecond(bucketAt(at, sample.simulated), sample);
  }
  for (const bucket of known.values()) {
    bucket.packVoltageAvgV = bucket.voltageSeconds ? bucket.voltageSum / bucket.voltageSeconds : null;
  }
  return known;
}

function addSecond(
  bucket: ExpectedBucket & { voltageSum: number; voltageSeconds: number },
  { packVoltageV, pvW, batteryPowerW, gridW, loads }: Sample,
): void {
  const wh = (watts: number) => watts / 3600;
  bucket.coveredSeconds += 1;
  if (packVoltageV !== null) {
    bucket.packVoltageMinV = Math.min(bucket.packVoltageMinV ?? packVoltageV, packVoltageV);
    bucket.packVoltageMaxV = Math.max(bucket.packVoltageMaxV ?? packVoltageV, packVoltageV);
    bucket.voltageSum += packVoltageV;
    bucket.voltageSeconds += 1;
  }
  if (pvW !== null) {
    bucket.pvSeconds += 1;
    bucket.pvEnergyWh = (bucket.pvEnergyWh ?? 0) + wh(pvW);
  }
  if (batteryPowerW !== null) {
    bucket.batteryInEnergyWh = (bucket.batteryInEnergyWh ?? 0) + wh(Math.max(batteryPowerW, 0));
    bucket.batteryOutEnergyWh = (bucket.batteryOutEnergyWh ?? 0) + wh(Math.max(-batteryPowerW, 0));
  }
  if (gridW !== null) {
    bucket.importEnergyWh = (bucket.importEnergyWh ?? 0) + wh(Math.max(gridW, 0));
    bucket.exportEnergyWh = (bucket.exportEnergyWh ?? 0) + wh(Math.max(-gridW, 0));
  }
  for (const [id, { state, w }] of Object.entries(loads)) {
    if (isOn(state)) {
      loadOf(bucket, id).on += 1;
      if (w !== undefined) {
        loadOf(bucket, id).metered += 1;
        loadOf(bucket, id).wh += wh(w);
      }
    }
    if (state === 'unknown') loadOf(bucket, id).unknown += 1;
  }
}

interface MutableLoad {
  on: number;
  unknown: number;
  metered: number;
  wh: number;
  starts: number;
  stops: number;
}

function loadOf(bucket: ExpectedBucket, id: string): MutableLoad {
  const load = bucket.loads[id] ?? { on: 0, unknown: 0, metered: 0, wh: 0, starts: 0, stops: 0 };
  bucket.loads[id] = load;
  return load as MutableLoad;
}

function emptyBucket(): ExpectedBucket & { voltageSum: number; voltageSeconds: number } {
  return {
    coveredSeconds: 0,
    samples: 0,
    packVoltageMinV: null,
    packVoltageMaxV: null,
    packVoltageAvgV: null,
    pvSeconds: 0,
    pvEnergyWh: null,
    batteryInEnergyWh: null,
    batteryOutEnergyWh: null,
    importEnergyWh: null,
    exportEnergyWh: null,
    loads: {},
    voltageSum: 0,
    voltageSeconds: 0,
  };
}
