import { describe, expect, it } from 'vitest';
import type { SiteFacts } from '../types';
import { DEAD_MAN_MS, LiveSite, STEP_MS } from './live-site';
import { switchLoad } from './miner';
import { savedCore } from './saved-state';

const facts: SiteFacts = {
  timeZone: 'America/Los_Angeles',
  latitudeDeg: 37.3382,
  longitudeDeg: -121.8863,
  pvArrayW: 12_960,
  batteryCapacityAh: 900,
  batteryNominalV: 51.2,
};
const start = Date.parse('2026-05-04T15:00:00Z');
const HOUR_MS = 3_600_000;
const miner = { ratedW: 3878, ramps: true, zone: 'Heat Room' };

function house(atMs = start) {
  const site = new LiveSite(facts, atMs);
  site.configure({});
  site.describeZone('Heat Room', { floorM2: 20, holdsBattery: true });
  return { site, live: site.addLoad('miner', miner) };
}

describe('time', () => {
  it('gives the same house however often it is read', () => {
    const often = house();
    const seldom = house();
    for (const { live } of [often, seldom]) {
      live.contactMs = start + 24 * HOUR_MS;
      switchLoad(live.load.state, true);
    }
    for (let at = start; at <= start + 6 * HOUR_MS; at += 1700) often.site.advanceTo(at);
    often.site.advanceTo(start + 6 * HOUR_MS);
    seldom.site.advanceTo(start + 6 * HOUR_MS);
    expect(seldom.site.saveCore()).toEqual(often.site.saveCore());
  });

  it('continues after a restart as if there had been none', () => {
    const whole = house();
    whole.live.contactMs = start + 24 * HOUR_MS;
    switchLoad(whole.live.load.state, true);
    const cut = house();
    cut.live.contactMs = start + 24 * HOUR_MS;
    switchLoad(cut.live.load.state, true);
    cut.site.advanceTo(start + 2 * HOUR_MS + 3210);

    const stored = JSON.parse(
      JSON.stringify({
        core: cut.site.saveCore(),
        load: { contactMs: cut.live.contactMs, autoOffAtMs: null, load: cut.live.load.state },
        zone: { atMs: cut.site.atMs, zone: cut.site.zone('Heat Room').state },
      }),
    );
    const again = new LiveSite(facts, start + 3 * HOUR_MS);
    // The room opens before the bank, as devices may in any order.
    again.describeZone('Heat Room', { floorM2: 20, holdsBattery: true, saved: stored.zone });
    again.addLoad('miner', miner, stored.load);
    again.configure({ saved: savedCore(stored.core) });
    again.advanceTo(start + 5 * HOUR_MS);
    whole.site.advanceTo(start + 5 * HOUR_MS);
    expect(again.saveCore()).toEqual(whole.site.saveCore());
    expect(again.zone('Heat Room').state).toEqual(whole.site.zone('Heat Room').state);
  });

  it('has a step behind it at the first reading', () => {
    const { site } = house();
    site.advanceTo(start);
    expect(site.flow.loadW).toBeGreaterThan(100);
    expect(start - site.atMs).toBeLessThan(STEP_MS);
  });

  it('moves along with a clock that jumps back, and keeps its charge', () => {
    const { site } = house();
    site.advanceTo(start + 3 * HOUR_MS);
    const soc = site.battery.soc;
    site.advanceTo(start);
    expect(site.battery.soc).toBe(soc);
    expect(site.atMs).toBeLessThanOrEqual(start);
    site.advanceTo(start + 60_000);
    expect(site.atMs).toBeGreaterThan(start);
  });

  it('catches up two weeks of absence within a second or two, and no more than that', () => {
    const { site } = house();
    site.advanceTo(start);
    const began = performance.now();
    site.advanceTo(start + 400 * 24 * HOUR_MS);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(site.atMs).toBeGreaterThan(start + 400 * 24 * HOUR_MS - STEP_MS);
  });
});

it('switches off what nobody asks after, like a plug with an auto-off timer', () => {
  const { site, live } = house();
  site.advanceTo(start);
  switchLoad(live.load.state, true);
  live.contactMs = site.atMs;
  site.advanceTo(start + DEAD_MAN_MS - STEP_MS);
  expect(live.load.state.on).toBe(true);
  site.advanceTo(start + DEAD_MAN_MS + 2 * STEP_MS);
  expect(live.load.state.on).toBe(false);
});

it('takes no state that is not its own', () => {
  expect(savedCore(null)).toBeNull();
  expect(savedCore({ atMs: 1, site: { battery: {} } })).toBeNull();
});

it('stands where the settings say, with the charge it has', () => {
  const { site } = house(Date.parse('2026-05-04T20:00:00Z'));
  site.advanceTo(Date.parse('2026-05-04T20:10:00Z'));
  const soc = site.battery.soc;
  const sunnyW = site.flow.pvW;
  site.standAt({ ...facts, longitudeDeg: 58, pvArrayW: 1000 });
  site.advanceTo(Date.parse('2026-05-04T20:10:05Z'));
  expect(sunnyW).toBeGreaterThan(500);
  expect(site.flow.pvW).toBe(0);
  expect(site.battery.soc).toBeCloseTo(soc, 3);
});

it('does not go back to a stored charge when a device opens anew', () => {
  const { site } = house();
  site.advanceTo(start);
  const saved = site.saveCore();
  site.advanceTo(start + 6 * HOUR_MS);
  const soc = site.battery.soc;
  site.configure({ saved });
  expect(site.battery.soc).toBe(soc);
});

it('does not depend on the order in which its parts arrive', () => {
  const build = (keys: string[]) => {
    const site = new LiveSite(facts, start);
    site.configure({});
    for (const key of keys) {
      const live = site.addLoad(key, { ...miner, ratedW: 1000 / 3 ** key.length });
      live.contactMs = start + 24 * HOUR_MS;
      switchLoad(live.load.state, true);
    }
    site.advanceTo(start + HOUR_MS);
    return site.saveCore();
  };
  expect(build(['bb', 'a', 'ccc', 'dddd', 'eeeee'])).toEqual(build(['eeeee', 'ccc', 'bb', 'a', 'dddd']));
});
