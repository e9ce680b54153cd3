import type { TelemetryPoint, TelemetrySeries } from './queries';
import type { RunSeries } from './runs';

// As fine as the worker measures; averages have more digits than meaning.
const rounders = {
  volts: (value: number) => Math.round(value * 1000) / 1000,
  amperes: (value: number) => Math.round(value * 100) / 100,
  tenths: (value: number) => Math.round(value * 10) / 10,
  whole: Math.round,
};

type Measure = Exclude<keyof TelemetryPoint, 'at' | 'simulated'>;

function column(points: readonly TelemetryPoint[], measure: Measure, round: (value: number) => number) {
  return points.map((point) => {
    const value = point[measure];
    return value === null ? null : round(value);
  });
}

/** Columns of equal length: a third of the size of rows that repeat every name. */
export function serialiseTelemetry({ from, to, binSeconds, points }: TelemetrySeries) {
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    bin_seconds: binSeconds,
    series: {
      at: points.map((point) => new Date(point.at).toISOString()),
      pack_voltage_v: column(points, 'packVoltageV', rounders.volts),
      pack_voltage_min_v: column(points, 'packVoltageMinV', rounders.volts),
      pack_voltage_max_v: column(points, 'packVoltageMaxV', rounders.volts),
      voltage_soc_pct: column(points, 'voltageSocPct', rounders.tenths),
      reported_soc_pct: column(points, 'reportedSocPct', rounders.tenths),
      current_a: column(points, 'currentA', rounders.amperes),
      battery_power_w: column(points, 'batteryPowerW', rounders.whole),
      battery_temperature_c: column(points, 'batteryTemperatureC', rounders.tenths),
      pv_w: column(points, 'pvW', rounders.whole),
      load_w: column(points, 'loadW', rounders.whole),
      grid_w: column(points, 'gridW', rounders.whole),
      simulated: points.map((point) => point.simulated),
    },
  };
}

export type WireTelemetry = ReturnType<typeof serialiseTelemetry>;

export function serialiseRuns({ from, to, binSeconds, at, loads, zones }: RunSeries) {
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    bin_seconds: binSeconds,
    at: at.map((instant) => new Date(instant).toISOString()),
    loads: loads.map(({ loadId, name, kind, onShare, onSeconds }) => ({
      load_id: loadId,
      name,
      kind,
      on_share: onShare,
      on_seconds: onSeconds,
    })),
    zones: zones.map(({ zoneId, name, temperatureC }) => ({
      zone_id: zoneId,
      name,
      temperature_c: temperatureC.map((value) => (value === null ? null : rounders.tenths(value))),
    })),
  };
}

export type WireRuns = ReturnType<typeof serialiseRuns>;
