import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { connect } from '@/db/client';
import { commands } from '@/db/schema';
import { randomOf } from '@/lib/core/random-site.case';
import { setUpDatabase } from '@/lib/devices/setup-database';
import { bundle } from '../bundle';
import type { LogEntry } from './plugs';
import { HURRY, override, PLUGS, setUpSite } from './site';

/** Late morning in California in June, under a clear sky. */
const START = Date.UTC(2026, 5, 1, 17, 0);
const PATIENCE_MS = 60_000;
/** A command takes about so long from its intention to its effect here. */
const INSIDE_MS = 160;

export interface CrashOptions {
  readonly url: string;
  /** Kills that must fall between two steps of a command. */
  readonly kills: number;
  readonly seed: number;
  readonly onRound?: (line: string) => void;
}

export interface CrashFigures {
  readonly rounds: number;
  /** By the newest step that was stored when the worker was killed. */
  readonly killedAt: Readonly<Record<string, number>>;
  readonly insideCommand: number;
  readonly onsReceived: number;
  readonly offsReceived: number;
  readonly autoOffs: number;
  /** An on for a plug that was on, and nothing had switched it off between. */
  readonly onsTwice: number;
  /** Calls that no stored step accounts for. */
  readonly unaccounted: number;
  /** Plugs wanted off that did not go off after the next start. */
  readonly offsLost: number;
}

/**
 * Kills the worker (SIGKILL) at random moments around a switch until so many kills fell inside a command, starts it
 * again, and compares the plugs' own log with what was wanted and with the ledger.
 */
export async function crashRounds(options: CrashOptions): Promise<CrashFigures> {
  const bench = await openBench(options);
  try {
    for (let round = 1; bench.insideCommand() < options.kills; round += 1) {
      if (round > 4 * options.kills + 10) throw new Error('the kills keep missing the commands');
      await bench.round(round);
    }
    return await bench.figures();
  } finally {
    await bench.end();
  }
}

