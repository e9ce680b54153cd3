import type { Connection } from '@/db/client';
import type { Command } from '@/lib/core/commands/types';
import { restoreMemory } from '@/lib/core/memory';
import { beginOverridesNow } from '@/lib/overrides/mutations';
import type { StatusTick } from '@/lib/status/types';
import { Backlog } from './backlog';
import {
  buildConfig,
  ConfigProblem,
  type ConnectionOf,
  readSettings,
  type SiteConfig,
  type StoredSettings,
  sameIfEqual,
} from './config';
import type { Circumstances, Cycle, CycleResult } from './cycle';
import { DatabaseLine, messageOf } from './database-line';
import type { DevicePool, DeviceSettings } from './devices';
import { isLeftOn } from './former-connections';
import type { Leader } from './leader';
import type { Ledger } from './ledger/ledger';
import { type CommandWriter, writeCommands, writeLeftCommands } from './ledger/store';
import {
  hasRowsBetween,
  type Inheritance,
  LeadershipLost,
  publishStatus,
  recordHistory,
  recordTick,
  saveDeviceStates,
  type TickRecord,
  takeOver,
} from './store';

export interface TickLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface TickOptions {
  readonly ownerId: string;
  readonly workerId: string;
  readonly leader: Leader;
  /** Opens a pool to the database; another one after it failed. */
  readonly connect: () => Connection;
  readonly connectionOf: ConnectionOf;
  readonly pool: DevicePool;
  readonly cycle: Cycle;
  /** The cycle's own. */
  readonly ledger: Ledger;
  /** Gives an empty simulated site a past, and tells what to go on from; null where there is none to give. */
  readonly backfill: (connection: Connection, config: SiteConfig) => Promise<Inheritance | null>;
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly databaseTimeoutMs: number;
  readonly log: TickLog;
  /** Told after each tick that was stored; no tick waits for it. */
  readonly afterTick?: (config: SiteConfig) => void;
}

/** 'recorded': decided and stored · 'buffered': decided without the database · 'standby': not ours to decide. */
export type TickOutcome = 'recorded' | 'buffered' | 'standby' | 'waiting';

/** A new leader starts nothing for so long (quality.md, Trust). */
const NEW_LEADER_HOLD_MS = 60_000;
/** Without a database for so long, all loads are stopped. */
const SHED_AFTER_MS = 15 * 60_000;
/** What the drivers keep is stored this often where nothing is switched. */
const STATE_INTERVAL_MS = 5 * 60_000;
const BACKFILL_TRIES = 3;
const CLOCK_SLACK_MS = 1_000;
const OPEN_PATIENCE_MS = 3_000;

