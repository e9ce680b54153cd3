import { type LiveSite, type SiteSource, sharedSite } from '../site-physics/live-site';
import { Monitor } from '../site-physics/monitor';
import { savedCore } from '../site-physics/saved-state';
import {
  type BatteryMeasurement,
  type Capabilities,
  type Device,
  type DriverContext,
  DriverError,
  type MaybeMeasured,
} from '../types';
import { createWallClock } from '../wall-clock';
import { alignPlayback, type Playback } from './alignment';
import { locateRecording, readRecording } from './file';
import { type RecordingConnection, SHIPPED_RECORDING } from './schema';
import type { Column, Series } from './series';

const POLL_SECONDS = 10;
/** The wall clock home A lived by. */
const SHIPPED_TIME_ZONE = 'Europe/Paris';
/** Meters report down to so little below zero when there is nothing; below that the value is wrong, W. */
const ZERO_NOISE_W = -100;

/**
 * Plays a CSV as a device. Battery columns it lacks come from the simulated battery, which the recorded sun and
 * household then drive. Rejects with a DriverError when the file is missing, outside its folder or malformed.
 */
export async function createRecording(
  key: string,
  connection: RecordingConnection,
  context: DriverContext,
): Promise<Device> {
  const series = await readRecording(await locateRecording(connection.file), connection.file);
  const ourZone = context.site.timeZone;
  const theirZone =
    connection.time_zone ?? (connection.file === SHIPPED_RECORDING ? SHIPPED_TIME_ZONE : ourZone);
  const playback = alignPlayback(series, createWallClock(ourZone), createWallClock(theirZone));
  const player = new Player(playback, connection);
  const battery = batteryPlan(series);
  const model = battery.complete ? null : attachModel(player, connection, context);
  context.log.info(
    { device: key, rows: series.timesMs.length, columns: Object.keys(series.columns) },
    'recording loaded',
  );

  let closed = false;
  const read = async <T>(measure: (nowMs: number) => T): Promise<T> => {
    if (closed) throw new DriverError('unreachable', `${key} is closed.`, false);
    const nowMs = context.now();
    model?.site.advanceTo(nowMs);
    return measure(nowMs);
  };
  const has = (column: Column) => column in series.columns;
  const capabilities: Capabilities = {
    ...(has('pvW') && { pv: { readPvW: () => read((nowMs) => player.power('pvW', nowMs)) } }),
    ...(has('loadW') && { load: { readLoadW: () => read((nowMs) => player.power('loadW', nowMs)) } }),
    ...((battery.recorded || model) && {
      battery: {
        readBattery: () =>
          read((nowMs) => {
            const modelled = model?.monitor.readBattery() ?? null;
            return battery.recorded
              ? mergeBattery(player, series, nowMs, modelled)
              : (modelled ?? UNKNOWN_BATTERY);
          }),
      },
    }),
    ...((has('gridW') || (model && !battery.recorded)) && {
      grid: {
        readGridW: () =>
          read((nowMs) =>
            has('gridW')
              ? player.measure('gridW', nowMs)
              : (model?.monitor.read('gridW', model.site.flow.gridW) ?? null),
          ),
      },
    }),
  };
  return {
    key,
    capabilities,
    simulated: false,
    simulatedRoles: model ? (has('gridW') || battery.recorded ? ['battery'] : ['battery', 'grid']) : [],
    pollSeconds: POLL_SECONDS,
    saveState: () => model?.site.saveCore() ?? null,
    async close() {
      if (closed) return;
      closed = true;
      model?.detach();
    },
  };
}

/** Reads columns as measurements; applies the scale factors. */
class Player {
  constructor(
    private readonly playback: Playback,
    private readonly scales: { readonly pv_scale: number; readonly load_scale: number },
  ) {}

  measure(column: Column, nowMs: number, scale = 1): MaybeMeasured {
    const value = this.playback.read(column, nowMs);
    // The value belongs to this moment: it is read off the line between two rows.
    return value === null ? null : { value: value * scale, sampleAt: Math.floor(nowMs) };
  }

  power(column: 'pvW' | 'loadW', nowMs: number): MaybeMeasured {
    const scale = column === 'pvW' ? this.scales.pv_scale : this.scales.load_scale;
    const measured = this.measure(column, nowMs, scale);
    if (measured === null || measured.value >= 0) return measured;
    return measured.value >= ZERO_NOISE_W ? { ...measured, value: 0 } : null;
  }
}

const UNKNOWN_BATTERY: BatteryMeasurement = {
  packVoltageV: null,
  currentA: null,
  powerW: null,
  temperatureC: null,
  reportedSocPct: null,
  chargeStage: 'unknown',
};

/** Recorded: it has the voltage. Complete: nothing is left to the model. */
function batteryPlan({ columns }: Series): { recorded: boolean; complete: boolean } {
  const recorded = columns.packVoltageV !== undefined;
  const flow = columns.currentA !== undefined || columns.batteryPowerW !== undefined;
  return {
    recorded,
    complete: recorded && flow && columns.socPct !== undefined && columns.temperatureC !== undefined,
  };
}

/** Recorded columns as they are, power and current from each other, the rest from the model. */
function mergeBattery(
  player: Player,
  { columns }: Series,
  nowMs: number,
  modelled: BatteryMeasurement | null,
): BatteryMeasurement {
  const packVoltageV = player.measure('packVoltageV', nowMs);
  const current = player.measure('currentA', nowMs);
  const power = player.measure('batteryPowerW', nowMs);
  const volt = packVoltageV?.value ?? null;
  const derived = (value: number): MaybeMeasured => ({ value, sampleAt: Math.floor(nowMs) });
  const flows = columns.currentA !== undefined || columns.batteryPowerW !== undefined;
  return {
    packVoltageV,
    currentA: flows
      ? (current ?? (power && volt ? derived(power.value / volt) : null))
      : (modelled?.currentA ?? null),
    powerW: flows
      ? (power ?? (current && volt !== null ? derived(current.value * volt) : null))
      : (modelled?.powerW ?? null),
    temperatureC: columns.temperatureC
      ? player.measure('temperatureC', nowMs)
      : (modelled?.temperatureC ?? null),
    reportedSocPct: columns.socPct ? player.measure('socPct', nowMs) : (modelled?.reportedSocPct ?? null),
    chargeStage: 'unknown',
  };
}

interface Model {
  readonly site: LiveSite;
  readonly monitor: Monitor;
  detach(): void;
}

/** Puts the recorded sun and household in the place of the modelled ones; gaps fall back to the model. */
function attachModel(player: Player, connection: RecordingConnection, context: DriverContext): Model {
  const site = sharedSite(context.shared, context.site, context.now());
  site.configure({ grid: connection.grid ? 'both' : 'none', saved: savedCore(context.savedState) });
  const source: SiteSource = {
    givesLoad: true,
    at: (atMs) => ({
      pvW: player.power('pvW', atMs)?.value ?? null,
      houseW: player.power('loadW', atMs)?.value ?? null,
    }),
  };
  site.source = source;
  return {
    site,
    monitor: new Monitor(site, 0),
    detach() {
      if (site.source === source) site.source = null;
    },
  };
}
