import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetAlert, commandAlert } from './alerts';
import { SEEN_WITHIN_MS } from './follow';
import { type LoadToCommand, planLoad } from './plan';
import { isOpen, isUncertain, markAcknowledged, markFailed, markSent, retryDelayMs } from './steps';
import type { Command, Desired } from './types';

const START = 1_780_000_000_000;
const TICK_MS = 10_000;

/** One load with a clock; `send` says what the device answers and `seen` what it then shows. */
function bench(first: Partial<LoadToCommand> = {}) {
  let now = START;
  let sentMs = 0;
  let stepMs = 0;
  let ids = 0;
  let last: Command | null = null;
  const ended: Command[] = [];
  const load: { -readonly [K in keyof LoadToCommand]: LoadToCommand[K] } = {
    loadId: 'miner:a',
    loadName: 'S19',
    deviceKey: 'plug',
    simulated: false,
    isFan: false,
    wanted: { kind: 'silent' },
    permission: 'all',
    heldBecause: 'The site is advisory only.',
    seen: { state: 'off', fanSpeed: null, sampleAt: START },
    busy: false,
    budgetSpent: false,
    autoOffSeconds: null,
    sinceTimerSetMs: 0,
    ...first,
  };
  const take = (command: Command) => {
    if (last?.id !== command.id || last.state !== command.state) stepMs = now;
    if (last && last.id === command.id && last.sentAt !== command.sentAt) sentMs = now;
    if (!isOpen(command)) ended.push(command);
    last = command;
  };
  return {
    load,
    ended,
    get last() {
      return last;
    },
    want(state: 'on' | 'off', fanSpeed?: number) {
      load.wanted = {
        kind: 'set',
        desired: fanSpeed === undefined ? { state } : { state, fanSpeed },
        cause: 'START',
      };
    },
    see(state: LoadToCommand['seen']['state'], fanSpeed: number | null = null) {
      load.seen = { state, fanSpeed, sampleAt: now };
    },
    /** One tick; what is due is answered by `answer`. */
    tick(answer: 'yes' | 'no' | 'silence' | 'crash' = 'yes', ms = TICK_MS) {
      now += ms;
      if (load.seen.state !== 'unknown') load.seen = { ...load.seen, sampleAt: now };
      const elapsed = {
        sinceSentMs: now - sentMs,
        sinceStepMs: now - stepMs,
        retryDue: now >= (last?.retryAt ?? 0),
      };
      const plan = planLoad(load, last, { now, elapsed, random: 0.5, newId: () => `c${++ids}` });
      for (const command of plan.changed) take(command);
      if (!plan.due) return null;
      const sent = markSent(plan.due, now);
      take(sent);
      if (answer === 'yes') take(markAcknowledged(sent, now));
      if (answer === 'no') {
        take(markFailed(sent, now, { state: 'refused', error: 'Locked', retry: false, random: 0.5 }));
      }
      if (answer === 'silence') {
        take(markFailed(sent, now, { state: 'unreachable', error: 'No answer', retry: true, random: 0.5 }));
      }
      return sent.desired;
    },
    alert: () => last && commandAlert(last, now),
  };
}

