import { describe, expect, it } from 'vitest';
import type { Command } from '@/lib/core/commands/types';
import { type Device, DriverError } from '@/lib/drivers/types';
import { Ledger } from './ledger';
import type { LedgerTask } from './tasks';

interface PlugOptions {
  readonly answer?: (what: string) => Promise<void>;
  readonly timer?: boolean;
  readonly writesPerDay?: number;
}

/** A plug that notes what it is asked, and when, among everything else that is noted. */
function plug(key: string, notes: string[], { answer, timer, writesPerDay }: PlugOptions = {}): Device {
  const asked = async (what: string) => {
    notes.push(`${key} ${what}`);
    await answer?.(what);
  };
  return {
    key,
    capabilities: {
      switch: {
        readSwitch: () => Promise.reject(new Error('not read here')),
        setSwitch: (state, { autoOffSeconds } = {}) =>
          asked(autoOffSeconds === undefined ? state : `${state} for ${autoOffSeconds} s`),
        ...(timer && { renewAutoOff: (seconds: number) => asked(`renew ${seconds}`) }),
      },
    },
    simulated: false,
    simulatedRoles: [],
    pollSeconds: 5,
    ...(writesPerDay !== undefined && { writesPerDay }),
    saveState: () => null,
    close: async () => {},
  };
}

function bench() {
  const notes: string[] = [];
  const stored: Command[] = [];
  let at = 1_780_000_000_000;
  let ids = 0;
  const fresh = () =>
    new Ledger({
      now: () => at,
      monotonicMs: () => at,
      random: () => 0.5,
      newId: () => `c${++ids}`,
      callTimeoutMs: 400,
      patienceMs: 40,
      log: { info() {}, warn() {} },
    });
  const save = async (commands: readonly Command[]) => {
    for (const command of commands) {
      stored.push(command);
      notes.push(`stored ${command.loadId} ${command.state}`);
    }
    return new Set(commands.map(({ id }) => id));
  };
  const task = (loadId: string, device: Device, wanted: 'on' | 'off' | null): LedgerTask => ({
    loadId,
    loadName: loadId,
    deviceKey: device.key,
    simulated: false,
    isFan: false,
    wanted: wanted === null ? { kind: 'silent' } : { kind: 'set', desired: { state: wanted }, cause: 'test' },
    permission: 'all',
    heldBecause: '',
    seen: { state: wanted === 'on' ? 'off' : 'on', fanSpeed: null, sampleAt: at },
    device,
    autoOffSeconds: device.capabilities.switch?.renewAutoOff ? 30 : null,
  });
  return {
    notes,
    stored,
    fresh,
    save,
    task,
    pass: (ms: number) => {
      at += ms;
    },
    /** One tick as the worker does it: the intentions are stored with it, then the ledger acts. */
    async tick(ledger: Ledger, tasks: readonly LedgerTask[], door: typeof save | null = save) {
      at += 10_000;
      const { errands, alerts } = ledger.plan(tasks, () => true);
      if (door) {
        const changed = ledger.toStore();
        await door(changed);
        ledger.stored(changed);
      }
      await ledger.act(errands, door);
      return alerts;
    },
  };
}

