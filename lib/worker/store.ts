import { and, desc, eq, inArray, not, sql } from 'drizzle-orm';
import type { Connection, Executor } from '@/db/client';
import {
  controlState,
  decisions,
  devices,
  formerConnections,
  minerProfiles,
  resistanceEvidence,
  telemetry,
} from '@/db/schema';
import { reconcileAlerts } from '@/lib/alerts/mutations';
import type { Command } from '@/lib/core/commands/types';
import type { GuardState } from '@/lib/core/invariants/guard';
import type { AlertCondition, Memory, Verdict } from '@/lib/core/types';
import { readLastVerdicts } from '@/lib/decisions/queries';
import { DRIVER_CATALOG, DRIVER_KEYS } from '@/lib/drivers/catalog';
import { type KeptEvidence, pruneEvidence, readEvidence } from '@/lib/resistance/queries';
import type { StatusTick } from '@/lib/status/types';
import { lockRollUps, noteRecorded } from '@/lib/telemetry/rollup';
import { loadsOfRow, type NewTelemetryRow } from '@/lib/telemetry/row';
import type { WorkerIdentity } from './identity';
import { type CommandWriter, isOutdated, type LedgerState, readLedger, writeCommands } from './ledger/store';
import { type LastSeen, LONGEST_GAP_MS, type Silence } from './state-watch';

export type NewDecision = typeof decisions.$inferInsert;

/** A miner that was seen to start or to stop. */
export interface MinerRun {
  readonly minerId: string;
  readonly startedAt: number | null;
  readonly stoppedAt: number | null;
  readonly ranHours: number;
}

export interface SeenDevice {
  readonly key: string;
  readonly lastSeenAt: number | null;
  readonly error: string | null;
}

/** What happened in one tick: history, written once and never again. */
export interface TickHistory {
  readonly telemetry: NewTelemetryRow;
  readonly decisions: readonly NewDecision[];
  readonly minerRuns: readonly MinerRun[];
  /** A step of the battery current that this tick completed. */
  readonly evidence: KeptEvidence | null;
}

/** A tick with the state it leaves behind. */
export interface TickRecord extends TickHistory {
  /** Commands as they stand, where that is not stored yet. */
  readonly commands: readonly Command[];
  readonly memory: Memory;
  readonly guard: GuardState | null;
  /** Null: the same as at the last record. */
  readonly alerts: readonly AlertCondition[] | null;
  readonly seen: readonly SeenDevice[];
  readonly deviceStates: ReadonlyMap<string, unknown>;
  /** Former connections that are not needed any more. */
  readonly formerOver: readonly string[];
}

/** Another worker has taken the site over; nothing was written. */
export class LeadershipLost extends Error {
  constructor() {
    super('another worker has taken over');
    this.name = 'LeadershipLost';
  }
}

const MODELLED_DRIVERS = DRIVER_KEYS.filter((key) => !DRIVER_CATALOG[key].hardware);

/** Keeps a statement well below the protocol's 65 535 parameters. */
const ROWS_AT_ONCE = 500;

export interface Inheritance {
  /** Who recorded last; null when nobody ever did. */
  readonly workerId: string | null;
  readonly memory: unknown;
  /** What judged its ticks, beside the memory. */
  readonly guard: unknown;
  readonly lastVerdicts: Map<string, Verdict>;
  readonly hasHistory: boolean;
  readonly evidence: readonly KeptEvidence[];
  readonly commands: LedgerState;
  /** Loads in the newest tick that is recorded. */
  readonly lastSeen: LastSeen | null;
}