async function openBench({ url, seed, onRound }: CrashOptions) {
  await setUpDatabase(url);
  const connection = connect(url, { max: 2, applicationName: 'crash-rounds' });
  const random = randomOf(seed).next;
  const workerProgram = await bundle('test/crash/worker.ts');
  const plugs = fork(await bundle('test/crash/plugs.ts'), { execArgv: [] });
  const [{ port }] = (await once(plugs, 'message')) as [{ port: number }];
  const plugUrl = `http://127.0.0.1:${port}`;
  const loads = await setUpSite(connection, plugUrl);
  const killedAt: Record<string, number> = {};
  const wanted = Array<'on' | 'off'>(PLUGS).fill('off');
  let worker: ChildProcess | null = null;
  let simAt = START;
  let rounds = 0;
  let offsLost = 0;
  let failure: string | null = null;

  const readLog = async () => {
    const response = await fetch(`${plugUrl}/log`);
    return (await response.json()) as { log: LogEntry[]; states: boolean[] };
  };
  const start = () => {
    const child = fork(workerProgram, {
      execArgv: [],
      env: {
        ...process.env,
        DATABASE_URL: url,
        CRASH_START_AT: String(simAt),
        CRASH_HURRY: String(HURRY),
      },
    });
    worker = child;
    child.on('message', (told: { at?: number; failed?: string }) => {
      if (told.failed) failure = told.failed;
      if (told.at) simAt = told.at;
    });
  };
  const kill = async () => {
    const child = worker;
    worker = null;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    // A restart takes seconds; what the hurrying clock makes of that is left out.
    simAt += 1000 * (2 + 50 * random());
  };
  const until = async (what: string, holds: () => Promise<boolean>): Promise<boolean> => {
    for (const beganMs = performance.now(); performance.now() - beganMs < PATIENCE_MS; ) {
      if (failure) throw new Error(`${what}: ${failure}`);
      if (await holds()) return true;
      await sleep(2);
    }
    return false;
  };
  const settled = async () => {
    const [row] = await connection.db.execute<{ held: boolean; at: number }>(sql`
      select last_tick->'startsHeld' <> 'null'::jsonb as held, (last_tick->>'at')::float8 as at from control_state`);
    return row !== undefined && !row.held && row.at > simAt - 30_000;
  };
  const ownOpen = async (plug: number) => {
    const open = and(eq(commands.loadId, loads[plug] ?? ''), isNull(commands.endedAt));
    const [row] = await connection.db.select({ state: commands.state }).from(commands).where(open);
    return row;
  };
  const off = (plug: number) => async () => (await readLog()).states[plug] === false;

  /** Half of the time a plug that is on, to be switched off; else one that is off and was to be, to be switched on. */
  const draw = async (): Promise<{ plug: number; state: 'on' | 'off' }> => {
    const { states } = await readLog();
    const all = states.map((_, plug) => plug);
    const running = all.filter((plug) => states[plug] && wanted[plug] === 'on');
    const resting = all.filter((plug) => !states[plug] && wanted[plug] === 'off');
    const state = running.length > 0 && (resting.length === 0 || random() < 0.5) ? 'off' : 'on';
    const drawn = state === 'off' ? running : resting.length > 0 ? resting : all;
    return { plug: drawn[Math.floor(random() * drawn.length)] ?? 0, state };
  };

  const round = async (number: number) => {
    rounds = number;
    if (!worker) start();
    if (!(await until('start', settled))) throw new Error('the worker does not get ready');
    const { plug, state } = await draw();
    wanted[plug] = state;
    await override(connection, { loadId: loads[plug] ?? '', state, at: simAt });
    // Usually inside the command, sometimes just before it or just after.
    await until('a command', async () => (await ownOpen(plug)) !== undefined || random() < 0.001);
    await sleep(random() * INSIDE_MS);
    await kill();
    const step = (await ownOpen(plug))?.state ?? 'no command';
    killedAt[step] = (killedAt[step] ?? 0) + 1;
    start();
    let end = 'is awaited';
    if (state === 'off') {
      const gone = await until('off', off(plug));
      if (!gone) offsLost += 1;
      end = gone ? 'is off' : 'STAYS ON';
    } else if (step === 'no command' || step === 'intended') {
      // Nothing was sent: the rules start it when they may.
      await until('on', async () => !(await off(plug)()) || (await settled()));
      end = (await off(plug)()) ? 'may start' : 'is on';
    } else {
      await until('on', settled);
      end = (await off(plug)()) ? 'is off' : 'is on';
    }
    onRound?.(`round ${number}: ${state} for plug ${plug}, killed at "${step}"; after the restart it ${end}`);
  };

  const insideCommand = () =>
    Object.entries(killedAt).reduce((sum, [step, count]) => (STEPS.includes(step) ? sum + count : sum), 0);

  return {
    round,
    insideCommand,
    async figures(): Promise<CrashFigures> {
      for (const [plug, state] of wanted.entries()) {
        if (state === 'off' && !(await until('off', off(plug)))) offsLost += 1;
      }
      const { log } = await readLog();
      const rows = await connection.db
        .select({
          loadId: commands.loadId,
          state: sql<string>`desired->>'state'`,
          attempts: sql<number>`sum(attempts)::int`,
        })
        .from(commands)
        .groupBy(commands.loadId, sql`desired->>'state'`);
      let unaccounted = 0;
      for (const [plug, loadId] of loads.entries()) {
        for (const what of ['on', 'off'] as const) {
          const calls = log.filter((entry) => entry.plug === plug && entry.what === what).length;
          const told = rows.find((row) => row.loadId === loadId && row.state === what)?.attempts ?? 0;
          unaccounted += Math.max(0, calls - told);
        }
      }
      const count = (what: LogEntry['what']) => log.filter((entry) => entry.what === what).length;
      return {
        rounds,
        killedAt,
        insideCommand: insideCommand(),
        onsReceived: count('on'),
        offsReceived: count('off'),
        autoOffs: count('auto-off'),
        onsTwice: log.filter(({ what, was }) => what === 'on' && was).length,
        unaccounted,
        offsLost,
      };
    },
    async end() {
      await kill();
      plugs.kill('SIGKILL');
      await connection.end();
    },
  };
}

/** A kill between two of these is inside a command. */
const STEPS = ['intended', 'sent', 'acknowledged'];