describe('the ledger', () => {
  it('stores each step before it tries the next', async () => {
    const { notes, fresh, task, tick } = bench();
    await tick(fresh(), [task('miner:a', plug('p', notes), 'on')]);
    expect(notes).toEqual([
      'stored miner:a intended',
      'stored miner:a sent',
      'p on',
      'stored miner:a acknowledged',
    ]);
  });

  it('switches nothing on where that could not be stored, and off all the same', async () => {
    const { notes, fresh, task, tick } = bench();
    const failing = () => Promise.reject(new Error('no database'));
    const ledger = fresh();
    const tasks = [task('miner:a', plug('p', notes), 'on'), task('heater:b', plug('q', notes), 'off')];
    const { errands } = ledger.plan(tasks, () => true);
    await ledger.act(errands, failing);
    expect(notes).toEqual(['q off']);
    // Its steps are kept until they can be stored; the on is still only intended.
    expect(ledger.toStore().map(({ loadId, state }) => `${loadId} ${state}`)).toEqual([
      'miner:a intended',
      'heater:b acknowledged',
    ]);
    await tick(ledger, [{ ...task('miner:a', plug('p', notes), 'on') }], null);
    expect(notes).toEqual(['q off']);
    await tick(ledger, [task('miner:a', plug('p', notes), 'on')]);
    expect(notes).toContain('p on');
    expect(ledger.toStore()).toEqual([]);
  });

  it('sends nothing at all once the site is another worker’s', async () => {
    const { notes, fresh, task } = bench();
    const ledger = fresh();
    const tasks = [task('miner:a', plug('p', notes), 'on'), task('heater:b', plug('q', notes), 'off')];
    await ledger.act(ledger.plan(tasks, () => true).errands, async () => new Set());
    expect(notes).toEqual([]);
  });

  it('makes one call at a time per device, offs first, and lets a silent device hold up no other', async () => {
    const { notes, fresh, task, tick } = bench();
    let open = 0;
    let most = 0;
    const slowly = async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      open -= 1;
    };
    const shared = plug('p', notes, { answer: slowly });
    await tick(fresh(), [task('miner:a', shared, 'on'), task('miner:b', shared, 'off')], null);
    await tick(fresh(), [
      task('miner:a', shared, 'on'),
      task('miner:b', shared, 'off'),
      task('miner:c', shared, 'off'),
    ]);
    expect(most).toBe(1);
    expect(notes.filter((note) => note.startsWith('p')).slice(1)).toEqual(['p off', 'p off', 'p on']);

    const dead = plug('dead', notes, { answer: () => new Promise(() => {}) });
    const ledger = fresh();
    const tasks = [task('miner:dead', dead, 'off'), task('miner:well', plug('well', notes), 'off')];
    const beganMs = performance.now();
    await tick(ledger, tasks);
    expect(performance.now() - beganMs).toBeLessThan(390);
    expect(notes).toContain('well off');
    expect(ledger.newest('miner:well')?.state).toBe('acknowledged');
    expect(ledger.newest('miner:dead')?.state).toBe('sent');
    // It is not called again while the first call is under way, and its time-out is told.
    await tick(ledger, tasks);
    await ledger.idle();
    expect(notes.filter((note) => note === 'dead off')).toHaveLength(1);
    expect(ledger.newest('miner:dead')).toMatchObject({
      state: 'unreachable',
      error: 'dead did not answer in time.',
    });
  });

  it('tells a refusal in the driver’s words, once', async () => {
    const { notes, fresh, task, tick } = bench();
    const locked = plug('p', notes, {
      answer: () => Promise.reject(new DriverError('refused', 'The plug is locked', false)),
    });
    const ledger = fresh();
    const raised: string[] = [];
    for (let i = 0; i < 40; i += 1) {
      for (const { key, text } of await tick(ledger, [task('heater:a', locked, 'off')]))
        raised.push(`${key} ${text}`);
    }
    expect(new Set(raised)).toEqual(
      new Set([
        'command:heater:a heater:a could not be switched off: The plug is locked. It is tried again.',
      ]),
    );
    expect(
      notes.filter((note) => note === 'p off'),
      'at once and then every minute',
    ).toHaveLength(7);
  });

  it('switches on with the dead-man timer, renews it while it is wanted on, and not a tick longer', async () => {
    const { notes, fresh, task, tick } = bench();
    const timed = plug('p', notes, { timer: true });
    const ledger = fresh();
    await tick(ledger, [task('miner:a', timed, 'on')]);
    expect(notes).toContain('p on for 30 s');
    const on = (wanted: 'on' | 'off' | null, permission: LedgerTask['permission'] = 'all'): LedgerTask => ({
      ...task('miner:a', timed, wanted),
      permission,
      seen: { state: 'on', fanSpeed: null, sampleAt: Number.MAX_SAFE_INTEGER },
    });
    const renewals = async (next: LedgerTask) => {
      notes.length = 0;
      await tick(ledger, [next]);
      return notes.filter((note) => note === 'p renew 30').length;
    };
    expect(await renewals(on('on'))).toBe(1);
    // Nothing can be said for now: what we switched on goes on.
    expect(await renewals(on(null, 'hold'))).toBe(1);
    expect(await renewals(on('on', 'none'))).toBe(0);
    expect(await renewals(on('off'))).toBe(0);
    // Somebody else's is not ours to keep on.
    const other = { ...on(null), loadId: 'miner:b' };
    expect(await renewals(other)).toBe(0);
  });

  it('takes no more writes than the device bears in a day, offs aside, and says so', async () => {
    const { notes, fresh, task, tick, pass } = bench();
    const worn = plug('p', notes, { writesPerDay: 3 });
    const ledger = fresh();
    for (let i = 0; i < 2; i += 1) {
      await tick(ledger, [task('miner:a', worn, 'on')]);
      await tick(ledger, [task('miner:a', worn, 'off')]);
      await tick(ledger, [{ ...task('miner:a', worn, null), seen: task('miner:a', worn, 'on').seen }]);
    }
    const asked = () => notes.filter((note) => note.startsWith('p '));
    expect(asked()).toEqual(['p on', 'p off', 'p on', 'p off']);
    const alerts = await tick(ledger, [task('miner:a', worn, 'on')]);
    expect(alerts).toMatchObject([{ key: 'write-budget:p', text: expect.stringContaining('never refused') }]);
    pass(24 * 60 * 60_000);
    expect(await tick(ledger, [task('miner:a', worn, 'on')])).toEqual([]);
    expect(asked()).toHaveLength(5);
  });

  it('goes on at once after a night out of reach: what a device did not hear has not worn it', async () => {
    const { notes, fresh, task, tick, pass } = bench();
    let isReachable = true;
    const away = plug('p', notes, {
      writesPerDay: 50,
      answer: async () => {
        if (!isReachable) throw new DriverError('unreachable', 'no answer', true);
      },
    });
    const ledger = fresh();
    await tick(ledger, [task('miner:a', away, 'on')]);
    isReachable = false;
    for (let minutes = 0; minutes < 10 * 60; minutes += 1) {
      pass(60_000);
      await tick(ledger, [task('miner:a', away, 'off')]);
    }
    expect(notes.filter((note) => note === 'p off').length).toBeGreaterThan(300);
    isReachable = true;
    pass(60_000);
    await tick(ledger, [task('miner:a', away, 'off')]);
    notes.length = 0;
    expect(await tick(ledger, [task('miner:a', away, 'on')])).toEqual([]);
    expect(notes).toContain('p on');
  });
});