/** Puts this worker's name on the site's control, and tells what the one before it left. */
export async function takeOver(
  { db }: Connection,
  { ownerId, workerId }: WorkerIdentity,
  now: number,
): Promise<Inheritance> {
  return await db.transaction(async (tx) => {
    const [before] = await tx
      .select()
      .from(controlState)
      .where(eq(controlState.userId, ownerId))
      .for('update');
    if (!before) throw new Error(`control_state has no row for owner ${ownerId}`);
    await tx.update(controlState).set({ workerId }).where(eq(controlState.userId, ownerId));
    const [newest] = await tx
      .select({ ts: telemetry.ts, loads: telemetry.loads })
      .from(telemetry)
      .where(eq(telemetry.userId, ownerId))
      .orderBy(desc(telemetry.ts))
      .limit(1);
    return {
      workerId: before.workerId,
      memory: before.memory,
      guard: before.guard,
      lastVerdicts: await readLastVerdicts(tx, ownerId),
      hasHistory: newest !== undefined,
      evidence: await readEvidence(tx, ownerId),
      commands: await readLedger(tx, ownerId, now),
      lastSeen: newest ? { at: newest.ts.getTime(), loads: loadsOfRow(newest), silences: null } : null,
    };
  });
}

/**
 * Those up to a moment (epoch ms) since the oldest start of a miner that has not been seen to stop. Goes through all
 * ticks of that time: nothing that control waits for may wait for it.
 */
export async function readSilences(db: Executor, ownerId: string, until: number): Promise<Silence[]> {
  const end = sql`${new Date(until).toISOString()}::timestamptz`;
  // Minutes reach back further than ticks.
  return await db.execute<{ from: number; to: number }>(sql`
    with since as (
      select min(last_started_at) as started_at from miner_profiles
      where user_id = ${ownerId} and (last_stopped_at is null or last_stopped_at < last_started_at)
    ), recorded as (
      select ts from telemetry, since where user_id = ${ownerId} and ts >= started_at and ts <= ${end}
      union all
      select ts from telemetry_1m, since where user_id = ${ownerId} and ts >= started_at
        and ts < (select min(ts) from telemetry where user_id = ${ownerId})
    ), steps as (select lag(ts) over (order by ts) as before, ts from recorded)
    select extract(epoch from before)::float8 * 1000 as "from", extract(epoch from ts)::float8 * 1000 as "to"
    from steps where ts - before > make_interval(secs => ${LONGEST_GAP_MS / 1000})`);
}

/**
 * Writes a tick whole or not at all, durably, but for what outdated settings keep from it; gives the ids of the commands
 * that were written. Rejects with LeadershipLost when another worker's name stands on the site.
 */
export async function recordTick(
  { db }: Connection,
  who: CommandWriter,
  record: TickRecord,
): Promise<ReadonlySet<string>> {
  const { ownerId, workerId } = who;
  return await db.transaction(async (tx) => {
    if (!(await outlivedSimulatedSite(tx, ownerId, record))) await writeHistory(tx, ownerId, [record]);
    await saveDevices(tx, ownerId, record);
    const written = await writeCommands(tx, who, record.commands);
    // Only once its commands, which may have moved on, are surely stored so.
    if (record.formerOver.length > 0)
      await tx
        .delete(formerConnections)
        .where(and(inArray(formerConnections.id, [...record.formerOver]), not(isOutdated(who))));
    if (record.alerts) {
      await reconcileAlerts(tx, { ownerId, at: record.telemetry.ts.getTime(), conditions: record.alerts });
    }
    // Last, as in every change of settings that touches it: the same order of locks everywhere.
    const mine = await tx
      .update(controlState)
      .set({
        memory: record.memory,
        guard: record.guard,
        memorySchemaVersion: record.memory.schemaVersion,
        memoryAt: record.telemetry.ts,
        workerHeartbeatAt: record.telemetry.ts,
      })
      .where(and(eq(controlState.userId, ownerId), eq(controlState.workerId, workerId)))
      .returning({ workerId: controlState.workerId });
    if (mine.length === 0) throw new LeadershipLost();
    return written;
  });
}

