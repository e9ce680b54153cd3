import { describe, expect, it } from 'vitest';
import { restoreMemory } from './memory';
import {
  decisionFor,
  HEAT_ROOM_HEATER,
  type Loads,
  metered,
  NOON,
  PRIMARY,
  type Readings,
  S19,
  Site,
  seedMiner,
  seedZone,
  siteConfig,
  T0,
  UNDEMANDING,
} from './scenario.case';
import type { Decision } from './types';

/** A start that was sent and has not been observed yet: how long it stands, and what ends it. */

const decided = (site: Site, id: string): Decision => {
  if (site.result === null) throw new Error('not ticked yet');
  return decisionFor(site.result, id);
};
const verdictOf = (site: Site, id: string): string => {
  const { verdict, binding } = decided(site, id);
  return `${verdict} ${binding}`;
};

/** Primary's start was sent at the last tick. */
function starting(site = new Site(), readings: Readings = NOON): Site {
  site.hold(300, readings);
  expect(verdictOf(site, PRIMARY)).toBe('START null');
  return site;
}

describe('a start that is not observed', () => {
  it('ends once what let it start has been missing for 30 s', () => {
    const site = starting();
    // 49 V lies below the start voltage and far above every stop.
    site.hold(20, { ...NOON, v: 49 });
    site.tick(NOON);
    expect(verdictOf(site, PRIMARY)).toBe('START null');
    expect(site.secondsUntil('STOP', PRIMARY, 300, { ...NOON, v: 49 })).toBe(40);
    expect(decided(site, PRIMARY)).toMatchObject({ binding: 'start-voltage', desired: 'off' });
    site.tick({ ...NOON, v: 49 });
    expect(verdictOf(site, PRIMARY)).toBe('WAIT start-voltage');
  });

  it('is under way at a clock that was set back, and after a restart, as at any other', () => {
    const setBack = starting();
    setBack.now -= 3_600_000;
    const restarted = starting();
    restarted.memory = restoreMemory(JSON.parse(JSON.stringify(restarted.memory)), restarted.now);
    for (const site of [setBack, restarted]) {
      // What failed for a moment does not end it, so it is not sent anew in the next.
      site.tick({ ...NOON, v: 49 });
      expect(decided(site, PRIMARY)).toMatchObject({ verdict: 'START', desired: 'on' });
    }
  });

  it.each([
    ['zone-temperature', { heatRoomC: 40 }, 'off'],
    ['band', { v: 46 }, 'off'],
  ] as const)('ends by %s without delay', (binding, changes, desired) => {
    const site = starting();
    site.tick({ ...NOON, ...changes });
    if (binding === 'band') site.tick({ ...NOON, ...changes });
    expect(decided(site, PRIMARY)).toMatchObject({ binding, desired });
  });

  it('ends with a device that does not answer, and with a voltage that nobody knows', () => {
    const silent: Loads = { [PRIMARY]: { state: 'off', reachable: false } };
    expect(starting().secondsUntil('STOP', PRIMARY, 300, NOON, silent)).toBe(40);
    const blind = starting();
    blind.tick({ ...NOON, v: null });
    expect(decided(blind, PRIMARY)).toMatchObject({ verdict: 'CANNOT_DECIDE', desired: null });
    expect(blind.secondsUntil('STOP', PRIMARY, 200, { ...NOON, v: null })).toBe(30);
  });

  it('stands while a throttled array hides the power it needs', () => {
    const full: Readings = { v: 56, pv: 900, load: 900, stage: 'absorption', batteryW: 50, a: 1 };
    const site = starting(new Site({ miners: [seedMiner(0, { operatingMode: 'opportunistic' })] }), full);
    site.hold(300, { ...full, v: 55.8 });
    expect(decided(site, PRIMARY)).toMatchObject({ verdict: 'START', desired: 'on', probe: true });
  });

  it('holds anew after it was ended', () => {
    const site = starting();
    site.secondsUntil('STOP', PRIMARY, 300, { ...NOON, v: 49 });
    expect(site.secondsUntil('START', PRIMARY, 600, NOON)).toBe(300);
  });

  it('is the same at a repeated tick', () => {
    const site = starting();
    for (let s = 0; s < 60; s += 10) {
      const first = site.tick({ ...NOON, v: 49 });
      site.now -= 10_000;
      const again = site.tick({ ...NOON, v: 49 });
      expect(again.decisions).toEqual(first.decisions);
      expect(again.memory).toEqual(first.memory);
    }
  });

  it('ends with the override that sent it', () => {
    const overrides = [
      { id: 'o', loadId: PRIMARY, state: 'on' as const, startsAt: T0, endsAt: T0 + 320_000 },
    ];
    const site = new Site({ overrides, miners: [seedMiner(0, { startVoltage: 50 })] });
    site.hold(310, NOON);
    expect(decided(site, PRIMARY)).toMatchObject({ verdict: 'OVERRIDDEN', desired: 'on' });
    // All gates but its own hold are met, and only the owner's word stood in for that.
    site.tick(NOON);
    expect(decided(site, PRIMARY)).toMatchObject({ verdict: 'STOP', binding: 'override', desired: 'off' });
    expect(site.secondsUntil('START', PRIMARY, 600, NOON)).toBe(300);
  });
});