/** One tick after the other: who leads, what is set, poll → decide → act, record. Survives the database's absence. */
export class SiteTick {
  private readonly line: DatabaseLine;
  private config: SiteConfig | null = null;
  private configProblem: string | null = null;
  /** This worker is in charge of the site: it led, and nobody else is known to. */
  private inCharge = false;
  private outageSinceMs: number | null = null;
  private held: { untilMs: number; until: number } | null = null;
  private readonly backlog = new Backlog();
  private recordedAlerts = '';
  private backfillFailures = 0;
  private statesSavedMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: TickOptions) {
    this.line = new DatabaseLine({ connect: options.connect, timeoutMs: options.databaseTimeoutMs });
  }

  /** What it goes by while it is in charge of the site and the database answers; else null. */
  get current(): SiteConfig | null {
    return this.inCharge && this.outageSinceMs === null ? this.config : null;
  }

  async run(): Promise<TickOutcome> {
    const { leader, pool, cycle } = this.options;
    const leadership = await leader.check();
    if (leadership === 'standby') {
      await this.standDown('another worker leads');
      return 'standby';
    }
    const reachable = leadership !== 'unreachable' && (await this.prepare(leadership === 'won'));
    if (!reachable) this.noteOutage();
    if (!this.inCharge || !this.config) return 'waiting';

    const { devices, former, facts } = this.config;
    const leftOn = former.filter(({ key }) => isLeftOn(key, this.options.ledger));
    await pool.sync([...devices, ...leftOn], facts, OPEN_PATIENCE_MS);
    const startedMs = this.options.monotonicMs();
    const result = await cycle.run(this.config, this.circumstances());
    const outcome = await this.keep(result, reachable);
    // What is sent has been stored, and with it the memory that knows of it.
    if (outcome !== 'standby') await this.act(result, outcome === 'recorded');
    const tickMs = Math.round(this.options.monotonicMs() - startedMs);
    // Explaining takes longer than everything before it: no device waits for it.
    const explanations = outcome === 'standby' ? [] : await result.explain();
    if (outcome === 'recorded') await this.publish(result, result.status(explanations, tickMs));
    return outcome;
  }

  private saveSteps(steps: readonly Command[]): Promise<ReadonlySet<string>> {
    const writer = this.commandWriter();
    return this.line.ask((connection) => writeCommands(connection.db, writer, steps));
  }

  private commandWriter(): CommandWriter {
    const { ownerId, workerId } = this.options;
    return { ownerId, workerId, settingsVersion: this.config?.version };
  }

  private async keep(result: CycleResult, reachable: boolean): Promise<'recorded' | 'buffered' | 'standby'> {
    if (reachable && (await this.flush())) return await this.record(result);
    this.backlog.add(result.history);
    return 'buffered';
  }

  /** Lets the ledger send; what a simulated device keeps is stored at once, as a real one would keep it. */
  private async act(result: CycleResult, recorded: boolean): Promise<void> {
    const { ownerId, pool, log } = this.options;
    const calls = await result.act(recorded ? (steps) => this.saveSteps(steps) : null);
    if (calls === 0 || !recorded) return;
    const states = pool.unsavedStates();
    if (states.size === 0) return;
    try {
      await this.line.ask((connection) => saveDeviceStates(connection.db, ownerId, states));
      pool.saved(states);
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'could not store what the drivers keep');
    }
  }

  private async publish({ history }: CycleResult, status: StatusTick): Promise<void> {
    const { ownerId, workerId, log } = this.options;
    const { decisions } = history;
    try {
      await this.line.ask((connection) =>
        publishStatus(connection, { ownerId, workerId }, { status, decisions }),
      );
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'the tick could not be shown');
    }
  }

  /** Leaves everything so that the next worker goes on from here. */
  async stop(): Promise<void> {
    const { pool, leader, ledger, log } = this.options;
    await ledger.idle();
    if (this.inCharge && this.line.current && this.outageSinceMs === null) {
      const states = pool.unsavedStates();
      await this.line
        .ask((connection) => saveDeviceStates(connection.db, this.options.ownerId, states))
        .catch(() => {
          log.warn({}, 'could not store what the drivers keep');
        });
    }
    await pool.closeAll();
    await leader.resign();
    await this.line.drop();
  }

  /** Takes charge where that is new, and reads the settings; false when the database failed on the way. */
  private async prepare(won: boolean): Promise<boolean> {
    const { ownerId, workerId, log } = this.options;
    try {
      if (won || !this.inCharge) {
        // Before the commands are read: what is reached another way since then is told from these.
        await this.loadConfig();
        const inheritance = await this.line.ask((connection) =>
          takeOver(connection, { ownerId, workerId }, this.options.now()),
        );
        const own = this.inCharge && inheritance.workerId === workerId;
        if (!own) await this.inherit(inheritance);
        this.inCharge = true;
        const untilMs = this.options.monotonicMs() + NEW_LEADER_HOLD_MS;
        this.held = { untilMs, until: Math.round(this.options.now()) + NEW_LEADER_HOLD_MS };
        log.info({ worker: workerId }, own ? 'leading again' : 'leading: this worker now controls the site');
      }
      await this.loadConfig();
      return true;
    } catch (error) {
      this.options.log.warn({ error: messageOf(error) }, 'the database failed');
      return false;
    }
  }

  private async inherit(inheritance: Inheritance): Promise<void> {
    const { cycle } = this.options;
    const empty = !inheritance.hasHistory && inheritance.memory === null;
    const filled = empty ? await this.tryBackfill() : null;
    const past = filled ?? inheritance;
    const { memory } = past;
    cycle.begin({
      ...past,
      memory: memory === null ? null : restoreMemory(memory, Math.round(this.options.now())),
    });
    this.recordedAlerts = '';
  }

  /** A past that cannot be made must not keep the site from its present. */
  private async tryBackfill(): Promise<Inheritance | null> {
    const connection = this.line.current;
    if (!this.config || !connection || this.backfillFailures >= BACKFILL_TRIES) return null;
    try {
      return await this.options.backfill(connection, this.config);
    } catch (error) {
      this.backfillFailures += 1;
      throw error;
    }
  }

  /** Keeps the last good settings where the stored ones cannot be used, and says so. */
  private async loadConfig(): Promise<void> {
    const { ownerId, log } = this.options;
    const stored = await this.readSettings(ownerId);
    try {
      const built = buildConfig(stored, this.options.connectionOf);
      this.followDevices(this.config, built);
      this.config = { ...built, kernel: sameIfEqual(this.config?.kernel ?? null, built.kernel) };
      if (this.configProblem) log.info({}, 'the settings can be used again');
      this.configProblem = null;
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      if (this.configProblem !== error.message)
        log.error({ problem: error.message }, 'the settings cannot be used');
      this.configProblem = error.message;
    }
  }

  /** Commands go with their devices: to where one was until now, which a new row tells, and to the key it has now. */
  private followDevices(before: SiteConfig | null, { devices, former }: SiteConfig): void {
    if (before === null) return;
    const { ledger } = this.options;
    const known = new Set(before.former.map(({ id }) => id));
    for (const { id, key, former: was } of former) {
      const device = known.has(id) ? undefined : before.devices.find((each) => each.id === was.deviceId);
      if (device) ledger.move(device.key, key);
    }
    ledger.followKeys(newKeys(before.devices, devices));
  }

  private async readSettings(ownerId: string): Promise<StoredSettings> {
    const now = Math.round(this.options.now());
    const read = () => this.line.ask(({ db }) => readSettings(db, ownerId, now));
    const stored = await read();
    // Web and worker may read the clock in another order than they act.
    if (!stored.overrides.some(({ startsAt }) => startsAt.getTime() > now + CLOCK_SLACK_MS)) return stored;
    await this.line.ask(({ db }) => beginOverridesNow(db, { ownerId, now }));
    return await read();
  }

  private circumstances(): Circumstances {
    return { startsHeld: this.startsHeld(), shedAll: this.outageMs() >= SHED_AFTER_MS };
  }

  private startsHeld(): StatusTick['startsHeld'] {
    if (this.outageSinceMs !== null) return { reason: 'The database does not answer', until: null };
    if (this.configProblem)
      return { reason: `The settings cannot be used: ${this.configProblem}`, until: null };
    if (this.held && this.options.monotonicMs() < this.held.untilMs) {
      return {
        reason: 'The control has just taken over and first watches for a minute',
        until: this.held.until,
      };
    }
    return null;
  }

  private async record(result: CycleResult): Promise<'recorded' | 'buffered' | 'standby'> {
    const { pool, ledger, log } = this.options;
    const now = this.options.monotonicMs();
    const saveStates = now - this.statesSavedMs >= STATE_INTERVAL_MS;
    const deviceStates = saveStates ? pool.unsavedStates() : new Map<string, unknown>();
    const alertKeys = JSON.stringify(result.alerts.map(({ key, severity }) => `${key} ${severity}`).sort());
    const record: TickRecord = {
      ...result.history,
      memory: result.memory,
      guard: result.guard,
      commands: result.commands,
      alerts: alertKeys === this.recordedAlerts ? null : result.alerts,
      seen: result.seen,
      deviceStates,
      formerOver: result.formerOver,
    };
    let written: ReadonlySet<string>;
    try {
      written = await this.line.ask((connection) => recordTick(connection, this.commandWriter(), record));
    } catch (error) {
      if (error instanceof LeadershipLost) {
        await this.standDown(error.message);
        return 'standby';
      }
      log.error({ error: messageOf(error) }, 'the tick could not be stored');
      this.noteOutage();
      this.backlog.add(result.history);
      return 'buffered';
    }
    this.recordedAlerts = alertKeys;
    // Those of a simulated device that is gone are written no more.
    ledger.stored(result.commands.filter(({ id, simulated }) => simulated || written.has(id)));
    if (saveStates) {
      this.statesSavedMs = now;
      pool.saved(deviceStates);
    }
    if (this.outageSinceMs !== null)
      log.info({ outageMs: Math.round(this.outageMs()) }, 'the database is back');
    this.outageSinceMs = null;
    if (this.config) this.options.afterTick?.(this.config);
    return 'recorded';
  }

  /** Writes what was kept while the database was away; false when it is still away. */
  private async flush(): Promise<boolean> {
    const { ownerId, log } = this.options;
    const { size, dropped } = this.backlog;
    if (size === 0) return true;
    try {
      await this.backlog.flush((portion) =>
        this.line.ask((connection) => recordHistory(connection, ownerId, portion)),
      );
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'the database failed');
      this.noteOutage();
      return false;
    }
    log.info({ ticks: size, dropped }, 'stored what was kept while the database was away');
    return true;
  }

  /** Another worker is in charge, or may be: touch nothing. */
  private async standDown(reason: string): Promise<void> {
    if (!this.inCharge) return;
    const { pool, ledger, log } = this.options;
    log.warn({ reason }, 'standing by');
    this.inCharge = false;
    this.outageSinceMs = null;
    this.held = null;
    await ledger.idle();
    await pool.closeAll();
    await this.leaveBacklog();
    await this.leaveCommands();
  }

  /** What was kept is stored where it fills a gap; where another worker has recorded meanwhile, its rows stand. */
  private async leaveBacklog(): Promise<void> {
    const { span } = this.backlog;
    if (!span) return;
    const taken = await this.line
      .ask((connection) => hasRowsBetween(connection, this.options.ownerId, span.from, span.to))
      .catch(() => true);
    if (!taken && (await this.flush())) return;
    this.options.log.warn({ ticks: this.backlog.size }, 'let go of ticks that were never stored');
    this.backlog.clear();
    this.outageSinceMs = null;
  }

  /** What was switched off without a database is told, whoever leads now. */
  private async leaveCommands(): Promise<void> {
    const { ownerId, ledger, log } = this.options;
    const left = ledger.abandon();
    if (left.length === 0) return;
    await this.line
      .ask((connection) => writeLeftCommands(connection.db, ownerId, left))
      .catch((error) => {
        log.warn(
          { error: messageOf(error), commands: left.length },
          'let go of commands that were never stored',
        );
      });
  }

  private noteOutage(): void {
    if (this.outageSinceMs === null && this.inCharge) {
      this.outageSinceMs = this.options.monotonicMs();
      this.options.log.error({}, 'the database does not answer: nothing is started until it is back');
    }
    void this.line.drop();
  }

  private outageMs(): number {
    return this.outageSinceMs === null ? 0 : this.options.monotonicMs() - this.outageSinceMs;
  }
}

/** The keys that devices have now, by those they had. */
function newKeys(before: readonly DeviceSettings[], now: readonly DeviceSettings[]): Map<string, string> {
  const keyOf = new Map(now.map(({ id, key }) => [id, key]));
  return new Map(
    before.flatMap(({ id, key }) => {
      const newKey = keyOf.get(id);
      return newKey === undefined || newKey === key ? [] : [[key, newKey] as const];
    }),
  );
}
