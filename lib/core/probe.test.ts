import { describe, expect, it } from 'vitest';
import { decisionFor, type Loads, type Readings, S19, Site, seedMiner, seedZone } from './scenario.case';

/** Throttled PV and the probes that look for what it hides (control.md §3). */

const full: Readings = { v: 56, pv: 900, load: 900, stage: 'absorption', batteryW: 50, minute: 60 };
const empty: Readings = { ...full, v: 55.4, load: 4150, batteryW: -3250 };
const carried: Readings = { ...full, pv: 4150, load: 4150 };
const on: Loads = { [S19]: { state: 'on', powerW: { value: 3250, sampleAt: 0, ageMs: 0 } } };

/** The S19 without times of its own. */
const miner = seedMiner(1, {
  minimumOnMinutes: 0,
  minimumOffMinutes: 0,
  startHysteresisMinutes: 0,
  preferTimeStart: null,
  preferTimeEnd: null,
});

describe('a throttled array', () => {
  const isProbed = (changes: Partial<Readings>): boolean => {
    const site = new Site({ miners: [miner], zones: [seedZone(0)] });
    return decisionFor(site.hold(60, { ...full, ...changes }), S19).probe;
  };

  it.each<[what: string, Partial<Readings>, boolean]>([
    ['in absorption', {}, true],
    ['in float', { stage: 'float' }, true],
    ['held back by the charger', { stage: 'throttled' }, true],
    ['in bulk', { stage: 'bulk' }, false],
    ['stage unknown, at the float voltage', { stage: 'unknown', v: 55 }, true],
    ['stage unknown, below it', { stage: 'unknown', v: 54.99 }, false],
    ['the bank gives 100 W, as a meter dithers', { batteryW: -100 }, true],
    ['the bank gives more', { batteryW: -101 }, false],
    ['just above optimal_max', { v: 54.51 }, true],
    ['at optimal_max', { v: 54.5 }, false],
    ['without any PV', { pv: 0 }, false],
    ['charging not permitted', { batteryC: -1 }, false],
  ])('%s', (_what, changes, probed) => {
    expect(isProbed(changes)).toBe(probed);
  });

  it.each([
    [54.01, null],
    [54, 60],
  ])('carries a running load down to half a volt below optimal_max: %s V', (v, stopS) => {
    const site = new Site({ miners: [{ ...miner, stopVoltage: 50, emergencyStopVoltage: 48 }] });
    site.hold(60, full);
    site.hold(300, carried, on);
    // Nothing of its 3250 W is measured; a whole lack is forgiven for 66.7 s.
    expect(site.secondsUntil('STOP', S19, 900, { ...carried, v, pv: 900 }, on)).toBe(stopS);
  });
});

describe('the back-off of a probe', () => {
  /** A probe is under way. */
  function probing(): Site {
    const site = new Site({ miners: [miner] });
    site.hold(60, full);
    expect(decisionFor(site.tick(full), S19).probe).toBe(true);
    return site;
  }

  /** Minutes between its stop by the budget and its next start; 0: as soon as it is seen off. */
  function waitedMinutes(site: Site, readings = full): number {
    expect(site.secondsUntil('STOP', S19, 600, empty, on)).not.toBeNull();
    const seconds = site.secondsUntil('START', S19, 5 * 3600, readings) ?? Number.NaN;
    return seconds === 0 ? 0 : (seconds + 10) / 60;
  }

  it('is 30 min, doubling to 4 h', () => {
    const site = probing();
    expect([1, 2, 3, 4, 5].map(() => waitedMinutes(site))).toEqual([30, 60, 120, 240, 240]);
  });

  it('is forgotten with a new day', () => {
    const site = probing();
    expect([waitedMinutes(site), waitedMinutes(site)]).toEqual([30, 60]);
    const tomorrow: Readings = { ...full, date: '2026-06-16' };
    expect(waitedMinutes(site, tomorrow)).toBe(0);
    site.secondsUntil('STOP', S19, 600, { ...empty, date: '2026-06-16' }, on);
    expect(site.secondsUntil('START', S19, 5 * 3600, tomorrow)).toBe(30 * 60 - 10);
  });

  it.each([
    ['goes on after a run of less than 30 min', 1790, [120, 240]],
    ['begins anew after a run of 30 min, which waits for nothing itself', 1800, [0, 30]],
  ])('%s', (_what, runS, minutes) => {
    const site = probing();
    expect([waitedMinutes(site), waitedMinutes(site)]).toEqual([30, 60]);
    // Its last minute is in vain.
    site.hold(runS - 80, carried, on);
    expect([waitedMinutes(site), waitedMinutes(site)]).toEqual(minutes);
  });

  it('does not follow a stop by the owner', () => {
    const site = probing();
    site.hold(60, carried, on);
    const { now, config } = site;
    const off = { id: 'o', loadId: S19, state: 'off', startsAt: now, endsAt: now + 60_000 } as const;
    site.config = { ...config, overrides: [off] };
    site.tick(carried, on);
    site.hold(50, full);
    expect(site.secondsUntil('START', S19, 600, full)).toBe(0);
  });
});