describe('the kill switch', () => {
  it('ends a start that is not observed: what comes after it is held anew', () => {
    const site = starting();
    site.config = siteConfig({ controlMode: 'paused' });
    site.tick(NOON);
    // Nobody knows whether the on was heard.
    expect(decided(site, PRIMARY)).toMatchObject({ verdict: 'STOP', binding: 'mode', desired: 'off' });
    site.config = siteConfig();
    site.tick({ ...NOON, v: 49 });
    expect(decided(site, PRIMARY)).toMatchObject({ verdict: 'WAIT', binding: 'start-voltage' });
    expect(site.secondsUntil('START', PRIMARY, 600, NOON)).toBe(300);
  });
});

describe('a device that does not follow', () => {
  const miners = [
    seedMiner(0, { startHysteresisMinutes: 0 }),
    seedMiner(1, {
      ...UNDEMANDING,
      operatingMode: 'aggressive',
    }),
  ];
  const rich: Readings = { ...NOON, pv: 12_000 };

  it('lets the others start before it is tried again, later each time', () => {
    const site = new Site({ miners });
    expect(site.secondsUntil('START', PRIMARY, 600, rich)).toBe(300);
    expect(site.secondsUntil('START', S19, 3600, rich)).toBe(600 - 10);
    const on: Loads = { [S19]: metered(3250) };
    const running: Readings = { ...rich, load: 5100 };
    const again = site.secondsUntil('START', PRIMARY, 7200, running, on);
    expect(again).toBe(1800 - 10);
    site.hold(590, running, on);
    expect(verdictOf(site, PRIMARY)).toBe('WAIT reachable');
    expect(site.secondsUntil('START', PRIMARY, 7200, running, on)).toBe(3600 - 10);
  });

  it('is tried at once the next time after it has run', () => {
    const site = new Site({ miners: [miners[0] ?? seedMiner(0)] });
    site.hold(900, rich);
    expect(verdictOf(site, PRIMARY)).toBe('WAIT reachable');
    site.hold(30, { ...rich, load: 5728 }, { [PRIMARY]: 'on' });
    expect(site.secondsUntil('START', PRIMARY, 3600, rich)).toBe(300);
  });

  it('does not keep the second source from heating a frozen room', () => {
    const site = new Site({ zones: [seedZone(0)] });
    const frozen: Readings = { ...NOON, heatRoomC: -3 };
    const seconds = site.secondsUntil('START', HEAT_ROOM_HEATER, 7200, frozen);
    expect(seconds).not.toBeNull();
    expect(seconds).toBeLessThanOrEqual(900);
  });
});

describe('a start that was under way at a restart', () => {
  const on: Loads = { [PRIMARY]: 'on' };
  const restarted = (downtimeMs: number): Site => {
    const site = starting();
    site.now += downtimeMs;
    site.memory = restoreMemory(JSON.parse(JSON.stringify(site.memory)), site.now);
    return site;
  };

  it('is ours once it is observed, and not sent again until then', () => {
    const site = restarted(60_000);
    site.tick(NOON, { [PRIMARY]: 'unknown' });
    expect(decided(site, PRIMARY)).toMatchObject({ verdict: 'CANNOT_DECIDE', desired: null });
    site.hold(60, NOON);
    expect(decided(site, PRIMARY)).toMatchObject({ verdict: 'START', desired: null });
    site.tick({ ...NOON, load: 5728 }, on);
    expect(decided(site, PRIMARY)).toMatchObject({ verdict: 'KEEP_RUNNING', desired: 'on' });
  });

  it('gives way like any other of its own once its minimum on-time has passed', () => {
    const site = restarted(60_000);
    site.hold(900, { ...NOON, load: 5728 }, on);
    expect(site.result?.budget.reservedW).toBe(0);
  });

  it('ends when the gates have not been met since', () => {
    const site = restarted(60_000);
    expect(site.secondsUntil('STOP', PRIMARY, 300, { ...NOON, v: 49 })).toBe(40);
  });

  it('has failed after ten minutes, and holds anew', () => {
    const site = restarted(60_000);
    site.hold(600, NOON);
    expect(decided(site, PRIMARY)).toMatchObject({ verdict: 'WAIT', binding: 'hold' });
  });
});
