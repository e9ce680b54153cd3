import { and, eq, gt, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { commands, controlState } from '@/db/schema';
import { commandOf, NEWEST_OF_LOAD } from '@/lib/commands/row';
import { formerKey } from '@/lib/core/commands/former';
import { isOpen } from '@/lib/core/commands/steps';
import type { Command } from '@/lib/core/commands/types';
import type { WorkerIdentity } from '../identity';

const DAY_MS = 24 * 60 * 60_000;

/** What a ledger goes on from. */
export interface LedgerState {
  /** The newest command of each load. */
  readonly newest: readonly Command[];
  /** When devices were written to in the last 24 hours. */
  readonly writes: readonly { readonly deviceKey: string; readonly at: number; readonly count: number }[];
  /** When a worker last recorded a tick, in which it renewed the timers of what was on, epoch ms; null = never. */
  readonly lastTickAt: number | null;
}

/** How often the device took it. Attempts that it did not hear or refused are in the same count, so this may be too few. */
function writesOf({
  acknowledgedAt,
  state,
  attempts,
}: Pick<Command, 'state' | 'attempts'> & { acknowledgedAt: unknown }): number {
  if (acknowledgedAt === null) return 0;
  return state === 'not_followed' ? attempts : 1;
}

/** The same from commands at hand, oldest first. */
export function ledgerStateOf(list: readonly Command[], now: number): LedgerState {
  const newest = new Map(list.map((command) => [command.loadId, command]));
  const writes = list.flatMap((command) => {
    const { deviceKey, sentAt } = command;
    return sentAt === null || sentAt <= now - DAY_MS
      ? []
      : [{ deviceKey, at: sentAt, count: writesOf(command) }];
  });
  return { newest: [...newest.values()], writes, lastTickAt: now };
}

export async function readLedger(db: Executor, ownerId: string, now: number): Promise<LedgerState> {
  const newest = await db
    .selectDistinctOn([commands.loadId])
    .from(commands)
    .where(eq(commands.userId, ownerId))
    .orderBy(...NEWEST_OF_LOAD);
  const writes = await db
    .select({
      deviceKey: commands.deviceKey,
      sentAt: commands.sentAt,
      acknowledgedAt: commands.acknowledgedAt,
      state: commands.state,
      attempts: commands.attempts,
    })
    .from(commands)
    .where(
      and(
        eq(commands.userId, ownerId),
        isNotNull(commands.sentAt),
        gt(commands.intendedAt, new Date(now - DAY_MS)),
      ),
    );
  const [state] = await db
    .select({ lastTickAt: controlState.workerHeartbeatAt })
    .from(controlState)
    .where(eq(controlState.userId, ownerId));
  return {
    newest: newest.map(commandOf),
    lastTickAt: state?.lastTickAt?.getTime() ?? null,
    writes: writes.map((command) => ({
      deviceKey: command.deviceKey,
      at: command.sentAt?.getTime() ?? now,
      count: writesOf(command),
    })),
  };
}

export interface CommandWriter extends WorkerIdentity {
  /** The settings that it goes by. */
  readonly settingsVersion?: number;
}

/** Whether devices have changed since the settings that a worker goes by. */
export function isOutdated({ ownerId, settingsVersion }: CommandWriter): SQL {
  if (settingsVersion === undefined) return sql`false`;
  return sql`exists (select from settings_versions v
    where v.user_id = ${ownerId} and v.entity = 'device' and v.id > ${settingsVersion})`;
}

/** Whether the device of a command has left a former connection since the settings that a worker goes by. */
function wentSince({ ownerId, settingsVersion }: CommandWriter): SQL {
  if (settingsVersion === undefined) return sql`false`;
  return sql`exists (select from settings_versions v
    join former_connections f on f.user_id = v.user_id and f.device_id::text = v.entity_id and f.removed_at >= v.at
    where v.user_id = ${ownerId} and v.entity = 'device' and v.id > ${settingsVersion} and v.before->>'key' = c.device_key)`;
}

/**
 * Writes commands as they stand, new or known; gives the ids of those that were written. Nothing is written once
 * another worker's name stands on the site, nor of a simulated device that is gone. What was ended elsewhere does not go
 * on. By settings of devices that have changed since `settingsVersion` no start is sent, no command gets another key, and
 * none goes on, or is begun, whose device is not where it was.
 */
export async function writeCommands(
  db: Executor,
  writer: CommandWriter,
  list: readonly Command[],
): Promise<ReadonlySet<string>> {
  if (list.length === 0) return new Set();
  const { ownerId, workerId } = writer;
  const outdated = isOutdated(writer);
  const written = await db.execute<{ id: string }>(sql`
    ${insertion(ownerId, list)}
      and exists (select from control_state where user_id = ${ownerId} and worker_id = ${workerId})
      and not (c.state = 'sent' and c.desired->>'state' = 'on' and ${outdated})
      and not (${wentSince(writer)})
    on conflict (id) do update set load_id = case when ${outdated} then commands.load_id else excluded.load_id end,
      device_key = case when ${outdated} then commands.device_key else excluded.device_key end,
      state = excluded.state, attempts = excluded.attempts, sent_at = excluded.sent_at,
      acknowledged_at = excluded.acknowledged_at, observed_at = excluded.observed_at, retry_at = excluded.retry_at,
      ended_at = excluded.ended_at, error = excluded.error
      where (commands.ended_at is null or excluded.ended_at is not null)
        and not (commands.device_key <> excluded.device_key and commands.device_key like ${formerKey('%')} and ${outdated})
    returning id`);
  return new Set(written.map(({ id }) => id));
}

/**
 * Writes what a worker that has stood down did and could not store; what is stored already stands. Rejects a command that
 * is not over: whoever leads now goes on from the stored ones.
 */
export async function writeLeftCommands(
  db: Executor,
  ownerId: string,
  list: readonly Command[],
): Promise<void> {
  if (list.some(isOpen)) throw new RangeError('an open command is its leader’s to write');
  if (list.length > 0) await db.execute(sql`${insertion(ownerId, list)} on conflict (id) do nothing`);
}

/** Without its end: a condition may follow, and what to do about rows that are there. */
function insertion(ownerId: string, list: readonly Command[]): SQL {
  return sql`
    insert into commands (id, user_id, load_id, load_name, device_key, desired, state, attempts, intended_at, sent_at,
      acknowledged_at, observed_at, retry_at, ended_at, error, cause, simulated)
    select c.id, ${ownerId}, c.load_id, c.load_name, c.device_key, c.desired, c.state, c.attempts, c.intended_at, c.sent_at,
      c.acknowledged_at, c.observed_at, c.retry_at, c.ended_at, c.error, c.cause, c.simulated
    from jsonb_to_recordset(${JSON.stringify(list.map(recordOf))}::text::jsonb) as c(
      id uuid, load_id text, load_name text, device_key text, desired jsonb, state text, attempts integer,
      intended_at timestamptz, sent_at timestamptz, acknowledged_at timestamptz, observed_at timestamptz,
      retry_at timestamptz, ended_at timestamptz, error text, cause text, simulated boolean)
    where (not c.simulated or exists (select from devices d where d.user_id = ${ownerId} and d.key = c.device_key))`;
}

function recordOf(command: Command) {
  return {
    id: command.id,
    load_id: command.loadId,
    load_name: command.loadName,
    device_key: command.deviceKey,
    desired: command.desired,
    state: command.state,
    attempts: command.attempts,
    intended_at: instant(command.intendedAt),
    sent_at: instant(command.sentAt),
    acknowledged_at: instant(command.acknowledgedAt),
    observed_at: instant(command.observedAt),
    retry_at: instant(command.retryAt),
    ended_at: instant(command.endedAt),
    error: command.error,
    cause: command.cause,
    simulated: command.simulated,
  };
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
