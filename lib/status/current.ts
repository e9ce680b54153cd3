import type { ControlMode } from '@/lib/core/types';
import type { StatusReading, StatusTick } from './types';

/** The newest tick as it stands at `now`: no age in it is the age at the tick any more. */
export interface CurrentStatus extends StatusTick {
  /** Since the tick, milliseconds. */
  readonly ageMs: number;
  /** The worker gave a sign of life lately; without it nothing here is about now. */
  readonly workerAlive: boolean;
  readonly workerHeartbeatAt: number | null;
  /** Nothing is recorded because the disk with the data has no room. */
  readonly diskFull: boolean;
  /** When and by whom the control mode was chosen. */
  readonly modeSince: number | null;
  readonly modeBy: string | null;
}

export interface StoredStatus {
  readonly tick: StatusTick;
  /** The mode stored now, which the next tick will follow. */
  readonly controlMode: ControlMode;
  readonly workerHeartbeatAt: number | null;
  readonly modeSince: number | null;
  readonly modeBy: string | null;
  /** Room on the disk with the data, bytes; null = not known, and not asked for while the worker is alive. */
  readonly freeBytes: number | null;
}

/** With less the database cannot write its next row. */
const FULL_BYTES = 16 * 1024 * 1024;
const MISSED_TICKS_ALLOWED = 3;
const SHORTEST_SILENCE_MS = 30_000;

/** How long a worker with this tick may say nothing before it counts as silent, ms. */
export function silenceLimitMs(tickSeconds: number): number {
  return Math.max(SHORTEST_SILENCE_MS, MISSED_TICKS_ALLOWED * tickSeconds * 1000);
}

function spell(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 2) return `${Math.floor(ms / 1000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

/** Whether something that was stamped at `at` is of lately: by a clock put back since, it seems to come from the future. */
const isLately = (at: number, now: number, limitMs: number): boolean => Math.abs(now - at) <= limitMs;

/** Whether a worker with this tick that gave its last sign of life at `heartbeatAt` (null: none) can be taken for alive. */
export const isWorkerAlive = (heartbeatAt: number | null, tickSeconds: number, now: number): boolean =>
  heartbeatAt !== null && isLately(heartbeatAt, now, silenceLimitMs(tickSeconds));

const silence = (ageMs: number): string => `no decision for ${spell(ageMs)}`;

/** A sentence of a status that was `ageMs` old when it was told, as it reads `laterMs` after that. */
export const toldLater = (sentence: string, ageMs: number, laterMs: number): string =>
  sentence.replace(silence(ageMs), silence(ageMs + laterMs));

/** Ages every measurement to `now` and marks what an old tick says as the past. */
export function statusAt(stored: StoredStatus, now: number): CurrentStatus {
  const { tick } = stored;
  const elapsed = Math.max(0, now - tick.at);
  const older = <Age extends number | null>(age: Age) => (age === null ? age : age + elapsed) as Age;
  const reading = (value: StatusReading): StatusReading => ({ ...value, ageMs: older(value.ageMs) });
  const limit = silenceLimitMs(tick.tickSeconds);
  const isPast = !isLately(tick.at, now, limit);
  const tell = (sentence: string) =>
    isPast ? `Not known now: ${silence(Math.abs(now - tick.at))}. The last one: ${sentence}` : sentence;
  const { readings } = tick;
  const workerAlive = isWorkerAlive(stored.workerHeartbeatAt, tick.tickSeconds, now);

  return {
    ...tick,
    controlMode: stored.controlMode,
    ageMs: elapsed,
    workerAlive,
    workerHeartbeatAt: stored.workerHeartbeatAt,
    diskFull: !workerAlive && stored.freeBytes !== null && stored.freeBytes < FULL_BYTES,
    modeSince: stored.modeSince,
    modeBy: stored.modeBy,
    readings: {
      ...readings,
      packVoltageV: reading(readings.packVoltageV),
      currentA: reading(readings.currentA),
      batteryPowerW: reading(readings.batteryPowerW),
      batteryTemperatureC: reading(readings.batteryTemperatureC),
      reportedSocPct: reading(readings.reportedSocPct),
      pvW: reading(readings.pvW),
      loadW: reading(readings.loadW),
      gridW: reading(readings.gridW),
    },
    battery: { ...tick.battery, rawAgeMs: older(tick.battery.rawAgeMs), stale: tick.battery.stale || isPast },
    loads: tick.loads.map((load) => ({
      ...load,
      powerAgeMs: older(load.powerAgeMs),
      explanation: {
        ...load.explanation,
        sentence: tell(load.explanation.sentence),
        gates: load.explanation.gates.map((gate) => ({ ...gate, ageMs: older(gate.ageMs) })),
      },
    })),
    zones: tick.zones.map((zone) => ({ ...zone, ageMs: older(zone.ageMs), sentence: tell(zone.sentence) })),
    summary: tell(tick.summary),
  };
}
