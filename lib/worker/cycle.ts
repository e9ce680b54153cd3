import { allowAll, type Command } from '@/lib/core/commands/types';
import { decide as kernelDecide } from '@/lib/core/decide';
import { explainable } from '@/lib/core/explain';
import { type GuardState, guardTick, newGuardState, restoreGuardState } from '@/lib/core/invariants/guard';
import { forgetUnsentStarts, initialMemory } from '@/lib/core/memory';
import type {
  AlertCondition,
  DecideInput,
  DecideResult,
  Explanation,
  KernelConfig,
  Memory,
  Snapshot,
  Verdict,
} from '@/lib/core/types';
import { KERNEL_VERSION } from '@/lib/core/version';
import type { KeptEvidence } from '@/lib/resistance/queries';
import type { StatusTick } from '@/lib/status/types';
import { telemetryRow } from '@/lib/telemetry/row';
import type { SiteConfig } from './config';
import type { DevicePool } from './devices';
import { Explainer } from './explainer';
import { formerAlerts, isOver, reachedAgain } from './former-connections';
import type { Ledger, SaveCommands } from './ledger/ledger';
import { CommandPlanner } from './ledger/planner';
import type { LedgerState } from './ledger/store';
import { loadLinks, pollRequests } from './links';
import { MinerRuns } from './miner-runs';
import type { Poller } from './poll';
import { ResistanceWatch } from './resistance-watch';
import type { SkyWatch } from './sky';
import { buildSnapshot, isSimulated, type Sources, sourcesOf } from './snapshot';
import { type LastSeen, StateWatch } from './state-watch';
import { buildStatus } from './status';
import type { NewDecision, SeenDevice, TickHistory } from './store';

export interface CycleOptions {
  readonly ownerId: string;
  readonly tickSeconds: number;
  /** Epoch ms. */
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly pool: DevicePool;
  readonly poller: Poller;
  readonly sky: SkyWatch;
  readonly ledger: Ledger;
  /** Every tick is shown, so the status explains every load; otherwise only what changes is explained. */
  readonly shown: boolean;
  /** Every decision is judged before anything of it reaches a device (control.md §8); there is nothing at stake in a back-fill. */
  readonly guarded: boolean;
  /** The kernel; another one proves the guard. */
  readonly decide?: (input: DecideInput) => DecideResult;
}

/** What a cycle continues from. */
interface Past {
  /** Null = nothing is remembered. */
  readonly memory: Memory | null;
  /** As the guard of the same tick left it; anything else begins it afresh. */
  readonly guard: unknown;
  readonly lastVerdicts: ReadonlyMap<string, Verdict>;
  readonly evidence: readonly KeptEvidence[];
  readonly commands: LedgerState;
  /** Null = nothing was ever recorded. */
  readonly lastSeen: LastSeen | null;
}

/** What is special about one run of the cycle. */
export interface Circumstances {
  /** Nothing that is off is started: why, and until when (epoch ms) where that is known. */
  readonly startsHeld: StatusTick['startsHeld'];
  /** Miners and heaters are stopped although the owner did not pause: the database has been away too long. */
  readonly shedAll: boolean;
}

export interface CycleResult {
  readonly history: TickHistory;
  readonly memory: Memory;
  /** What the guard goes on from, beside the memory. */
  readonly guard: GuardState | null;
  /** What the ledger has to store with this tick. */
  readonly commands: readonly Command[];
  readonly alerts: readonly AlertCondition[];
  readonly seen: readonly SeenDevice[];
  /** Former connections that are not needed any more. */
  readonly formerOver: readonly string[];
  /**
   * Explains every load of a shown tick, and completes the decisions of `history` with their flips. May take long: ask
   * for it when everything has been sent.
   */
  explain(): Promise<readonly Explanation[]>;
  /** What pages and API show. `tickMs`: how long it took until everything was sent. */
  status(explanations: readonly Explanation[], tickMs: number): StatusTick;
  /**
   * Sends what was decided, once the tick is stored, and resolves to how many devices were called; without a way to
   * save (null) only what protects.
   */
  act(save: SaveCommands | null): Promise<number>;
}

