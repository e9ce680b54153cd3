import { fanLoadId, heaterLoadId, minerLoadId } from '../loads';
import type {
  DecideResult,
  Decision,
  HvacZone,
  KernelConfig,
  LoadObservation,
  LoadState,
  MinerProfile,
  Override,
  Snapshot,
} from '../types';
import { DAY_MS, MINUTE_MS } from '../units';
import { type Believed, believe, believedDrawW } from './believe';

/** One decided tick as whoever watches the kernel gets it. */
export interface TickRecord {
  readonly snapshot: Snapshot;
  readonly config: KernelConfig;
  readonly result: DecideResult;
  /** The kernel continued from a stored memory: the time since the last tick was downtime. */
  readonly restarted: boolean;
  /** The same input decided a second time, where somebody took the trouble. */
  readonly again: DecideResult | null;
  /** The same snapshot with the memory of `result`: a repeated tick. */
  readonly repeated: DecideResult | null;
}

/** A tick with all that can be told about it from outside. */
export interface WatchedTick extends TickRecord {
  /** Own clock, ms: every tick counts at most three (control.md §1). */
  readonly clock: number;
  readonly dt: number;
  readonly believed: Believed;
  /** The voltage has stood still for so long that the kernel may rightly call it frozen, and does. */
  readonly frozen: boolean;
  /** Miners and heaters, in the order of service. */
  readonly loads: readonly WatchedLoad[];
}

export interface WatchedLoad {
  readonly id: string;
  readonly decision: Decision;
  readonly seen: LoadObservation | null;
  readonly state: LoadState;
  /** On or ramping. */
  readonly on: boolean;
  /** On, ramping or unknown: draws power or may. */
  readonly live: boolean;
  readonly miner: MinerProfile | null;
  readonly zone: HvacZone | null;
  /** The override in force now. */
  readonly override: Override | null;
  readonly enabled: boolean;
  /** Switching is really carried out. */
  readonly acts: boolean;
  readonly ratedW: number;
  readonly measuredW: number | null;
  /** max(rating, measured). */
  readonly drawW: number;
  readonly minimumOnMs: number;
  readonly minimumOffMs: number;
  readonly stopDelayMs: number;
  /** Since first sight of it on or unknown; null while off. */
  readonly onForMs: number | null;
  readonly offForMs: number | null;
  /** Epoch ms of the first sight of it on. */
  readonly seenOnAt: number | null;
  /** An "on" is sent to a load that is off. */
  readonly sendsOn: boolean;
  /** The same, and it was not pending already. */
  readonly starts: boolean;
  /** A start of it was sent at an earlier tick and has not been observed. */
  readonly pending: boolean;
  /** A stop was sent to it at an earlier tick, at most ten minutes ago. */
  readonly stopping: boolean;
  /** Its starts of the last 24 h, this one aside. */
  readonly startsBefore: number;
}

interface LoadHistory {
  onSince: number | null;
  seenOnAt: number | null;
  offSince: number | null;
  pendingSince: number | null;
  stopSince: number | null;
  starts: number[];
}

/** What the watcher keeps: plain data. */
export interface WatchHistory {
  lastNow: number | null;
  clock: number;
  loads: Record<string, LoadHistory>;
  voltageV: number | null;
  voltageSince: number;
}

export function newWatchHistory(): WatchHistory {
  return { lastNow: null, clock: 0, loads: {}, voltageV: null, voltageSince: 0 };
}

/** A command that is not followed within this time is no longer under way. */
const PENDING_MS = 10 * MINUTE_MS;
const FROZEN_MS = 10 * MINUTE_MS;
const HEATER_MINIMUM_MS = 5 * MINUTE_MS;
const HEATER_STOP_DELAY_MS = 2 * MINUTE_MS;

/** Brings the history up to this tick and tells what is to be seen of it. */
export function watch(history: WatchHistory, record: TickRecord): WatchedTick {
  const { snapshot, config, result } = record;
  const elapsedMs = history.lastNow === null ? 0 : snapshot.now - history.lastNow;
  if (record.restarted) countDowntime(history, Math.max(0, elapsedMs));
  const dt = record.restarted ? 0 : Math.min(Math.max(elapsedMs, 0), 3000 * snapshot.tickSeconds);
  history.clock += dt;
  if (record.restarted && history.lastNow === null) assumePast(history, record);
  forgetRemoved(history, result);
  history.lastNow = snapshot.now;
  const believed = believe(snapshot, config);
  if (believed.voltageV !== null && believed.voltageV !== history.voltageV) {
    history.voltageV = believed.voltageV;
    history.voltageSince = history.clock;
  }
  const loads: WatchedLoad[] = [];
  for (const decision of result.decisions) {
    if (decision.kind !== 'fan') loads.push(watchLoad(history, record, decision));
  }
  return {
    ...record,
    clock: history.clock,
    dt,
    believed,
    frozen: result.battery.stale && history.clock - history.voltageSince >= FROZEN_MS,
    loads,
  };
}

/** The kernel has a past that the watcher has not: what is seen first has been so for as long as may matter. */
function assumePast({ loads, clock }: WatchHistory, { snapshot, result }: TickRecord): void {
  const since = clock - DAY_MS;
  for (const { loadId } of result.decisions) {
    loads[loadId] = {
      ...neverSeen(),
      onSince: since,
      offSince: since,
      seenOnAt: snapshot.now - DAY_MS,
    };
  }
}

/** A load that its owner removed is another one when it is added again, as for the kernel. */
function forgetRemoved({ loads }: WatchHistory, { decisions }: DecideResult): void {
  for (const id of Object.keys(loads)) {
    if (!decisions.some(({ loadId }) => loadId === id)) delete loads[id];
  }
}

