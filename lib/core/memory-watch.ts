import { deficitLimit } from './budget';
import { type KernelMemory, type LoadMemory, NONE, type ZoneMemory } from './memory';
import { copyLoadMemory, copyRootMemory, copyZoneMemory } from './memory-copy';
import type { LoadView, Tick } from './tick';

/**
 * Looks at the memory of a tick that is repeated, after every tick. What moves with every tick without deciding anything
 * before its own due time is not looked at but passed over: the clocks, `voltageSampleAt`, `goodVoltageSince`,
 * `takenWms`, `houseTodayWms`, `storedWms`, `runtimeMs`, `deficit`, `lockSince`, `fanShutSince`. Field by field: this runs
 * for every load at every tick.
 */
export class MemoryWatch {
  private readonly kept: KernelMemory;

  constructor(private readonly tick: Tick) {
    const { memory } = tick;
    this.kept = copyRootMemory(memory);
    this.kept.loads = memory.loads.map(copyLoadMemory);
    this.kept.zones = memory.zones.map(copyZoneMemory);
  }

  /** True when anything has changed; from now on what there is now is what was. */
  hasChanged(): boolean {
    const { kept } = this;
    const { memory } = this.tick;
    let changed = false;
    if (differs(kept, memory)) {
      follow(kept, memory);
      changed = true;
    }
    for (let i = 0; i < this.tick.loads.length; i++) {
      const before = kept.loads[i];
      const load = this.tick.loads[i];
      if (before === undefined || load === undefined) continue;
      if (loadDiffers(before, load.memory)) kept.loads[i] = copyLoadMemory(load.memory);
      else if (!isCut(before, load)) continue;
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

  /** Lets `ticks` of `tickMs` pass in which nothing happens: what moved during the last one goes on as it did. */
  pass(ticks: number, tickMs: number): void {
    const { kept, tick } = this;
    const { memory } = tick;
    const ms = ticks * tickMs;
    memory.now += ms;
    memory.clockMs += ms;
    memory.voltageSampleAt = laterStamp(kept.voltageSampleAt, memory.voltageSampleAt, ms);
    memory.goodVoltageSince = laterStamp(kept.goodVoltageSince, memory.goodVoltageSince, ms);
    memory.takenWms = laterSum(kept.takenWms, memory.takenWms, ticks);
    memory.houseTodayWms = laterSum(kept.houseTodayWms, memory.houseTodayWms, ticks);
    if (kept.storedWms !== NONE && memory.storedWms !== NONE) {
      const storedWms = laterSum(kept.storedWms, memory.storedWms, ticks);
      memory.storedWms = Math.min(storedWms, tick.plan.bankWms ?? storedWms);
    }
    kept.voltageSampleAt = memory.voltageSampleAt;
    kept.goodVoltageSince = memory.goodVoltageSince;
    kept.takenWms = memory.takenWms;
    kept.houseTodayWms = memory.houseTodayWms;
    kept.storedWms = memory.storedWms;
    for (let i = 0; i < memory.loads.length; i++) {
      const before = kept.loads[i];
      const now = memory.loads[i];
      if (before !== undefined && now !== undefined) passLoad(before, now, ticks, ms);
    }
    for (let i = 0; i < memory.zones.length; i++) {
      const before = kept.zones[i];
      const now = memory.zones[i];
      if (before === undefined || now === undefined) continue;
      now.fanShutSince = laterStamp(before.fanShutSince, now.fanShutSince, ms);
      before.fanShutSince = now.fanShutSince;
    }
  }
}

function passLoad(before: LoadMemory, memory: LoadMemory, ticks: number, ms: number): void {
  memory.runtimeMs = laterSum(before.runtimeMs, memory.runtimeMs, ticks);
  memory.lockSince = laterStamp(before.lockSince, memory.lockSince, ms);
  memory.deficit = laterSum(before.deficit, memory.deficit, ticks);
  before.runtimeMs = memory.runtimeMs;
  before.lockSince = memory.lockSince;
  before.deficit = memory.deficit;
}

/** A deficit that has just been cut off at its limit does not tell how it goes on. */
function isCut({ deficit }: LoadMemory, load: LoadView): boolean {
  return load.memory.deficit !== deficit && load.memory.deficit > deficitLimit(load);
}

/** A stamp that was renewed goes on being renewed. */
function laterStamp(before: number, now: number, ms: number): number {
  return now === before || now === NONE ? now : now + ms;
}

/** A sum grows as it grew, and shrinks no further than to nothing. */
function laterSum(before: number, now: number, ticks: number): number {
  return now === before ? now : Math.max(0, now + ticks * (now - before));
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