describe('a command', () => {
  it('goes from intended over acknowledged and ramping to observed, and is sent once', () => {
    const plug = bench();
    plug.want('on');
    expect(plug.tick()).toEqual({ state: 'on' });
    expect(plug.last).toMatchObject({ state: 'acknowledged', attempts: 1, endedAt: null });
    plug.see('ramping');
    expect(plug.tick()).toBeNull();
    expect(plug.last).toMatchObject({ state: 'ramping', endedAt: null });
    plug.see('on');
    expect(plug.tick()).toBeNull();
    expect(plug.last).toMatchObject({ state: 'observed', endedAt: START + 3 * TICK_MS });
    expect(plug.last?.observedAt).toBe(START + 2 * TICK_MS);
    expect(plug.tick()).toBeNull();
  });

  it('ends as ramping where the draw is not reached in ten minutes', () => {
    const plug = bench();
    plug.want('on');
    plug.tick();
    plug.see('ramping');
    for (let i = 0; i < 62; i += 1) plug.tick();
    expect(plug.last).toMatchObject({ state: 'ramping', error: expect.stringContaining('not reached') });
    expect(isOpen(plug.last as Command)).toBe(false);
  });

  it('is tried again with growing pauses while the device does not answer, and ends so when nobody wants it', () => {
    const plug = bench();
    plug.want('off');
    plug.see('on');
    const sent: number[] = [];
    for (let i = 0; i < 120; i += 1) if (plug.tick('silence')) sent.push(i * TICK_MS);
    const pauses = sent.slice(1).map((at, i) => at - (sent[i] ?? 0));
    expect(pauses.slice(0, 5)).toEqual([10_000, 10_000, 20_000, 40_000, 60_000]);
    expect(Math.max(...pauses)).toBe(60_000);
    expect(plug.alert()).toMatchObject({ key: 'command:miner:a', severity: 'critical' });
    plug.load.wanted = { kind: 'leave' };
    plug.tick();
    expect(plug.last).toMatchObject({ state: 'unreachable', error: 'No answer' });
    expect(plug.alert()).toBeNull();
  });

  it('is not hurried at a device that refuses', () => {
    const plug = bench();
    plug.want('on');
    expect(plug.tick('no')).not.toBeNull();
    for (let i = 0; i < 29; i += 1) expect(plug.tick('no')).toBeNull();
    expect(plug.last).toMatchObject({ state: 'refused', error: 'Locked' });
    expect(plug.tick('no')).not.toBeNull();
  });

  it('is sent again where the device says yes and does nothing: an off soon, an on after two minutes', () => {
    for (const [state, shown, waitMs] of [
      ['off', 'on', SEEN_WITHIN_MS.off],
      ['on', 'off', SEEN_WITHIN_MS.on],
    ] as const) {
      const liar = bench();
      liar.want(state);
      liar.see(shown);
      liar.tick();
      let waited = 0;
      while (liar.tick() === null) waited += TICK_MS;
      expect(waited).toBeGreaterThanOrEqual(waitMs);
      expect(waited).toBeLessThanOrEqual(waitMs + 2 * TICK_MS);
      expect(liar.last?.attempts).toBe(2);
      expect(liar.alert()?.text).toContain('acknowledged and did not go');
    }
  });

  it('of which nobody knows whether it was heard is followed by an off although the load shows off', () => {
    for (const answer of ['silence', 'crash', 'yes'] as const) {
      const slow = bench();
      slow.want('on');
      slow.tick(answer);
      slow.want('off');
      expect(slow.tick()).toEqual({ state: 'off' });
      expect(slow.ended.at(-1)).toMatchObject({ desired: { state: 'on' } });
      slow.tick();
      expect(slow.last).toMatchObject({ state: 'observed', desired: { state: 'off' } });
    }
    const refused = bench();
    refused.want('on');
    refused.tick('no');
    refused.want('off');
    expect(refused.tick()).toBeNull();
  });

  it('that was undone by somebody else says so, and is repeated without haste', () => {
    const fan = bench({ isFan: true, seen: { state: 'on', fanSpeed: 2, sampleAt: START } });
    fan.want('on', 5);
    fan.tick();
    fan.see('on', 5);
    fan.tick();
    expect(fan.last?.state).toBe('observed');
    fan.see('on', 9);
    expect(fan.tick()).toBeNull();
    expect(fan.last).toMatchObject({ state: 'reverted', error: 'Somebody else set it to speed 9.' });
    expect(fan.alert()).toMatchObject({ key: 'reverted:miner:a' });
    for (let i = 0; i < 5; i += 1) expect(fan.tick()).toBeNull();
    expect(fan.tick()).toEqual({ state: 'on', fanSpeed: 5 });

    const plug = bench({ seen: { state: 'on', fanSpeed: null, sampleAt: START } });
    plug.want('off');
    plug.tick();
    plug.see('off');
    plug.tick();
    plug.see('on');
    // An off does not wait.
    expect(plug.tick()).toEqual({ state: 'off' });
    expect(plug.ended.at(-1)).toMatchObject({ state: 'reverted', error: 'Somebody else switched it on.' });
  });
});

describe('an on with a timer of its own', () => {
  const goesOff = (change: Partial<LoadToCommand>, before: 'on' | 'ramping' = 'on') => {
    const plug = bench({ autoOffSeconds: 30 });
    plug.want('on');
    plug.tick();
    plug.see(before);
    plug.tick();
    Object.assign(plug.load, change);
    plug.see('off');
    plug.tick();
    expect(plug.last?.state).toBe('reverted');
    return { why: plug.last?.error, alert: plug.alert() };
  };

  it.each(['on', 'ramping'] as const)('goes off without a warning once nobody renews it (%s)', (before) => {
    const lapsed = {
      why: 'It went off while its timer was not renewed: the timer ran out, or somebody switched it off.',
      alert: null,
    };
    expect(goesOff({ permission: 'none' }, before)).toEqual(lapsed);
    expect(goesOff({ sinceTimerSetMs: 30_000 }, before)).toEqual(lapsed);
  });

  it.each<[string, Partial<LoadToCommand>]>([
    ['under automatic control', { sinceTimerSetMs: 29_999 }],
    ['while starts are held back', { permission: 'hold' }],
    ['without a timer', { permission: 'none', autoOffSeconds: null }],
  ])('that goes off %s was switched by somebody', (_, change) => {
    const { why, alert } = goesOff(change);
    expect(why).toMatch(/by itself, or somebody else/);
    expect(alert?.key).toBe('reverted:miner:a');
  });
});