/**
 * One turn of control: poll → decide → plan. Keeps the kernel's memory and what was decided last; storing them, and then
 * letting it act, is the caller's part.
 */
export class Cycle {
  private memory: Memory | null = null;
  /** The next row must carry its memory: it does not follow from the row before. */
  private memoryBreaks = true;
  /** The next tick is the first after a stored memory. */
  private continued = false;
  private guard = newGuardState();
  private lastVerdicts = new Map<string, Verdict>();
  private lastDate = '';
  private known: { from: SiteConfig['kernel']; kernel: KernelConfig } | null = null;
  private batteryWasSimulated: boolean | null = null;
  private throttled = false;
  private runs = new MinerRuns(null);
  private readonly resistance = new ResistanceWatch();
  private readonly states = new StateWatch();
  private readonly planner: CommandPlanner;
  private readonly explainer: Explainer;

  constructor(private readonly options: CycleOptions) {
    this.planner = new CommandPlanner(options);
    this.explainer = new Explainer(options.tickSeconds, options.monotonicMs);
  }

  /** Continues from what an earlier worker or back-fill left. */
  begin({ memory, guard, lastVerdicts, evidence, commands, lastSeen }: Past): void {
    const neverSent = this.options.ledger.begin(commands);
    this.memory = memory && forgetUnsentStarts(memory, neverSent);
    this.guard = memory === null ? newGuardState() : restoreGuardState(guard);
    this.memoryBreaks = true;
    this.continued = memory !== null;
    this.lastVerdicts = new Map(lastVerdicts);
    this.batteryWasSimulated = null;
    this.runs = new MinerRuns(lastSeen);
    this.resistance.begin(evidence);
    this.states.begin(lastSeen);
  }

  /** Runs that an earlier worker saw, while nobody has told of the silences in them. */
  get unsettledRuns(): MinerRuns | null {
    return this.runs.silentUntil === null ? null : this.runs;
  }

