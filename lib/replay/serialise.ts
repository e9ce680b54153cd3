import { toSnakeCase } from '@/lib/wire-case';
import type { HistoryText, ReplayPast } from './queries';

type Wire = Readonly<Record<string, unknown>>;

/** As the settings' own routes spell them: "voltage_at_0_percent". */
function spelledOut(wire: Wire): Wire {
  return Object.fromEntries(
    Object.entries(wire).map(([key, value]) => [key.replace(/([a-z])(\d)/g, '$1_$2'), value]),
  );
}

function wireConfig(config: ReplayPast['config']) {
  const wire = toSnakeCase(config);
  return { ...wire, preferences: spelledOut(wire.preferences), zones: wire.zones.map(spelledOut) };
}

/** The answer as JSON text; its columns are the database's own. */
export function serialiseReplayPast(past: ReplayPast): string {
  const { range, history } = past;
  const head = JSON.stringify({
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    tick_seconds: past.tickSeconds,
    time_zone: past.timeZone,
    comparable_from: past.comparableFrom === null ? null : new Date(past.comparableFrom).toISOString(),
    config: wireConfig(past.config),
    charge_stage: history.chargeStage,
    sunny: history.sunny,
  });
  return `${head.slice(0, -1)},${seriesOf(history)}}`;
}

function seriesOf({ at, columns, loads, zones }: HistoryText): string {
  const parts = [
    `"at":${at}`,
    `"pack_voltage_v":${columns.packVoltageV}`,
    `"current_a":${columns.currentA}`,
    `"battery_power_w":${columns.batteryW}`,
    `"battery_temperature_c":${columns.batteryTemperatureC}`,
    `"pv_w":${columns.pvW}`,
    `"load_w":${columns.loadW}`,
    `"grid_w":${columns.gridW}`,
    `"clear_sky_w":${columns.clearSkyW}`,
    `"loads":[${loads
      .map(({ powerW, ...load }) => `${JSON.stringify(toSnakeCase(load)).slice(0, -1)},"power_w":${powerW}}`)
      .join()}]`,
    `"zones":[${zones
      .map(({ id, temperatureC }) => `{"id":${JSON.stringify(id)},"temperature_c":${temperatureC}}`)
      .join()}]`,
  ];
  return parts.join();
}
