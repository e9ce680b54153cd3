import type { KernelMemory, LoadMemory, ZoneMemory } from './memory';

/** Field by field: several times as fast as spreading, and this runs for every load at every tick. */
export function copyLoadMemory(load: LoadMemory): LoadMemory {
  return {
    id: load.id,
    state: load.state,
    onSince: load.onSince,
    offSince: load.offSince,
    ours: load.ours,
    pendingSince: load.pendingSince,
    settledSince: load.settledSince,
    settledAt: load.settledAt,
    notReached: load.notReached,
    notStarted: load.notStarted,
    learnedW: load.learnedW,
    holdSince: load.holdSince,
    gapSince: load.gapSince,
    runtimeMs: load.runtimeMs,
    starts: load.starts,
    stopSince: load.stopSince,
    stopGate: load.stopGate,
    stopEmergency: load.stopEmergency,
    emergencySamples: load.emergencySamples,
    lockSince: load.lockSince,
    stopVoltageSince: load.stopVoltageSince,
    excessSince: load.excessSince,
    importStopSince: load.importStopSince,
    deficit: load.deficit,
    heatSince: load.heatSince,
    heatStopped: load.heatStopped,
    displacedSince: load.displacedSince,
    displacedBy: load.displacedBy,
    probe: load.probe,
    probeSince: load.probeSince,
    provenSince: load.provenSince,
    backoffMs: load.backoffMs,
    backoffSince: load.backoffSince,
    drainSince: load.drainSince,
  };
}

export function copyZoneMemory(zone: ZoneMemory): ZoneMemory {
  return {
    id: zone.id,
    cooling: zone.cooling,
    fanSpeed: zone.fanSpeed,
    fanChangedSince: zone.fanChangedSince,
    heating: zone.heating,
    source: zone.source,
    blockedSince: zone.blockedSince,
    hardBlockedSince: zone.hardBlockedSince,
    chargeBlocked: zone.chargeBlocked,
    blockedUnknown: zone.blockedUnknown,
    temperatureMissingSince: zone.temperatureMissingSince,
  };
}

/** The same for the root; loads and zones are filled in by the tick. */
export function copyRootMemory(memory: KernelMemory): KernelMemory {
  return {
    schemaVersion: memory.schemaVersion,
    now: memory.now,
    clockMs: memory.clockMs,
    localDate: memory.localDate,
    latched: memory.latched,
    releaseSince: memory.releaseSince,
    low: memory.low,
    lowFirstSampleAt: memory.lowFirstSampleAt,
    voltageSampleAt: memory.voltageSampleAt,
    goodVoltageV: memory.goodVoltageV,
    goodVoltageSince: memory.goodVoltageSince,
    frozenV: memory.frozenV,
    frozenVSince: memory.frozenVSince,
    currentMinA: memory.currentMinA,
    currentMaxA: memory.currentMaxA,
    frozenA: memory.frozenA,
    frozenASince: memory.frozenASince,
    voltageMinV: memory.voltageMinV,
    voltageMaxV: memory.voltageMaxV,
    voltageStepV: memory.voltageStepV,
    importSince: memory.importSince,
    gridMissingSince: memory.gridMissingSince,
    surplusMissingSince: memory.surplusMissingSince,
    takenWms: memory.takenWms,
    tailSince: memory.tailSince,
    coldBlocked: memory.coldBlocked,
    settledAt: memory.settledAt,
    loads: [],
    zones: [],
  };
}