  async run(config: SiteConfig, circumstances: Circumstances): Promise<CycleResult> {
    const { options } = this;
    const { pool, poller } = options;
    const switched = new Set(loadLinks(config).map(({ deviceKey }) => deviceKey));
    const former = pool.former();
    const { ledger } = options;
    await poller.poll(pollRequests(config, [...pool.list(), ...former], ledger.leftOn(switched)));

    const now = Math.round(options.now());
    const monotonicMs = options.monotonicMs();
    const devices = pool.list();
    for (const [from, to] of reachedAgain(former, { devices, poller, ledger, now })) ledger.move(from, to);
    const sources = sourcesOf(devices, poller);
    const snapshot = buildSnapshot({
      now,
      monotonicMs,
      config,
      tickSeconds: options.tickSeconds,
      devices,
      poller,
      states: this.states,
      sky: (pv) =>
        options.sky.look({
          now,
          facts: config.placeKnown ? config.facts : null,
          pv,
          throttled: this.throttled,
        }),
      holdStarts: circumstances.startsHeld !== null,
    });
    const evidence = this.resistance.observe(
      snapshot,
      config.kernel.preferences,
      isSimulated(sources.battery, 'battery'),
    );
    const input: DecideInput = {
      snapshot,
      config: this.kernelConfig(config, sources, circumstances.shedAll, snapshot),
      memory: this.memoryAt(now, sources),
    };
    const decide = options.decide ?? kernelDecide;
    const result = decide(input);
    const decided = { input, result, restarted: this.continued };
    const allowed = options.guarded ? guardTick(this.guard, decided, decide) : allowAll(decided);
    this.continued = false;

    const planned = this.planner.plan({
      config,
      allowed,
      startsHeld: circumstances.startsHeld !== null,
      shedAll: circumstances.shedAll,
      left: ledger.leftOn(switched),
      now,
      monotonicMs,
    });
    const formerOver = config.former
      .filter((device) => isOver(device, { ledger, now, controlMode: config.kernel.controlMode }))
      .map(({ id }) => id);

    const simulated = (['battery', 'pv', 'load', 'grid'] as const).some((role) =>
      isSimulated(sources[role], role),
    );
    const changed = this.noteVerdicts(result);
    const explainedTick = options.shown || changed.length > 0 ? explainable(input) : null;
    // A flip takes longer to find than all the rest: no device waits for it.
    const explained = new Map<string, Explanation>();
    if (explainedTick !== null) {
      const { shown } = options;
      for (const { loadId } of changed) {
        explained.set(
          loadId,
          shown ? explainedTick.explainWithoutFlip(loadId) : explainedTick.explain(loadId),
        );
      }
    }
    const history: TickHistory = {
      telemetry: telemetryRow({
        ownerId: options.ownerId,
        snapshot,
        config: input.config,
        configVersion: config.version,
        voltageSocPct: snapshot.battery.packVoltageV && result.battery.voltageSocPct,
        simulated,
        memory: this.memoryBreaks || snapshot.localDate !== this.lastDate ? input.memory : null,
      }),
      decisions: this.decisionRows({ changed, input, result, config, simulated, explained }),
      minerRuns: this.runs.observe(snapshot, config, (key) => pool.get(key)?.device?.simulated ?? true),
      evidence,
    };
    this.memory = result.memory;
    this.memoryBreaks = false;
    this.lastDate = snapshot.localDate;
    this.throttled = result.battery.throttled;

    return {
      history,
      memory: result.memory,
      guard: options.guarded ? this.guard : null,
      commands: ledger.toStore(),
      act: (save) => ledger.act(planned.errands, save),
      alerts: [
        ...result.summary.alerts,
        ...allowed.alerts,
        ...planned.alerts,
        ...config.notices,
        ...this.silentDevices(config),
        ...formerAlerts(
          former.filter(({ settings }) => !formerOver.includes(settings.id)),
          { devices, poller, now, controlMode: config.kernel.controlMode },
        ),
      ],
      formerOver,
      seen: devices.map(({ settings, error }) => {
        const readings = poller.readings(settings.key);
        return {
          key: settings.key,
          lastSeenAt: readings?.lastSeenAt ?? null,
          error: error ?? readings?.error ?? null,
        };
      }),
      explain: async () => {
        if (!options.shown || explainedTick === null) return [];
        const loadIds = result.decisions.map(({ loadId }) => loadId);
        const explanations = await this.explainer.explainAll(
          explainedTick,
          loadIds,
          new Set(explained.keys()),
        );
        for (const row of history.decisions) {
          row.explanation = explanations.find(({ loadId }) => loadId === row.loadId) ?? row.explanation;
        }
        return explanations;
      },
      status: (explanations, tickMs) =>
        buildStatus({
          now,
          monotonicMs,
          config,
          snapshot,
          result: { ...result, chargePermission: allowed.chargePermission },
          explanations,
          sources,
          devices,
          poller,
          kernelVersion: KERNEL_VERSION,
          simulated,
          startsHeld: circumstances.startsHeld,
          tickMs,
        }),
    };
  }

