import { setImmediate } from 'node:timers/promises';
import type { Connection } from '@/db/client';
import type { Command } from '@/lib/core/commands/types';
import type { Verdict } from '@/lib/core/types';
import type { Device, DriverContext } from '@/lib/drivers/types';
import { loadsOfRow } from '@/lib/telemetry/row';
import type { SiteConfig } from './config';
import type { DeviceSettings } from './devices';
import type { WorkerIdentity } from './identity';
import { ledgerStateOf } from './ledger/store';
import { type Inheritance, recordPast, type TickHistory } from './store';
import type { TickLog } from './tick';
import { wireCycle } from './wire';

const DAYS = 7;
const TICK_SECONDS = 60;
const TICK_MS = TICK_SECONDS * 1000;
const TICKS_PER_DAY = 86_400_000 / TICK_MS;
const CALL_TIMEOUT_MS = 5_000;

interface BackfillOptions {
  readonly who: WorkerIdentity;
  readonly open: (settings: DeviceSettings, context: DriverContext) => Promise<Device>;
  /** When the past ends, epoch ms. */
  readonly now: number;
  readonly log: TickLog;
  readonly signal: AbortSignal;
}

/** Whether everything that measures the site is a model: only such a site can be given a past. */
export function isSimulatedSite({ devices }: Pick<SiteConfig, 'devices'>): boolean {
  return (
    devices.some(({ roles }) => roles.includes('battery')) &&
    devices.every(({ driver, driverState }) => driver === 'simulated' && driverState === null)
  );
}

/**
 * Lets a simulated site live through the last seven days, with the same decisions and switches as live, and stores
 * them in one transaction: interrupted, it has not happened. Resolves to what the live worker goes on from.
 */
export async function backfill(
  connection: Connection,
  config: SiteConfig,
  options: BackfillOptions,
): Promise<Inheritance | null> {
  if (!isSimulatedSite(config)) return null;
  const { who, log, signal } = options;
  const startedMs = performance.now();
  const end = Math.floor(options.now / TICK_MS) * TICK_MS;
  let clock = end - DAYS * TICKS_PER_DAY * TICK_MS;
  const now = () => clock;
  const { cycle, pool, ledger } = wireCycle({
    ownerId: who.ownerId,
    tickSeconds: TICK_SECONDS,
    now,
    monotonicMs: now,
    open: options.open,
    openTimeoutMs: CALL_TIMEOUT_MS,
    callTimeoutMs: CALL_TIMEOUT_MS,
    patienceMs: CALL_TIMEOUT_MS,
    random: () => 0.5,
    log,
    shown: false,
    guarded: false,
  });
  log.info({ days: DAYS }, 'giving the simulated site a past');
  try {
    await pool.sync(config.devices, config.facts, CALL_TIMEOUT_MS);
    const history: TickHistory[] = [];
    const commands = new Map<string, Command>();
    // Each step with its time, in memory: a past that is interrupted has not happened.
    const keep = async (steps: readonly Command[]) => {
      for (const command of steps) commands.set(command.id, command);
      return new Set(steps.map(({ id }) => id));
    };
    const lastVerdicts = new Map<string, Verdict>();
    for (;;) {
      const result = await cycle.run(config, { startsHeld: null, shedAll: false });
      await keep(result.commands);
      ledger.stored(result.commands);
      await result.act(keep);
      history.push(result.history);
      for (const { loadId, verdict } of result.history.decisions) lastVerdicts.set(loadId, verdict);
      if (history.length % TICKS_PER_DAY === 0) {
        log.info({ day: history.length / TICKS_PER_DAY, of: DAYS }, 'simulated a day');
        // Signals and messages are heard between two days.
        await setImmediate();
        signal.throwIfAborted();
      }
      if (clock >= end) {
        const deviceStates = pool.unsavedStates();
        const past = { history, commands: [...commands.values()], memory: result.memory, deviceStates };
        await recordPast(connection, who, past);
        log.info(
          { ticks: history.length, ms: Math.round(performance.now() - startedMs) },
          'the simulated site has a past',
        );
        return {
          workerId: who.workerId,
          memory: result.memory,
          guard: null,
          lastVerdicts,
          hasHistory: true,
          evidence: history.flatMap((tick) => tick.evidence ?? []),
          commands: ledgerStateOf(past.commands, end),
          lastSeen: { at: end, loads: loadsOfRow(result.history.telemetry), silences: [] },
        };
      }
      clock += TICK_MS;
    }
  } finally {
    await pool.closeAll();
  }
}
