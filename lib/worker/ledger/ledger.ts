import { budgetAlert, commandAlert, leftBlockAlert } from '@/lib/core/commands/alerts';
import type { Elapsed } from '@/lib/core/commands/follow';
import { dropped, isFormerKey, isOwnBlock, mayHaveLeftOn, moveTo } from '@/lib/core/commands/former';
import { isCharge, isLeft, isToFan, leftId, renamedLoadId } from '@/lib/core/commands/load-ids';
import { planLoad, renewsTimers } from '@/lib/core/commands/plan';
import {
  isOpen,
  markAcknowledged,
  markFailed,
  markReverted,
  markSent,
  retryDelayMs,
  withdraw,
} from '@/lib/core/commands/steps';
import type { Command } from '@/lib/core/commands/types';
import type { AlertCondition } from '@/lib/core/types';
import type { DriverLog } from '@/lib/drivers/types';
import type { LoadLink } from '../links';
import { within } from '../within';
import { failureOf, send } from './send';
import type { LedgerState } from './store';
import type { LedgerTask } from './tasks';
import { followKeys, WriteCount } from './write-count';

export interface LedgerOptions {
  /** Epoch ms. */
  readonly now: () => number;
  readonly monotonicMs: () => number;
  /** 0…1, for jitter. */
  readonly random: () => number;
  readonly newId: () => string;
  readonly callTimeoutMs: number;
  /** How long a tick waits for devices that are slow to answer; the calls go on beside the next tick. */
  readonly patienceMs: number;
  readonly log: DriverLog;
}

/** Stores commands as they stand and gives the ids of those that were stored; rejects when the database fails. */
export type SaveCommands = (commands: readonly Command[]) => Promise<ReadonlySet<string>>;

/** What one tick is to send. */
export interface Errands {
  readonly due: readonly { readonly command: Command; readonly task: LedgerTask }[];
  readonly renewals: readonly LedgerTask[];
}

interface Entry {
  readonly command: Command;
  /** Of the clock that only moves forward. */
  readonly sentMs: number;
  readonly stepMs: number;
  readonly retryMs: number;
}

/**
 * The one way of switching: follows every command from its intention to its observed effect (control.md §10). Each step
 * is stored before the next is tried; without a database only offs and fans go out, and their steps are kept.
 */