describe('a load that is given another device', () => {
  it('raises no alert when the device it had goes off by itself', async () => {
    const { notes, fresh, task, tick } = bench();
    const ledger = fresh();
    const had = plug('p', notes);
    const seen = (state: 'on' | 'off', of: LedgerTask): LedgerTask => ({
      ...of,
      seen: { ...of.seen, state },
    });
    await tick(ledger, [task('miner:a', had, 'on')]);
    await tick(ledger, [seen('on', task('miner:a', had, 'on'))]);
    const [left] = ledger.leftOn(new Set(['q']));
    expect(left).toMatchObject({ deviceKey: 'p' });
    const given = seen('off', task('miner:a', plug('q', notes), null));
    const alerts = await tick(ledger, [given, seen('off', task(left?.loadId ?? '', had, 'off'))]);
    expect(ledger.newest('miner:a')).toMatchObject({ state: 'reverted', deviceKey: 'p' });
    expect(alerts).toEqual([]);
    expect(await tick(ledger, [given])).toEqual([]);
  });
});

describe('after a restart', () => {
  const crashAfter = async (state: Command['state'], wanted: 'on' | 'off') => {
    const { notes, stored, fresh, task, tick, pass } = bench();
    const device = plug('p', notes);
    await tick(fresh(), [task('miner:a', device, wanted)]);
    const left = stored.find((command) => command.state === state);
    if (!left) throw new Error(`never ${state}`);
    notes.length = 0;
    const ledger = fresh();
    pass(1000);
    const neverSent = ledger.begin({ newest: [left], writes: [], lastTickAt: null });
    const asked = async (seen: 'on' | 'off', ticks: number) => {
      for (let i = 0; i < ticks; i += 1) {
        const next = task('miner:a', device, wanted);
        await tick(ledger, [{ ...next, seen: { ...next.seen, state: seen } }]);
      }
      return notes.filter((note) => note.startsWith('p '));
    };
    return { ledger, neverSent, asked };
  };

  it('takes back an on that was never sent', async () => {
    const { ledger, neverSent } = await crashAfter('intended', 'on');
    expect(neverSent).toEqual(['miner:a']);
    expect(ledger.newest('miner:a')).toMatchObject({ state: 'superseded', attempts: 0 });
  });

  it('judges an on that was sent by what it sees: there, it is done; not there, it is sent again later', async () => {
    const there = await crashAfter('sent', 'on');
    expect(there.neverSent).toEqual([]);
    expect(await there.asked('on', 3)).toEqual([]);
    expect(there.ledger.newest('miner:a')?.state).toBe('observed');

    const gone = await crashAfter('sent', 'on');
    expect(await gone.asked('off', 10)).toEqual([]);
    expect(await gone.asked('off', 4)).toEqual(['p on']);
    expect(gone.ledger.newest('miner:a')).toMatchObject({ id: 'c1', attempts: 2 });
  });

  it('sends an off, sent before or not, until it is seen', async () => {
    for (const state of ['intended', 'sent'] as const) {
      const { ledger, asked } = await crashAfter(state, 'off');
      expect(await asked('on', 1)).toEqual(['p off']);
      expect(ledger.newest('miner:a')?.id).toBe('c1');
      await asked('off', 1);
      expect(ledger.newest('miner:a')?.state).toBe('observed');
    }
  });
});