function neverSeen(): LoadHistory {
  return { onSince: null, seenOnAt: null, offSince: null, pendingSince: null, stopSince: null, starts: [] };
}

/** Downtime counts towards the minimum off-time and nothing else. */
function countDowntime(history: WatchHistory, downtimeMs: number): void {
  for (const load of Object.values(history.loads)) {
    if (load.offSince !== null) load.offSince -= downtimeMs;
    if (downtimeMs > 30_000) load.pendingSince = null;
  }
}

function watchLoad(history: WatchHistory, record: TickRecord, decision: Decision): WatchedLoad {
  const { snapshot, config } = record;
  const { clock } = history;
  const id = decision.loadId;
  let own = history.loads[id];
  if (own === undefined) {
    own = neverSeen();
    history.loads[id] = own;
  }
  const seen = snapshot.loads[id] ?? null;
  const profile = profileOf(config, id);
  const state = seen?.state ?? (profile.hasDevice ? 'unknown' : 'off');
  const on = state === 'on' || state === 'ramping';
  const live = on || state === 'unknown';
  const wasLive = own.onSince !== null;
  const wasPending = own.pendingSince !== null;

  if (live) {
    own.onSince ??= clock;
    own.offSince = null;
    if (on) own.seenOnAt ??= snapshot.now;
  } else {
    own.offSince ??= clock;
    own.onSince = null;
    own.seenOnAt = null;
  }
  // The clock was set back: what was seen "later" was seen by now.
  if (own.seenOnAt !== null && own.seenOnAt > snapshot.now) own.seenOnAt = snapshot.now;

  const sendsOn = decision.desired === 'on' && state === 'off';
  // "Leave it as it is" recalls nothing: only an off, its sight, or time ends a start that was sent.
  const recalled = live || decision.desired === 'off';
  if (recalled || (own.pendingSince !== null && clock - own.pendingSince >= PENDING_MS)) {
    own.pendingSince = null;
  }
  const pending = own.pendingSince !== null;
  const starts = sendsOn && !pending;
  own.starts = own.starts.filter((at) => clock - at < DAY_MS);
  const startsBefore = own.starts.length;
  if (starts) {
    own.pendingSince = clock;
    own.starts.push(clock);
  }

  const stopping = own.stopSince !== null && own.stopSince < clock && clock - own.stopSince < PENDING_MS;
  const sendsStop =
    (live || wasPending) &&
    decision.desired === 'off' &&
    (decision.verdict === 'STOP' ||
      decision.verdict === 'EMERGENCY_STOP' ||
      decision.verdict === 'OVERRIDDEN');
  // Seen off, a stop is done; one that met a start under way stands, for the start may still be followed.
  const done = starts || (wasLive && !live);
  if (own.stopSince !== null && (done || clock - own.stopSince >= PENDING_MS)) own.stopSince = null;
  if (sendsStop) own.stopSince ??= clock;

  const measuredW = on && seen !== null ? believedDrawW(seen.powerW, config) : null;
  return {
    id,
    decision,
    seen,
    state,
    on,
    live,
    ...profile,
    override: overrideOf(config, id, snapshot.now),
    acts: config.controlMode === 'automatic' && seen?.controllable !== false,
    measuredW,
    drawW: Math.max(profile.ratedW, measuredW ?? 0),
    onForMs: own.onSince === null ? null : clock - own.onSince,
    offForMs: own.offSince === null ? null : clock - own.offSince,
    seenOnAt: own.seenOnAt,
    sendsOn,
    starts,
    pending,
    stopping,
    startsBefore,
  };
}

interface Profile {
  readonly miner: MinerProfile | null;
  readonly zone: HvacZone | null;
  readonly enabled: boolean;
  readonly hasDevice: boolean;
  readonly ratedW: number;
  readonly minimumOnMs: number;
  readonly minimumOffMs: number;
  readonly stopDelayMs: number;
}

function profileOf(config: KernelConfig, loadId: string): Profile {
  const miner = config.miners.find((m) => minerLoadId(m.id) === loadId) ?? null;
  if (miner !== null) {
    return {
      miner,
      zone: config.zones.find((z) => z.id === miner.zoneId && z.enabled) ?? null,
      enabled: miner.enabled,
      hasDevice: miner.deviceIdentifier !== null,
      ratedW: miner.powerDrawWatts,
      minimumOnMs: miner.minimumOnMinutes * MINUTE_MS,
      minimumOffMs: miner.minimumOffMinutes * MINUTE_MS,
      stopDelayMs: miner.stopHysteresisMinutes * MINUTE_MS,
    };
  }
  const zone = config.zones.find((z) => heaterLoadId(z.id) === loadId || fanLoadId(z.id) === loadId) ?? null;
  return {
    miner: null,
    zone,
    enabled:
      zone?.enabled === true &&
      zone.heatingEnabled &&
      (zone.heatingPriority1 === 'heater' || zone.heatingPriority2 === 'heater'),
    hasDevice: true,
    ratedW: zone?.heaterPowerWatts ?? 0,
    minimumOnMs: HEATER_MINIMUM_MS,
    minimumOffMs: HEATER_MINIMUM_MS,
    stopDelayMs: HEATER_STOP_DELAY_MS,
  };
}

function overrideOf(config: KernelConfig, loadId: string, now: number): Override | null {
  let found: Override | null = null;
  for (const override of config.overrides) {
    if (override.loadId !== loadId || now < override.startsAt || now >= override.endsAt) continue;
    if (found === null || override.startsAt > found.startsAt) found = override;
  }
  return found;
}