export class Ledger {
  private readonly entries = new Map<string, Entry>();
  /** Changed since they were stored last, by id. */
  private readonly unsaved = new Map<string, Command>();
  /** One call at a time per device. */
  private readonly queues = new Map<string, Promise<void>>();
  private readonly busy = new Set<string>();
  private readonly writes: WriteCount;
  /** When dead-man timers were last set, by device key, and those that an earlier worker set, by the clock that only moves forward. */
  private readonly timersSetMs = new Map<string, number>();
  private earlierTimersSetMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: LedgerOptions) {
    this.writes = new WriteCount(options.monotonicMs);
  }

  /** Goes on from what is stored. Gives the loads whose start was intended and never sent: it is taken back. */
  begin({ newest, writes, lastTickAt }: LedgerState): string[] {
    const { now, monotonicMs } = this.options;
    this.entries.clear();
    this.unsaved.clear();
    const since = (at: number | null) => monotonicMs() - Math.max(0, now() - (at ?? 0));
    this.timersSetMs.clear();
    this.earlierTimersSetMs = since(lastTickAt);
    const neverSent: string[] = [];
    for (const command of newest) {
      const stepAt = Math.max(command.intendedAt, command.sentAt ?? 0, command.acknowledgedAt ?? 0);
      const leftMs = command.retryAt === null ? 0 : command.retryAt - now();
      this.entries.set(command.loadId, {
        command,
        sentMs: since(command.sentAt),
        stepMs: since(command.endedAt ?? Math.max(stepAt, command.observedAt ?? 0)),
        retryMs: monotonicMs() + Math.min(Math.max(leftMs, 0), retryDelayMs(command, 1)),
      });
      if (!isOpen(command) || command.attempts > 0 || command.desired.state === 'off') continue;
      this.put(withdraw(command, Math.round(now()), 'The control ended before it was sent.'));
      neverSent.push(command.loadId);
    }
    this.writes.restore(writes, now());
    return neverSent;
  }

  /**
   * What we switched on and nobody switches any more: its miner was deleted or given another device, or the device itself
   * is gone. Until it is seen off. Named by the device, for its load may have a command of its own by then.
   */
  leftOn(switched: ReadonlySet<string | null>): readonly LoadLink[] {
    const left: LoadLink[] = [];
    for (const [deviceKey, command] of this.newestByDevice()) {
      if (mayHaveLeftOn(command) && !switched.has(deviceKey)) left.push(leftLink(command, deviceKey));
    }
    return left;
  }

  /** The newest command to a device, whichever load it was for; a charge block is none. */
  newestTo(deviceKey: string): Command | null {
    return this.newestByDevice().get(deviceKey) ?? null;
  }

  /** What was switched under the key `from` is reached under `to` from now on, as `keepUntilOff` has stored it. */
  move(from: string, to: string): void {
    for (const { command } of [...this.entries.values()]) {
      if (command.deviceKey !== from || isCharge(command.loadId)) continue;
      this.put(moveTo(to, command, Math.round(this.options.now())));
    }
  }

  /** Devices that are called otherwise from now on, by the key they had. */
  followKeys(keys: ReadonlyMap<string, string>): void {
    if (keys.size === 0) return;
    const known = [...this.entries.values()];
    this.entries.clear();
    for (const entry of known) {
      const { loadId, deviceKey } = entry.command;
      const key = keys.get(deviceKey);
      if (key === undefined) {
        // Of a device that had another's new key, and is gone.
        if (!this.entries.has(loadId)) this.entries.set(loadId, entry);
        continue;
      }
      const command = {
        ...entry.command,
        loadId: renamedLoadId(loadId, deviceKey, key),
        deviceKey: key,
      };
      this.entries.set(command.loadId, { ...entry, command });
      this.unsaved.set(command.id, command);
    }
    this.writes.followKeys(keys);
    followKeys(this.timersSetMs, keys);
  }

  private newestByDevice(): ReadonlyMap<string, Command> {
    const newest = new Map<string, Command>();
    for (const { command } of this.entries.values()) {
      if (isCharge(command.loadId)) continue;
      const known = newest.get(command.deviceKey);
      if (known === undefined || known.intendedAt <= command.intendedAt)
        newest.set(command.deviceKey, command);
    }
    return newest;
  }

  /** What is seen off needs no off; who switches it on later is somebody else, after a restart too. */
  private noteLeft({ loadId, deviceKey, seen }: LedgerTask, now: number): void {
    const newest = isLeft(loadId) && seen.state === 'off' ? this.newestTo(deviceKey) : null;
    if (!newest || isOpen(newest) || newest.state === 'reverted') return;
    if (newest.desired.state === 'on')
      this.put(markReverted(newest, now, 'It was off when its load had gone.'));
    else if (newest.observedAt === null) this.put({ ...newest, state: 'observed', observedAt: now });
  }

  /** A charger that is seen permitted has no block of ours any more; who blocks it later is somebody else. */
  private noteLifted({ loadId, seen }: LedgerTask, now: number): void {
    const newest = isCharge(loadId) && seen.state === 'on' ? this.newest(loadId) : null;
    if (!newest || isOpen(newest) || newest.desired.state === 'off' || !isOwnBlock(newest)) return;
    this.put({ ...newest, state: 'observed', observedAt: now, error: null });
  }

  newest(loadId: string): Command | null {
    return this.entries.get(loadId)?.command ?? null;
  }

  /** Brings every command up to what is seen and wanted now, and tells what is to be sent. */
  plan(
    tasks: readonly LedgerTask[],
    isConfigured: (deviceKey: string) => boolean,
  ): { errands: Errands; alerts: AlertCondition[] } {
    const now = Math.round(this.options.now());
    const due: { command: Command; task: LedgerTask }[] = [];
    const alerts: AlertCondition[] = [];
    const spent = new Map<string, number>();
    for (const task of tasks) {
      const limit = task.device?.writesPerDay;
      const last = this.newest(task.loadId);
      const plan = planLoad(
        {
          ...task,
          busy: this.busy.has(task.loadId),
          budgetSpent: this.writes.isSpent(task.deviceKey, limit),
          sinceTimerSetMs:
            this.options.monotonicMs() - (this.timersSetMs.get(task.deviceKey) ?? this.earlierTimersSetMs),
        },
        last,
        { now, elapsed: this.elapsed(task.loadId), random: this.options.random(), newId: this.options.newId },
      );
      for (const command of plan.changed) this.put(command);
      this.noteLeft(task, now);
      this.noteLifted(task, now);
      if (plan.due && task.device) due.push({ command: plan.due, task });
      if (plan.outOfBudget) spent.set(task.deviceKey, this.writes.limitOf(limit));
      const alert = this.alertOf(task, now);
      if (alert) alerts.push(alert);
    }
    for (const [deviceKey, limit] of spent) alerts.push(budgetAlert(deviceKey, limit));
    alerts.push(...this.dropUnlinked(tasks, isConfigured, now));
    return { errands: { due, renewals: tasks.filter((task) => this.isRenewed(task)) }, alerts };
  }

  /** What is to be stored with the tick: commands that changed since they were stored last, the ended ones first. */
  toStore(): readonly Command[] {
    const changed = [...this.unsaved.values()];
    return [...changed.filter((command) => !isOpen(command)), ...changed.filter(isOpen)];
  }

  /** What a worker that stands down has done and not stored, ended: another one goes on from what is stored. */
  abandon(): readonly Command[] {
    const now = Math.round(this.options.now());
    const left = this.toStore().map((command) =>
      isOpen(command) ? withdraw(command, now, 'Another worker took over.') : command,
    );
    this.entries.clear();
    this.unsaved.clear();
    return left;
  }

  stored(commands: readonly Command[]): void {
    for (const command of commands) {
      if (this.unsaved.get(command.id) === command) this.unsaved.delete(command.id);
    }
  }

  /** Sends what is due, devices side by side, and resolves to how many calls were made in time. `save` null: no database. */
  async act({ due, renewals }: Errands, save: SaveCommands | null): Promise<number> {
    const door = { save };
    let calls = 0;
    const turns: Promise<void>[] = [];
    const offFirst = [...due].sort((a, b) => rank(a.command) - rank(b.command));
    for (const { command, task } of offFirst) {
      this.busy.add(command.loadId);
      turns.push(
        this.inTurn(command.deviceKey, async () => {
          try {
            if (await this.attempt(command, task, door)) calls += 1;
          } finally {
            this.busy.delete(command.loadId);
          }
        }),
      );
    }
    for (const task of renewals) turns.push(this.inTurn(task.deviceKey, () => this.renew(task)));
    if (turns.length > 0) await within(this.options.patienceMs, () => Promise.all(turns)).catch(() => {});
    return calls;
  }

  /** Resolves when no call is under way, or after as long as one may take. */
  async idle(): Promise<void> {
    const { callTimeoutMs } = this.options;
    await within(callTimeoutMs, () => Promise.all(this.queues.values())).catch(() => {});
  }

  private inTurn(deviceKey: string, job: () => Promise<void>): Promise<void> {
    const turn = (this.queues.get(deviceKey) ?? Promise.resolve()).then(job).finally(() => {
      if (this.queues.get(deviceKey) === turn) this.queues.delete(deviceKey);
    });
    this.queues.set(deviceKey, turn);
    return turn;
  }

  private async attempt(
    command: Command,
    task: LedgerTask,
    door: { save: SaveCommands | null },
  ): Promise<boolean> {
    const { device } = task;
    // It waited its turn; meanwhile it may have been replaced.
    if (!device || this.newest(command.loadId) !== command) return false;
    const sent = markSent(command, Math.round(this.options.now()));
    this.put(sent);
    const stored = await this.store(sent, door);
    const mayGoUnstored = command.desired.state === 'off' || task.isFan;
    if (stored === 'denied' || (stored === 'failed' && !mayGoUnstored)) {
      this.put(command);
      return false;
    }
    const next = await this.call(sent, task);
    if (next.acknowledgedAt !== null) this.writes.add(command.deviceKey);
    // Meanwhile it may have been replaced: then its end stands.
    if (this.newest(command.loadId) !== sent) return true;
    this.put(next);
    await this.store(next, door);
    return true;
  }

  private async call(sent: Command, { device, deviceKey, autoOffSeconds }: LedgerTask): Promise<Command> {
    const { now, monotonicMs, callTimeoutMs, random, log } = this.options;
    const askedMs = monotonicMs();
    try {
      if (device) await within(callTimeoutMs, () => send(sent, device, autoOffSeconds));
      if (sent.desired.state === 'on') this.timersSetMs.set(deviceKey, askedMs);
      return markAcknowledged(sent, Math.round(now()));
    } catch (error) {
      const failure = failureOf(error, deviceKey, random());
      if (sent.attempts === 1) log.warn({ device: deviceKey, reason: failure.error }, 'command failed');
      return markFailed(sent, Math.round(now()), failure);
    }
  }

  /** 'denied': the site is not ours any more, or the device is gone. After a failure the rest of the tick does not wait again. */
  private async store(
    command: Command,
    door: { save: SaveCommands | null },
  ): Promise<'stored' | 'denied' | 'failed'> {
    if (!door.save) return 'failed';
    try {
      const ids = await door.save([command]);
      if (!ids.has(command.id)) return 'denied';
      this.stored([command]);
      return 'stored';
    } catch {
      door.save = null;
      return 'failed';
    }
  }

  /** A timer that cannot be renewed does what it is there for. */
  private async renew({ device, deviceKey, autoOffSeconds }: LedgerTask): Promise<void> {
    const { monotonicMs, callTimeoutMs } = this.options;
    const renewal = device?.capabilities.switch?.renewAutoOff;
    if (!renewal || autoOffSeconds === null) return;
    const askedMs = monotonicMs();
    await within(callTimeoutMs, () => renewal(autoOffSeconds)).then(
      () => this.timersSetMs.set(deviceKey, askedMs),
      () => {},
    );
  }

  /** Whether its dead-man timer is set anew: it runs, and it is ours to keep running. */
  private isRenewed({ loadId, wanted, permission, seen, autoOffSeconds }: LedgerTask): boolean {
    if (autoOffSeconds === null || !renewsTimers(permission)) return false;
    if (seen.state !== 'on' && seen.state !== 'ramping') return false;
    if (wanted.kind === 'set') return wanted.desired.state === 'on';
    const newest = this.newest(loadId);
    return newest !== null && newest.desired.state === 'on' && newest.state !== 'reverted';
  }

  private elapsed(loadId: string): Elapsed {
    const entry = this.entries.get(loadId);
    const at = this.options.monotonicMs();
    if (!entry) return { sinceSentMs: 0, sinceStepMs: 0, retryDue: false };
    return {
      sinceSentMs: at - entry.sentMs,
      sinceStepMs: at - entry.stepMs,
      retryDue: at >= entry.retryMs,
    };
  }

  /** What became of a device that its load has no more says nothing of the load; of one that is gone, `formerAlerts` tells. */
  private alertOf({ loadId, deviceKey }: LedgerTask, now: number): AlertCondition | null {
    const command = this.newest(loadId);
    if (isFormerKey(deviceKey)) return null;
    return command?.deviceKey === deviceKey ? commandAlert(command, now) : null;
  }

  /** Ends commands to what is not there any more, and tells of blocks that stay there. A charger that is not open right now is still there. */
  private dropUnlinked(
    tasks: readonly LedgerTask[],
    isConfigured: (deviceKey: string) => boolean,
    now: number,
  ): AlertCondition[] {
    const alerts: AlertCondition[] = [];
    const linked = new Set(tasks.map(({ loadId }) => loadId));
    for (const [loadId, { command }] of this.entries) {
      if (linked.has(loadId) || this.busy.has(loadId)) continue;
      if (isCharge(loadId) && isConfigured(command.deviceKey)) continue;
      const over = dropped(command, now);
      if (over !== command) this.put(over);
      const alert = leftBlockAlert(over, now);
      if (alert) alerts.push(alert);
    }
    return alerts;
  }

  private put(command: Command): void {
    const { now, monotonicMs } = this.options;
    const before = this.entries.get(command.loadId);
    const at = monotonicMs();
    const same = before?.command.id === command.id ? before : null;
    const newStep = !same || same.command.state !== command.state || same.command.endedAt !== command.endedAt;
    this.entries.set(command.loadId, {
      command,
      sentMs: same && same.command.sentAt === command.sentAt ? same.sentMs : at,
      stepMs: same && !newStep ? same.stepMs : at,
      retryMs: command.retryAt === null ? at : at + command.retryAt - now(),
    });
    this.unsaved.set(command.id, command);
  }
}

function leftLink({ loadId, loadName }: Command, deviceKey: string): LoadLink {
  const isFan = isToFan(loadId);
  return {
    loadId: leftId(deviceKey, isFan),
    name: loadName,
    kind: isFan ? 'fan' : 'miner',
    deviceKey,
    ratedW: null,
  };
}

function rank({ desired }: Command): number {
  return desired.state === 'off' ? 0 : 1;
}
