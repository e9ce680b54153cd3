import type { KernelMemory, LoadMemory, ZoneMemory } from './memory';
import { copyLoadMemory, copyRootMemory, copyZoneMemory } from './memory-copy';

/**
 * Notices whether a memory that is written in place has changed since it was last looked at, but for what moves with
 * every tick without deciding anything before its own due time: the clocks, `voltageSampleAt`, `goodVoltageSince`,
 * `takenWms`, `houseTodayWms`, `storedWms`, `runtimeMs`, `deficit`, `lockSince`, `fanShutSince`. Field by field: this runs
 * for every load at every tick.
 */
export class MemoryWatch {
  private readonly kept: KernelMemory;

  constructor(private readonly memory: KernelMemory) {
    this.kept = copyRootMemory(memory);
    this.kept.loads = memory.loads.map(copyLoadMemory);
    this.kept.zones = memory.zones.map(copyZoneMemory);
  }

  /** True when anything has changed; from now on what there is now is what was. */
  hasChanged(): boolean {
    const { kept, memory } = this;
    let changed = false;
    if (differs(kept, memory)) {
      follow(kept, memory);
      changed = true;
    }
    for (let i = 0; i < memory.loads.length; i++) {
      const before = kept.loads[i];
      const now = memory.loads[i];
      if (before === undefined || now === undefined || !loadDiffers(before, now)) continue;
      kept.loads[i] = copyLoadMemory(now);
      changed = true;
    }
    for (let i = 0; i < memory.zones.length; i++) {
      const before = kept.zones[i];
      const now = memory.zones[i];
      if (before === undefined || now === undefined || !zoneDiffers(before, now)) continue;
      kept.zones[i] = copyZoneMemory(now);
      changed = true;
    }
    return changed;
  }
}

function differs(a: KernelMemory, b: KernelMemory): boolean {
  return (
    a.localDate !== b.localDate ||
    a.latched !== b.latched ||
    a.releaseSince !== b.releaseSince ||
    a.low !== b.low ||
    a.lowFirstSampleAt !== b.lowFirstSampleAt ||
    a.goodVoltageV !== b.goodVoltageV ||
    a.frozenV !== b.frozenV ||
    a.frozenVSince !== b.frozenVSince ||
    a.currentMinA !== b.currentMinA ||
    a.currentMaxA !== b.currentMaxA ||
    a.frozenA !== b.frozenA ||
    a.frozenASince !== b.frozenASince ||
    a.voltageMinV !== b.voltageMinV ||
    a.voltageMaxV !== b.voltageMaxV ||
    a.voltageStepV !== b.voltageStepV ||
    a.importSince !== b.importSince ||
    a.gridMissingSince !== b.gridMissingSince ||
    a.surplusMissingSince !== b.surplusMissingSince ||
    a.tailSince !== b.tailSince ||
    a.houseNeedWms !== b.houseNeedWms ||
    a.nightsSinceFull !== b.nightsSinceFull ||
    a.coldBlocked !== b.coldBlocked ||
    a.coldMissingSince !== b.coldMissingSince ||
    a.settledAt !== b.settledAt
  );
}

function follow(kept: KernelMemory, now: KernelMemory): void {
  kept.localDate = now.localDate;
  kept.latched = now.latched;
  kept.releaseSince = now.releaseSince;
  kept.low = now.low;
  kept.lowFirstSampleAt = now.lowFirstSampleAt;
  kept.goodVoltageV = now.goodVoltageV;
  kept.frozenV = now.frozenV;
  kept.frozenVSince = now.frozenVSince;
  kept.currentMinA = now.currentMinA;
  kept.currentMaxA = now.currentMaxA;
  kept.frozenA = now.frozenA;
  kept.frozenASince = now.frozenASince;
  kept.voltageMinV = now.voltageMinV;
  kept.voltageMaxV = now.voltageMaxV;
  kept.voltageStepV = now.voltageStepV;
  kept.importSince = now.importSince;
  kept.gridMissingSince = now.gridMissingSince;
  kept.surplusMissingSince = now.surplusMissingSince;
  kept.tailSince = now.tailSince;
  kept.houseNeedWms = now.houseNeedWms;
  kept.nightsSinceFull = now.nightsSinceFull;
  kept.coldBlocked = now.coldBlocked;
  kept.coldMissingSince = now.coldMissingSince;
  kept.settledAt = now.settledAt;
}

function loadDiffers(a: LoadMemory, b: LoadMemory): boolean {
  return (
    a.state !== b.state ||
    a.onSince !== b.onSince ||
    a.offSince !== b.offSince ||
    a.ours !== b.ours ||
    a.pendingSince !== b.pendingSince ||
    a.sentBefore !== b.sentBefore ||
    a.settledSince !== b.settledSince ||
    a.settledAt !== b.settledAt ||
    a.notReached !== b.notReached ||
    a.notStarted !== b.notStarted ||
    a.failedMs !== b.failedMs ||
    a.failedSince !== b.failedSince ||
    a.learnedW !== b.learnedW ||
    a.holdSince !== b.holdSince ||
    a.gapSince !== b.gapSince ||
    a.starts !== b.starts ||
    a.stopSince !== b.stopSince ||
    a.stopGate !== b.stopGate ||
    a.stopEmergency !== b.stopEmergency ||
    a.emergencySamples !== b.emergencySamples ||
    a.stopVoltageSince !== b.stopVoltageSince ||
    a.excessSince !== b.excessSince ||
    a.importStopSince !== b.importStopSince ||
    a.heatSince !== b.heatSince ||
    a.heatStopped !== b.heatStopped ||
    a.displacedSince !== b.displacedSince ||
    a.displacedBy !== b.displacedBy ||
    a.probe !== b.probe ||
    a.probeSince !== b.probeSince ||
    a.provenSince !== b.provenSince ||
    a.backoffMs !== b.backoffMs ||
    a.backoffSince !== b.backoffSince ||
    a.drainSince !== b.drainSince
  );
}

function zoneDiffers(a: ZoneMemory, b: ZoneMemory): boolean {
  return (
    a.cooling !== b.cooling ||
    a.idleUnseenSince !== b.idleUnseenSince ||
    a.fanSpeed !== b.fanSpeed ||
    a.fanChangedSince !== b.fanChangedSince ||
    a.heating !== b.heating ||
    a.source !== b.source ||
    a.blockedSince !== b.blockedSince ||
    a.hardBlockedSince !== b.hardBlockedSince ||
    a.heatsOnSun !== b.heatsOnSun ||
    a.dimSince !== b.dimSince ||
    a.chargeBlocked !== b.chargeBlocked ||
    a.blockedUnknown !== b.blockedUnknown ||
    a.zoneCold !== b.zoneCold ||
    a.batteryCold !== b.batteryCold ||
    a.temperatureMissingSince !== b.temperatureMissingSince
  );
}