describe('what may be sent', () => {
  it('holds ons back and lets offs and fans through', () => {
    const held = bench({ permission: 'hold' });
    held.want('on');
    expect(held.tick()).toBeNull();
    expect(held.last).toBeNull();
    const fan = bench({ permission: 'hold', isFan: true });
    fan.want('on', 3);
    expect(fan.tick()).toEqual({ state: 'on', fanSpeed: 3 });
    const off = bench({ permission: 'hold', seen: { state: 'unknown', fanSpeed: null, sampleAt: null } });
    off.want('off');
    expect(off.tick()).toEqual({ state: 'off' });
  });

  it('sends nothing where nothing is permitted, and withdraws what was not sent', () => {
    const plug = bench();
    plug.want('on');
    plug.load.busy = true;
    expect(plug.tick()).toBeNull();
    expect(plug.last?.state).toBe('intended');
    plug.load.busy = false;
    plug.load.permission = 'none';
    expect(plug.tick()).toBeNull();
    expect(plug.last).toMatchObject({ state: 'superseded', error: 'The site is advisory only.' });
    plug.see('on');
    plug.want('off');
    expect(plug.tick()).toBeNull();
  });

  it('spares a device that was written to too often, but never an off or a fan that stands', () => {
    const spent = { budgetSpent: true };
    const plug = bench(spent);
    plug.want('on');
    expect(plug.tick()).toBeNull();
    expect(budgetAlert('plug', 300).text).toContain('Switching off for protection is never refused');
    plug.load.budgetSpent = false;
    expect(plug.tick()).toEqual({ state: 'on' });
    const off = bench({ ...spent, seen: { state: 'on', fanSpeed: null, sampleAt: START } });
    off.want('off');
    expect(off.tick()).toEqual({ state: 'off' });
    const fan = bench({ ...spent, isFan: true, seen: { state: 'off', fanSpeed: 0, sampleAt: START } });
    fan.want('on', 3);
    expect(fan.tick()).toEqual({ state: 'on', fanSpeed: 3 });
    fan.see('on', 3);
    fan.tick();
    fan.want('on', 4);
    expect(fan.tick()).toBeNull();
  });
});

it('backs off from five seconds to five minutes, for an off to one, with jitter', () => {
  const of =
    (desired: 'on' | 'off', state: Command['state'] = 'unreachable') =>
    (attempts: number, random = 0.5) =>
      retryDelayMs({ attempts, desired: { state: desired }, state }, random) / 1000;
  const at = of('on');
  expect([1, 2, 3, 4, 7, 40].map((attempts) => at(attempts))).toEqual([5, 10, 20, 40, 300, 300]);
  expect([1, 2, 3, 4, 7, 40].map((attempts) => of('off')(attempts))).toEqual([5, 10, 20, 40, 60, 60]);
  // Taken and not followed: every repeat wears the device.
  expect([1, 4, 40].map((attempts) => of('off', 'not_followed')(attempts))).toEqual([5, 40, 300]);
  expect([at(2, 0), at(2, 1)]).toEqual([8, 12]);
  expect(at(20, 1)).toBe(300);
});

it.each([
  ['on', 'off', 300],
  ['off', 'on', 60],
] as const)(
  'is not hurried at a device that refuses: an %s of what is %s waits %i s',
  (state, seen, seconds) => {
    const plug = bench();
    plug.see(seen);
    plug.want(state);
    plug.tick('no');
    expect(plug.last).toMatchObject({ state: 'refused', retryAt: START + TICK_MS + seconds * 1000 });
  },
);

describe('whatever device, decisions and restarts do', () => {
  const step = fc.record({
    want: fc.constantFrom<('on' | 'off' | 'silent' | 'leave')[]>('on', 'off', 'silent', 'leave'),
    answer: fc.constantFrom<('yes' | 'no' | 'silence' | 'crash')[]>('yes', 'no', 'silence', 'crash'),
    obeys: fc.boolean(),
    late: fc.boolean(),
    meddles: fc.integer({ min: 0, max: 9 }),
    permission: fc.constantFrom<LoadToCommand['permission'][]>('all', 'all', 'all', 'hold', 'off', 'none'),
  });

  it('one command at a time, no on unasked for or to what is on, no off forgotten', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const plug = bench();
        let on = false;
        let pending: Desired | null = null;
        for (const { want, answer, obeys, late, meddles, permission } of steps) {
          if (pending) on = pending.state === 'on';
          pending = null;
          if (meddles === 0) on = !on;
          plug.see(on ? 'on' : 'off');
          plug.load.permission = permission;
          if (want === 'on' || want === 'off') plug.want(want);
          else plug.load.wanted = { kind: want };
          const shown = on;
          const before = plug.last;
          const sent = plug.tick(answer);
          if (sent?.state === 'on') {
            expect([want, permission, shown]).toEqual(['on', 'all', false]);
          }
          if (sent?.state === 'off') expect(permission).not.toBe('none');
          if (sent && answer !== 'no' && obeys) {
            if (late) pending = sent;
            else on = sent.state === 'on';
          }
          if (want === 'off' && permission !== 'none' && shown) {
            // It is on its way, waits for its next attempt, or its effect is awaited.
            expect(plug.last).toMatchObject({ desired: { state: 'off' }, endedAt: null });
          }
          const after = plug.last;
          if (before && after && before.id !== after.id) {
            expect(plug.ended.some(({ id }) => id === before.id)).toBe(true);
          }
          if (after && isOpen(after) && after.state === 'observed') expect.unreachable();
          if (after && isUncertain(after)) expect(after.attempts).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
