import { MINUTE_MS } from '../units';
import { believedTemperature } from './believe';
import { heldMs, type Invariant } from './invariant';
import type { WatchedLoad, WatchedTick } from './watch';

const RAMP_LIMIT_MS = 10 * MINUTE_MS;
const STARTS_PER_DAY = 12;
const IMPORT_W = 100;
const IMPORT_MS = 30_000;
const DISPLACED_MS = 30 * MINUTE_MS;
/** The largest correction that compensation may make, V (control.md §1). */
const LARGEST_CORRECTION_V = 1.5;

/** Whether something at this tick lets a load be stopped inside its minimum on-time. */
function mayStopEarly(tick: WatchedTick, load: WatchedLoad): boolean {
  const { config, believed, frozen } = tick;
  const { preferences } = config;
  if (config.controlMode === 'paused' || load.override?.state === 'off') return true;
  if (!load.enabled && load.override === null) return true;
  const { voltageV } = believed;
  if (voltageV === null || frozen) return true;
  const slackV = preferences.sagCompensation === 'off' ? 0 : LARGEST_CORRECTION_V;
  const emergencyV = load.miner?.emergencyStopVoltage ?? 0;
  if (voltageV <= Math.max(preferences.voltageCriticalLow, emergencyV)) return true;
  if (voltageV - slackV <= preferences.voltageLow) return true;
  if (load.miner !== null && voltageV - slackV < load.miner.stopVoltage) return true;
  if (load.zone === null) return false;
  const zoneC = believedTemperature(tick.snapshot.zones[load.zone.id]?.temperatureC ?? null, config);
  if (load.miner !== null) {
    return zoneC !== null && load.zone.tempTooHot !== null && zoneC >= load.zone.tempTooHot;
  }
  // A heater: warm enough or nobody knows (I12), or a frozen bank that gives instead of resting.
  const { tempColdOk, tempTooCold } = load.zone;
  const coldOkC = tempColdOk ?? (tempTooCold === null ? null : tempTooCold + 2);
  return zoneC === null || (coldOkC !== null && zoneC >= coldOkC) || !tick.result.chargePermission.permitted;
}

export const I3: Invariant = {
  name: 'I3',
  sentence:
    'Nothing changes inside its minimum on or off time, but for protection stops and the owner’s off.',
  check(tick) {
    for (const load of tick.loads) {
      const { id, onForMs, offForMs, minimumOnMs, minimumOffMs } = load;
      if (load.starts && offForMs !== null && offForMs < minimumOffMs) {
        return `${id} starts after ${offForMs / 1000} s off of ${minimumOffMs / 1000} s`;
      }
      const stops = load.on && load.decision.desired === 'off' && !load.stopping;
      if (stops && onForMs !== null && onForMs < minimumOnMs && !mayStopEarly(tick, load)) {
        return `${id} is stopped (${load.decision.binding}) after ${onForMs / 1000} s on of ${minimumOnMs / 1000} s`;
      }
    }
    return null;
  },
};

export const I7: Invariant = {
  name: 'I7',
  sentence: 'At most one start per stagger window, and twelve per load in 24 h.',
  check(tick) {
    const { pvW, loadW } = tick.snapshot.power;
    const sampledAt = Math.min(
      pvW?.sampleAt ?? Number.NEGATIVE_INFINITY,
      loadW?.sampleAt ?? Number.NEGATIVE_INFINITY,
    );
    const started = tick.loads.filter((load) => load.starts);
    if (started.length > 1) return `${started.map((load) => load.id).join(' and ')} start at once`;
    const [load] = started;
    if (load === undefined) return null;
    if (load.startsBefore >= STARTS_PER_DAY)
      return `${load.id} starts for the ${load.startsBefore + 1}th time in 24 h`;
    for (const other of tick.loads) {
      if (other === load) continue;
      if (other.pending) return `${load.id} starts while ${other.id} is starting`;
      const ramps =
        other.state === 'ramping' && other.measuredW === null && (other.onForMs ?? 0) < RAMP_LIMIT_MS;
      if (ramps) return `${load.id} starts while ${other.id} ramps`;
      if (other.seenOnAt !== null && other.seenOnAt >= sampledAt) {
        return `${load.id} starts on powers sampled before ${other.id} was seen on`;
      }
    }
    return null;
  },
};

/** How long more than 100 W have been imported without a gap, ms. */
export function importingMs(tick: WatchedTick, marks: Record<string, number>): number {
  const { gridW } = tick.believed;
  return heldMs(marks, 'import', tick.clock, gridW !== null && gridW > IMPORT_W) ?? 0;
}

export const I11: Invariant = {
  name: 'I11',
  sentence: 'Nothing starts while importing, unless that is allowed.',
  check(tick, marks) {
    const heldFor = importingMs(tick, marks);
    if (heldFor < IMPORT_MS || tick.config.preferences.gridImportAllowed) return null;
    const started = tick.loads.find((load) => load.starts);
    return started === undefined
      ? null
      : `${started.id} starts while ${tick.believed.gridW} W are imported for ${heldFor / 1000} s`;
  },
};

export const I15: Invariant = {
  name: 'I15',
  sentence: 'A displaced pair switches at most once per 30 min.',
  check(tick, marks) {
    let found: string | null = null;
    for (const load of tick.loads) {
      const displacedAt = marks[load.id];
      const recent = displacedAt !== undefined && tick.clock - displacedAt < DISPLACED_MS;
      if (recent && load.starts && load.override === null) {
        found ??= `${load.id} starts ${(tick.clock - displacedAt) / 1000} s after it was displaced`;
      }
      const { verdict, binding, desired } = load.decision;
      const displaced = load.on && verdict === 'STOP' && binding === 'displaced' && desired === 'off';
      if (!displaced || load.stopping) continue;
      if (recent)
        found ??= `${load.id} is displaced again after ${(tick.clock - (displacedAt ?? 0)) / 1000} s`;
      else marks[load.id] = tick.clock;
    }
    return found;
  },
};

export const I16: Invariant = {
  name: 'I16',
  sentence: 'The same input gives the same output, bit for bit.',
  check(tick) {
    const at = tick.again === null ? null : difference(tick.result, tick.again, 'result');
    return at === null ? null : `decided twice, ${at} differs`;
  },
};

/** Not a row of §8 but of §1; kept beside them because it is judged the same way. */
export const REPEATED: Invariant = {
  name: '§1',
  sentence: 'A repeated tick changes nothing.',
  check(tick) {
    const { repeated, result } = tick;
    if (repeated === null) return null;
    const at =
      difference(result.decisions, repeated.decisions, 'decisions') ??
      difference(result.memory, repeated.memory, 'memory');
    return at === null ? null : `repeated, ${at} differs`;
  },
};

/** The path at which two plain values differ (−0 is not 0, nothing is not undefined), or null. */
function difference(a: unknown, b: unknown, path: string): string | null {
  if (Object.is(a, b)) return null;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return path;
  if (Array.isArray(a) !== Array.isArray(b)) return path;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return path;
  for (const key of keys) {
    if (!(key in right)) return `${path}.${key}`;
    const at = difference(left[key], right[key], `${path}.${key}`);
    if (at !== null) return at;
  }
  return null;
}
