import { type LoadHistory, NOT_SEEN, type ReplayHistory, SUNNY } from '@/lib/core/replay/types';
import { CHARGE_STAGES, type KernelConfig, LOAD_STATES, type LoadKind } from '@/lib/core/types';
import { fromSnakeCase } from '@/lib/wire-case';
import { offsetsOf } from './offsets';

type WireColumn = readonly (number | null)[];

/** The answer of /api/replay/history. */
interface WireReplayPast {
  readonly from: string;
  readonly tick_seconds: number;
  readonly time_zone: string;
  readonly comparable_from: string | null;
  readonly config: unknown;
  readonly at: readonly number[];
  readonly pack_voltage_v: WireColumn;
  readonly current_a: WireColumn;
  readonly battery_power_w: WireColumn;
  readonly battery_temperature_c: WireColumn;
  readonly pv_w: WireColumn;
  readonly load_w: WireColumn;
  readonly grid_w: WireColumn;
  readonly clear_sky_w: WireColumn;
  readonly charge_stage: string;
  readonly sunny: string;
  readonly loads: readonly {
    readonly id: string;
    readonly kind: LoadKind;
    readonly state: string;
    readonly power_w: WireColumn;
    readonly inside_measured_load: boolean;
  }[];
  readonly zones: readonly { readonly id: string; readonly temperature_c: WireColumn }[];
}

export interface ParsedPast {
  readonly history: ReplayHistory;
  /** The settings as they stand. */
  readonly config: KernelConfig;
}

const ZERO = '0'.charCodeAt(0);

/** The past as the kernel's replay reads it; runs where the browser does. */
export function parseReplayPast(text: string): ParsedPast {
  const wire = JSON.parse(text) as WireReplayPast;
  const from = Date.parse(wire.from);
  const at = Float64Array.from(wire.at, (ms) => from + ms);
  return {
    config: fromSnakeCase(wire.config) as KernelConfig,
    history: {
      tickSeconds: wire.tick_seconds,
      at,
      utcOffsetMinutes: offsetsOf(at, wire.time_zone),
      packVoltageV: column(wire.pack_voltage_v),
      currentA: column(wire.current_a),
      batteryW: column(wire.battery_power_w),
      batteryTemperatureC: column(wire.battery_temperature_c),
      pvW: column(wire.pv_w),
      loadW: column(wire.load_w),
      gridW: column(wire.grid_w),
      clearSkyW: column(wire.clear_sky_w),
      chargeStage: digits(wire.charge_stage, CHARGE_STAGES.length, CHARGE_STAGES.indexOf('unknown')),
      sunny: digits(wire.sunny, SUNNY.length, SUNNY.indexOf('unknown')),
      loads: Object.fromEntries(
        wire.loads.map(({ id, kind, state, power_w, inside_measured_load }): [string, LoadHistory] => [
          id,
          {
            kind,
            state: digits(state, LOAD_STATES.length, NOT_SEEN),
            powerW: column(power_w),
            insideMeasuredLoad: inside_measured_load,
          },
        ]),
      ),
      zones: Object.fromEntries(wire.zones.map(({ id, temperature_c }) => [id, column(temperature_c)])),
      comparableFrom: wire.comparable_from === null ? null : Date.parse(wire.comparable_from),
    },
  };
}

function column(values: WireColumn): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}

function digits(text: string, count: number, otherwise: number): Uint8Array {
  return Uint8Array.from(text, (digit) => {
    const value = digit.charCodeAt(0) - ZERO;
    return value >= 0 && value < count ? value : otherwise;
  });
}