  /** The stored settings with what only the worker knows; the same object while nothing changes. */
  private kernelConfig(
    config: SiteConfig,
    sources: Sources,
    shedAll: boolean,
    { battery }: Snapshot,
  ): KernelConfig {
    const { tickSeconds } = this.options;
    const slowest = (keys: readonly (keyof Sources)[]) =>
      Math.max(tickSeconds, ...keys.map((key) => sources[key]?.device?.pollSeconds ?? 0));
    const { controlMode } = config.kernel;
    const added = {
      resistance: this.resistance.inUse(battery.temperatureC?.value ?? null),
      canBlockCharging: this.options.pool
        .list()
        .some(({ settings, device }) => settings.controlEnabled && device?.capabilities.chargeControl),
      controlMode: shedAll && controlMode === 'automatic' ? 'paused' : controlMode,
      polls: {
        voltageSeconds: slowest(['battery']),
        otherSeconds: slowest(['pv', 'load', 'grid', 'temperature']),
      },
    } as const;
    const { known } = this;
    if (
      known?.from === config.kernel &&
      known.kernel.controlMode === added.controlMode &&
      known.kernel.resistance === added.resistance &&
      known.kernel.canBlockCharging === added.canBlockCharging
    ) {
      const { polls } = known.kernel;
      if (
        polls.voltageSeconds === added.polls.voltageSeconds &&
        polls.otherSeconds === added.polls.otherSeconds
      ) {
        return known.kernel;
      }
    }
    const kernel: KernelConfig = { ...config.kernel, ...added };
    this.known = { from: config.kernel, kernel };
    return kernel;
  }

  /** What the kernel remembers. Another bank, modelled or real, has another past. */
  private memoryAt(now: number, sources: Sources): Memory {
    const simulated = sources.battery?.device ? isSimulated(sources.battery, 'battery') : null;
    const replaced =
      simulated !== null && this.batteryWasSimulated !== null && simulated !== this.batteryWasSimulated;
    if (simulated !== null) this.batteryWasSimulated = simulated;
    if (this.memory === null || replaced) {
      this.memory = initialMemory(now);
      this.guard = newGuardState();
      this.memoryBreaks = true;
    }
    return this.memory;
  }

  private noteVerdicts(result: DecideResult): { loadId: string; previous: Verdict | null }[] {
    const changed: { loadId: string; previous: Verdict | null }[] = [];
    const verdicts = new Map<string, Verdict>();
    for (const { loadId, verdict } of result.decisions) {
      verdicts.set(loadId, verdict);
      const previous = this.lastVerdicts.get(loadId) ?? null;
      if (previous !== verdict) changed.push({ loadId, previous });
    }
    this.lastVerdicts = verdicts;
    return changed;
  }

  private decisionRows(tick: {
    changed: readonly { loadId: string; previous: Verdict | null }[];
    input: DecideInput;
    result: DecideResult;
    config: SiteConfig;
    simulated: boolean;
    explained: ReadonlyMap<string, Explanation>;
  }): NewDecision[] {
    const links = loadLinks(tick.config);
    return tick.changed.flatMap(({ loadId, previous }) => {
      const decision = tick.result.decisions.find((candidate) => candidate.loadId === loadId);
      const explanation = tick.explained.get(loadId);
      if (!decision || !explanation) return [];
      const key = links.find((link) => link.loadId === loadId)?.deviceKey;
      return [
        {
          userId: this.options.ownerId,
          ts: new Date(tick.input.snapshot.now),
          loadId,
          loadName: decision.name,
          kind: decision.kind,
          verdict: decision.verdict,
          previousVerdict: previous,
          bindingGate: decision.binding,
          sentence: explanation.sentence,
          explanation,
          configVersion: tick.config.version,
          kernelVersion: KERNEL_VERSION,
          simulated:
            tick.simulated || (key ? (this.options.pool.get(key)?.device?.simulated ?? false) : false),
        },
      ];
    });
  }

  /** Devices that something depends on and that do not answer. */
  private silentDevices(config: SiteConfig): AlertCondition[] {
    const linked = new Set(loadLinks(config).map(({ deviceKey }) => deviceKey));
    for (const zone of config.kernel.zones) linked.add(zone.temperatureSensorId);
    const alerts: AlertCondition[] = [];
    for (const { settings, error } of this.options.pool.list()) {
      const failure = error ?? this.options.poller.readings(settings.key)?.error;
      if (!failure || (settings.roles.length === 0 && !linked.has(settings.key))) continue;
      alerts.push({
        key: `device:${settings.key}`,
        severity: 'warning',
        text: `${settings.name}: ${failure}`,
      });
    }
    return alerts;
  }
}
