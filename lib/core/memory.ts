import type { GateName, LoadState, Memory } from './types';

/** Raised whenever the meaning of a stored field changes; older memories are then started afresh. */
export const MEMORY_SCHEMA_VERSION = 1;

/** "Not running": every stamp is a kernel time, and those are never negative. */
export const NONE = -1;

/** A downtime longer than this breaks what must be held without a gap (control.md §4). */
const HOLD_GAP_MS = 30_000;

/**
 * All "since" fields are stamps of the kernel's own clock (`clockMs`): epoch ms at birth, advanced by at most
 * three ticks per tick, so that neither a clock jump nor a missed hour starts or releases anything.
 */
export interface KernelMemory extends Memory {
  readonly schemaVersion: typeof MEMORY_SCHEMA_VERSION;
  /** `Snapshot.now` of the last tick. */
  now: number;
  clockMs: number;
  /** Owner's local date of the last tick that moved forward; '' before the first. */
  localDate: string;

  /** Null: not known yet whether the bank was low; as if latched until it is seen at voltage_restart. */
  latched: boolean | null;
  releaseSince: number;
  low: boolean;
  /** `sampleAt` of the first reading at or below voltage_low in a row. */
  lowFirstSampleAt: number;

  /** `sampleAt` of the newest voltage that was judged. */
  voltageSampleAt: number;
  /** Newest good voltage, V; null before the first. */
  goodVoltageV: number | null;
  /** When it was sampled, in kernel time; before the first: since when it has been awaited. */
  goodVoltageSince: number;

  /** Frozen sensors: last distinct value, since when, and how far the other reading went meanwhile. */
  frozenV: number | null;
  frozenVSince: number;
  currentMinA: number;
  currentMaxA: number;
  frozenA: number | null;
  frozenASince: number;
  voltageMinV: number;
  voltageMaxV: number;
  /** Smallest change of voltage ever seen, V: the sensor's step. */
  voltageStepV: number;

  importSince: number;
  gridMissingSince: number;
  surplusMissingSince: number;
  /** Energy that miners took from the bank since it was last full, W·ms (whole numbers add up exactly). */
  takenWms: number;
  tailSince: number;
  /** What the bank gave to all but the miners since local midnight, W·ms. */
  houseTodayWms: number;
  /** What it must be able to give them until it is full again: a day's, as `followHouseNeed` remembers it, W·ms. */
  houseNeedWms: number;
  /** What the bank holds, counted since it ran low, W·ms; NONE = it has been full since, or never low. */
  storedWms: number;
  /** Local midnights since it was last full, or since it is known. */
  nightsSinceFull: number;

  /** LiFePO4 below 0 °C where no zone names a limit. */
  coldBlocked: boolean;
  /** Since when the battery temperature that would end that block is missing. */
  coldMissingSince: number;

  /** Epoch ms when the newest load to start had settled. */
  settledAt: number;

  /** In the order of service. */
  loads: LoadMemory[];
  /** In the order of their names. */
  zones: ZoneMemory[];
}

export interface LoadMemory {
  readonly id: string;
  state: LoadState | '';
  onSince: number;
  offSince: number;
  /** We started it; on without us is someone else's doing. */
  ours: boolean;
  /** A start was sent and it has not been observed on yet. */
  pendingSince: number;
  /** That start was sent before a restart: it is awaited, not sent again. */
  sentBefore: boolean;
  /** It has stopped ramping since. */
  settledSince: number;
  /** Epoch ms of the same. */
  settledAt: number;
  /** It ramped for ten minutes without reaching its draw. */
  notReached: boolean;
  /** A start was not followed within ten minutes. */
  notStarted: boolean;
  /** How long it is left alone after that, and since when. */
  failedMs: number;
  failedSince: number;
  /** What it draws where that is well below its rating, W. */
  learnedW: number;

  holdSince: number;
  gapSince: number;
  runtimeMs: number;
  /** Stamps of the starts of the last 24 h. Never changed in place. */
  starts: readonly number[];

  /** A stop was sent; it stays until the load is observed off. */
  stopSince: number;
  stopGate: GateName | null;
  stopEmergency: boolean;

