import { CHARGE_STAGES, LOAD_STATES, type MaybeReading, type Snapshot } from '../types';
import { MINUTE_MS } from '../units';
import { type LoadHistory, NOT_SEEN, type ReplayHistory, SUNNY } from './types';

/** The columns of snapshots at a constant tick, in their order. */
export function historyOf(snapshots: readonly Snapshot[], comparableFrom: number | null): ReplayHistory {
  const column = (of: (snapshot: Snapshot) => number | null | undefined): Float64Array =>
    Float64Array.from(snapshots, (snapshot) => of(snapshot) ?? Number.NaN);
  const reading = (of: (snapshot: Snapshot) => MaybeReading | undefined): Float64Array =>
    column((snapshot) => of(snapshot)?.value);
  const loadIds = new Set(snapshots.flatMap(({ loads }) => Object.keys(loads)));
  const zoneIds = new Set(snapshots.flatMap(({ zones }) => Object.keys(zones)));
  return {
    tickSeconds: snapshots[0]?.tickSeconds ?? 60,
    at: column(({ now }) => now),
    utcOffsetMinutes: column(utcOffsetMinutes),
    packVoltageV: reading(({ battery }) => battery.packVoltageV),
    currentA: reading(({ battery }) => battery.currentA),
    batteryW: reading(({ battery }) => battery.powerW),
    batteryTemperatureC: reading(({ battery }) => battery.temperatureC),
    pvW: reading(({ power }) => power.pvW),
    loadW: reading(({ power }) => power.loadW),
    gridW: reading(({ power }) => power.gridW),
    clearSkyW: column(({ sky }) => sky.clearSkyW),
    chargeStage: Uint8Array.from(snapshots, ({ battery }) => CHARGE_STAGES.indexOf(battery.chargeStage)),
    sunny: Uint8Array.from(snapshots, ({ sky }) => SUNNY.indexOf(sky.sunny)),
    loads: Object.fromEntries([...loadIds].map((id) => [id, loadHistory(snapshots, id)])),
    zones: Object.fromEntries(
      [...zoneIds].map((id) => [id, reading(({ zones }) => zones[id]?.temperatureC)]),
    ),
    comparableFrom,
  };
}

function loadHistory(snapshots: readonly Snapshot[], id: string): LoadHistory {
  const last = snapshots.findLast(({ loads }) => loads[id] !== undefined)?.loads[id];
  return {
    kind: last?.kind ?? 'miner',
    state: Uint8Array.from(snapshots, ({ loads }) => {
      const state = loads[id]?.state;
      return state === undefined ? NOT_SEEN : LOAD_STATES.indexOf(state);
    }),
    powerW: Float64Array.from(snapshots, ({ loads }) => loads[id]?.powerW?.value ?? Number.NaN),
    insideMeasuredLoad: last?.insideMeasuredLoad ?? true,
  };
}

/** Local time less UTC: the nearest that the local date and minute allow. */
function utcOffsetMinutes({ now, localDate, localMinute }: Snapshot): number {
  const local = Date.parse(`${localDate}T00:00:00Z`) / MINUTE_MS + localMinute;
  return local - Math.floor(now / MINUTE_MS);
}