/**
 * Shows a recorded tick to pages and API, adds the flips to its decisions, and tells who listens. Rejects with
 * LeadershipLost when another worker's name stands on the site.
 */
export async function publishStatus(
  { db }: Connection,
  { ownerId, workerId }: WorkerIdentity,
  tick: { readonly status: StatusTick; readonly decisions: readonly NewDecision[] },
): Promise<void> {
  await db.transaction(async (tx) => {
    for (const { ts, loadId, explanation } of tick.decisions) {
      await tx
        .update(decisions)
        .set({ explanation })
        .where(and(eq(decisions.userId, ownerId), eq(decisions.loadId, loadId), eq(decisions.ts, ts)));
    }
    const mine = await tx
      .update(controlState)
      .set({ lastTick: tick.status })
      .where(and(eq(controlState.userId, ownerId), eq(controlState.workerId, workerId)))
      .returning({ workerId: controlState.workerId });
    if (mine.length === 0) throw new LeadershipLost();
    await tx.execute(sql`select pg_notify('commandcenter_tick', ${ownerId})`);
  });
}

/**
 * Whether the owner removed the simulated site while this tick, which still measured it, was under way. What it saw
 * must not be written behind the removal's back; the lock makes a removal that comes later wait, and then take it along.
 */
async function outlivedSimulatedSite(tx: Executor, ownerId: string, record: TickRecord): Promise<boolean> {
  if (!record.telemetry.simulated) return false;
  // Before the devices, as in the removal: the same order of locks.
  await lockRollUps(tx, ownerId);
  const modelled = await tx
    .select({ id: devices.id })
    .from(devices)
    .where(and(eq(devices.userId, ownerId), inArray(devices.driver, MODELLED_DRIVERS)))
    .for('share');
  return modelled.length === 0;
}

/** Writes the past of a simulated site, with the state it ends in: whole or not at all. */
export async function recordPast(
  { db }: Connection,
  { ownerId, workerId }: WorkerIdentity,
  past: {
    readonly history: readonly TickHistory[];
    readonly commands: readonly Command[];
    readonly memory: Memory;
    readonly deviceStates: ReadonlyMap<string, unknown>;
  },
): Promise<void> {
  await db.transaction(async (tx) => {
    for (let i = 0; i < past.history.length; i += ROWS_AT_ONCE) {
      await writeHistory(tx, ownerId, past.history.slice(i, i + ROWS_AT_ONCE));
    }
    for (let i = 0; i < past.commands.length; i += ROWS_AT_ONCE) {
      await writeCommands(tx, { ownerId, workerId }, past.commands.slice(i, i + ROWS_AT_ONCE));
    }
    await saveDeviceStates(tx, ownerId, past.deviceStates);
    const mine = await tx
      .update(controlState)
      .set({
        memory: past.memory,
        guard: null,
        memorySchemaVersion: past.memory.schemaVersion,
        memoryAt: past.history.at(-1)?.telemetry.ts ?? null,
      })
      .where(and(eq(controlState.userId, ownerId), eq(controlState.workerId, workerId)))
      .returning({ workerId: controlState.workerId });
    if (mine.length === 0) throw new LeadershipLost();
  });
}

/** Writes what was kept while the database was away; what is there already stays as it is. */
export async function recordHistory(
  { db }: Connection,
  ownerId: string,
  history: readonly TickHistory[],
): Promise<void> {
  await db.transaction(async (tx) => {
    // Telemetry alone may wait for the disk: a power cut costs at most the last second of it.
    if (
      history.every((tick) => tick.decisions.length === 0 && tick.minerRuns.length === 0 && !tick.evidence)
    ) {
      await tx.execute(sql`set local synchronous_commit = off`);
    }
    await writeHistory(tx, ownerId, history);
  });
}