  /** Readings in a row at or below its emergency voltage, at most two. */
  emergencySamples: number;
  /** Last time an emergency stop applied to it. */
  lockSince: number;
  stopVoltageSince: number;
  excessSince: number;
  importStopSince: number;
  /** Budget deficit, tenths of W·ms. */
  deficit: number;
  heatSince: number;
  heatStopped: boolean;
  displacedSince: number;
  displacedBy: string;

  probe: boolean;
  probeSince: number;
  /** The measured surplus has explained its run since. */
  provenSince: number;
  backoffMs: number;
  backoffSince: number;
  /** A heater that runs on sun alone: since when the bank gives over a tenth of its draw. */
  drainSince: number;
}

export interface ZoneMemory {
  readonly id: string;
  cooling: boolean;
  /** Since when its temperature is not known and no miner runs in it. */
  idleUnseenSince: number;
  fanSpeed: number;
  fanChangedSince: number;
  heating: boolean;
  /** Which of the two heating priorities serves the request. */
  source: 1 | 2;
  blockedSince: number;
  hardBlockedSince: number;
  /** A miner heats it on the zone's sun, and since when that is missing. */
  heatsOnSun: boolean;
  dimSince: number;
  chargeBlocked: boolean;
  /** The block stands because what it depends on is not known. */
  blockedUnknown: boolean;
  /** Its own temperature, and the battery's, were too cold for charging when last known. */
  zoneCold: boolean;
  batteryCold: boolean;
  temperatureMissingSince: number;
  /** Last time its fan was held off by SHUTDOWN. */
  fanShutSince: number;
}

/** Memory of a kernel that has seen nothing yet. `now` is epoch ms. */
export function initialMemory(now: number): KernelMemory {
  return {
    schemaVersion: MEMORY_SCHEMA_VERSION,
    now,
    clockMs: now,
    localDate: '',
    latched: null,
    releaseSince: NONE,
    low: false,
    lowFirstSampleAt: NONE,
    voltageSampleAt: NONE,
    goodVoltageV: null,
    goodVoltageSince: NONE,
    frozenV: null,
    frozenVSince: NONE,
    currentMinA: 0,
    currentMaxA: 0,
    frozenA: null,
    frozenASince: NONE,
    voltageMinV: 0,
    voltageMaxV: 0,
    voltageStepV: 0,
    importSince: NONE,
    gridMissingSince: NONE,
    surplusMissingSince: NONE,
    takenWms: 0,
    tailSince: NONE,
    houseTodayWms: 0,
    houseNeedWms: 0,
    storedWms: NONE,
    nightsSinceFull: 0,
    coldBlocked: false,
    coldMissingSince: NONE,
    settledAt: NONE,
    loads: [],
    zones: [],
  };
}

export function initialLoadMemory(id: string): LoadMemory {
  return {
    id,
    state: '',
    onSince: NONE,
    offSince: NONE,
    ours: false,
    pendingSince: NONE,
    sentBefore: false,
    settledSince: NONE,
    settledAt: NONE,
    notReached: false,
    notStarted: false,
    failedMs: 0,
    failedSince: NONE,
    learnedW: NONE,
    holdSince: NONE,
    gapSince: NONE,
    runtimeMs: 0,
    starts: [],
    stopSince: NONE,
    stopGate: null,
    stopEmergency: false,
    emergencySamples: 0,
    lockSince: NONE,
    stopVoltageSince: NONE,
    excessSince: NONE,
    importStopSince: NONE,
    deficit: 0,
    heatSince: NONE,
    heatStopped: false,
    displacedSince: NONE,
    displacedBy: '',
    probe: false,
    probeSince: NONE,
    provenSince: NONE,
    backoffMs: 0,
    backoffSince: NONE,
    drainSince: NONE,
  };
}

export function initialZoneMemory(id: string): ZoneMemory {
  return {
    id,
    cooling: false,
    idleUnseenSince: NONE,
    fanSpeed: 0,
    fanChangedSince: NONE,
    heating: false,
    source: 1,
    blockedSince: NONE,
    hardBlockedSince: NONE,
    heatsOnSun: false,
    dimSince: NONE,
    chargeBlocked: false,
    blockedUnknown: false,
    zoneCold: false,
    batteryCold: false,
    temperatureMissingSince: NONE,
    fanShutSince: NONE,
  };
}