/** Whether rows were recorded between two moments, both included. */
export async function hasRowsBetween(
  { db }: Connection,
  ownerId: string,
  from: Date,
  to: Date,
): Promise<boolean> {
  const rows = await db.execute(sql`
    select 1 from telemetry where user_id = ${ownerId}
      and ts between ${from.toISOString()}::timestamptz and ${to.toISOString()}::timestamptz limit 1`);
  return rows.length > 0;
}

/** Keeps what the drivers need after a restart. */
export async function saveDeviceStates(
  db: Executor,
  ownerId: string,
  states: ReadonlyMap<string, unknown>,
): Promise<void> {
  for (const [key, driverState] of states) {
    await db
      .update(devices)
      .set({ driverState })
      .where(and(eq(devices.userId, ownerId), eq(devices.key, key)));
  }
}

async function writeHistory(tx: Executor, ownerId: string, history: readonly TickHistory[]): Promise<void> {
  // The clock may have been put back in between.
  const earliest = Math.min(...history.map((tick) => tick.telemetry.ts.getTime()));
  if (Number.isFinite(earliest)) await noteRecorded(tx, ownerId, new Date(earliest));
  await tx
    .insert(telemetry)
    .values(history.map((tick) => tick.telemetry))
    .onConflictDoNothing();
  const changes = history.flatMap((tick) => tick.decisions);
  if (changes.length > 0) await tx.insert(decisions).values(changes).onConflictDoNothing();
  for (const run of history.flatMap((tick) => tick.minerRuns)) await noteMinerRun(tx, ownerId, run);
  await writeEvidence(tx, ownerId, history);
}

async function writeEvidence(tx: Executor, ownerId: string, history: readonly TickHistory[]): Promise<void> {
  const rows = history.flatMap(({ evidence }) =>
    evidence === null
      ? []
      : [
          {
            userId: ownerId,
            ts: new Date(evidence.at),
            fromA: evidence.fromA,
            deltaA: evidence.deltaA,
            deltaV: evidence.deltaV,
            batteryTemperatureC: evidence.temperatureC,
            cause: evidence.cause,
            simulated: evidence.simulated,
          },
        ],
  );
  if (rows.length === 0) return;
  await tx.insert(resistanceEvidence).values(rows).onConflictDoNothing();
  await pruneEvidence(tx, ownerId);
}

/** Idempotent: the same stop adds its hours once. */
async function noteMinerRun(tx: Executor, ownerId: string, run: MinerRun): Promise<void> {
  const miner = and(eq(minerProfiles.userId, ownerId), eq(minerProfiles.id, run.minerId));
  if (run.startedAt !== null) {
    await tx
      .update(minerProfiles)
      .set({ lastStartedAt: new Date(run.startedAt) })
      .where(miner);
  }
  if (run.stoppedAt !== null) {
    const stoppedAt = new Date(run.stoppedAt);
    await tx
      .update(minerProfiles)
      .set({
        lastStoppedAt: stoppedAt,
        totalRuntimeHours: sql`${minerProfiles.totalRuntimeHours} + ${run.ranHours.toFixed(2)}::numeric`,
      })
      .where(
        and(
          miner,
          sql`${minerProfiles.lastStoppedAt} is distinct from ${stoppedAt.toISOString()}::timestamptz`,
        ),
      );
  }
}

async function saveDevices(tx: Executor, ownerId: string, record: TickRecord): Promise<void> {
  if (record.seen.length > 0) {
    const seen = JSON.stringify(
      record.seen.map(({ key, lastSeenAt, error }) => ({
        key,
        seen_at: lastSeenAt === null ? null : new Date(lastSeenAt).toISOString(),
        error,
      })),
    );
    await tx.execute(sql`
      update devices set last_seen_at = seen.seen_at, last_error = seen.error
      from jsonb_to_recordset(${seen}::text::jsonb) as seen(key text, seen_at timestamptz, error text)
      where devices.user_id = ${ownerId} and devices.key = seen.key`);
  }
  await saveDeviceStates(tx, ownerId, record.deviceStates);
}