/** The kernel's own view of a memory it made; anything else is restored first. */
export function asKernelMemory(memory: Memory): KernelMemory {
  if (memory.schemaVersion !== MEMORY_SCHEMA_VERSION) {
    throw new RangeError(
      `memory has schema version ${memory.schemaVersion}, this kernel reads ${MEMORY_SCHEMA_VERSION}: pass it through restoreMemory`,
    );
  }
  return memory as KernelMemory;
}

/**
 * Continues from a stored memory. An unknown version or shape gives a fresh one, missing fields their first
 * value. Downtime counts towards the minimum off-time and nothing else; after more than 30 s of it, what must
 * be held without a gap begins anew.
 */
export function restoreMemory(stored: unknown, now: number): KernelMemory {
  const fresh = initialMemory(now);
  if (!isRecord(stored) || stored.schemaVersion !== MEMORY_SCHEMA_VERSION) return fresh;
  if (!isStamp(stored.now) || !isStamp(stored.clockMs)) return fresh;

  const memory = filled(fresh, stored);
  const downtimeMs = Math.max(0, now - stored.now);
  const interrupted = downtimeMs > HOLD_GAP_MS;
  memory.now = now;
  memory.loads = [];
  memory.zones = [];
  // The age of a reading, not a timer: it only ever stops something.
  if (memory.goodVoltageSince !== NONE) memory.goodVoltageSince -= downtimeMs;
  if (interrupted) memory.releaseSince = NONE;
  for (const value of listOf(stored.loads)) {
    const load = filled(initialLoadMemory(value.id), value);
    load.starts = Array.isArray(value.starts) ? value.starts.filter(isStamp) : [];
    if (load.offSince !== NONE) load.offSince -= downtimeMs;
    // What comes now is another tick than the one that sent it, even at the same moment.
    if (load.pendingSince === memory.clockMs) load.pendingSince -= 1;
    if (interrupted) {
      load.gapSince = NONE;
      // A start under way stays ours; its hold was met when it was sent.
      if (load.pendingSince === NONE) load.holdSince = NONE;
      else load.sentBefore = true;
    }
    memory.loads.push(load);
  }
  for (const value of listOf(stored.zones)) {
    const zone = filled(initialZoneMemory(value.id), value);
    if (zone.source !== 1 && zone.source !== 2) zone.source = 1;
    memory.zones.push(zone);
  }
  return memory;
}

/**
 * Takes back starts that were decided and never sent, because the control ended between the two: they are not awaited.
 * Among the day's starts they stay, for whoever counts those from outside.
 */
export function forgetUnsentStarts(memory: Memory, loadIds: readonly string[]): Memory {
  if (loadIds.length === 0) return memory;
  const kernel = asKernelMemory(memory);
  const loads = kernel.loads.map((load) => {
    if (!loadIds.includes(load.id) || load.pendingSince === NONE) return load;
    return {
      ...load,
      pendingSince: NONE,
      sentBefore: false,
      holdSince: NONE,
      probe: false,
      probeSince: NONE,
    };
  });
  return { ...kernel, loads };
}

/** `defaults`, with every stored field of the same kind; nullable numbers accept a number or null. */
function filled<T extends object>(defaults: T, stored: Record<string, unknown>): T {
  const result = { ...defaults } as Record<string, unknown>;
  for (const key of Object.keys(defaults)) {
    const first = result[key];
    const value = stored[key];
    const nullable = first === null && (value === null || typeof value !== 'object');
    const same = typeof value === typeof first && (typeof value !== 'number' || Number.isFinite(value));
    if (value !== undefined && (nullable || same)) result[key] = value;
  }
  return result as T;
}

/** The entries that have an id; anything else is dropped. */
function listOf(value: unknown): (Record<string, unknown> & { id: string })[] {
  if (!Array.isArray(value)) return [];
  return value.filter((entry): entry is Record<string, unknown> & { id: string } => {
    return isRecord(entry) && typeof entry.id === 'string';
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStamp(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
